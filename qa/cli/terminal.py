"""A conversation in the terminal: questions typed, answers with their sources below, the subject kept."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from index.errors import PostqaError
from index.records import Post
from index.sources.links import web_address
from qa.answer import Answer
from qa.assistant import Assistant
from qa.links import sentence_address, source_line
from qa.messages import Texts, texts_in
from qa.question.followup import MOST_TURNS
from qa.records import Citation, Segment, SegmentKind

_MARGIN = (0, 0, 1, 2)
_HINT = "Ask the posts. An empty line or Ctrl+D ends it.\n"


def chat_here(assistant: Assistant, console: Console | None = None) -> None:
    """Ask and answer until an empty line."""
    console = console or Console(highlight=False)
    console.print(_HINT, style="dim")
    turns: list[Answer] = []
    while question := _typed(console):
        try:
            answer = _answered(assistant, question, turns[-MOST_TURNS:], console)
        except PostqaError as error:
            console.print(Text(f"{error}\n", style="red"))
            continue
        turns.append(answer)
        console.print(shown(answer))


def print_answer(answer: Answer) -> None:
    """Print an answer: coloured and with links in a terminal, as plain text into a pipe or a file."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(shown(answer))
    else:
        sys.stdout.write(f"{answer}\n")


def _typed(console: Console) -> str:
    try:
        return console.input("[bold]> [/]").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""


def _answered(assistant: Assistant, question: str, turns: list[Answer], console: Console) -> Answer:
    """The answer; where somebody writes it, the words are shown as they come, until it takes their place."""
    if assistant.writer is None or not console.is_terminal:
        return assistant.ask(question, history=turns)
    words = Text(style="dim")
    with Live(Padding(words, _MARGIN), console=console, refresh_per_second=10, transient=True):
        for told in assistant.stream(question, history=turns):
            if isinstance(told, Answer):
                return told
            words.append(told)
    raise AssertionError("a stream ends with an answer")


def shown(answer: Answer) -> Padding:
    """An answer with its sources, coloured, with links where the terminal has them; a post's words are only words."""
    say = texts_in(answer.language)
    told = Text()
    if answer.answered:
        for segment in answer.segments:
            _append(told, segment, say)
        told.append("\n")
        for citation in answer.citations:
            told.append(f"\n{citation.marker} ", style="cyan").append_text(_cited(citation))
            if answer.written_by is not None:
                told.append(f"\n    “{' '.join(citation.quote.split())}”", style="italic")
    else:
        told.append(answer.text, style="yellow")
        for post in answer.nearest:
            told.append("\n    ").append_text(_source(post, web_address(post.url)))
    for warning in answer.warnings:
        told.append(f"\n{say.note}: {warning}", style="yellow")
    if answer.written_by is not None:
        told.append(f"\n{say.wrote.format(writer=answer.written_by)}", style="dim")
    told.append(f"\n{say.confidence} {answer.confidence:.0%}", style="dim")
    return Padding(told, _MARGIN, expand=False)


def _append(told: Text, segment: Segment, say: Texts) -> None:
    if segment.kind is SegmentKind.UNSUPPORTED:
        told.append(segment.text, style="yellow underline").append(f" [{say.unsupported}]", style="yellow")
    else:
        told.append(segment.text, style="cyan" if segment.kind is SegmentKind.MARKER else "")


def _cited(citation: Citation) -> Text:
    return _source(citation.post, sentence_address(citation.post, citation.quote))


def _source(post: Post, address: str | None) -> Text:
    return Text(source_line(post), style=Style(dim=True, link=address))
