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
from qa.answer import Answer, Level
from qa.assistant import Assistant
from qa.links import sentence_address, source_line
from qa.messages import Messages, messages_in
from qa.question.followup import MOST_TURNS
from qa.records import Segment, SegmentKind

_MARGIN = (0, 0, 1, 2)
_HINT = "Ask the posts. An empty line or Ctrl+D ends it.\n"


def chat_here(assistant: Assistant, console: Console | None = None) -> None:
    """Ask and answer until an empty line."""
    console = console or Console(highlight=False)
    console.print(_HINT, style="dim")
    turns: list[Answer] = []
    while question := _read_question(console):
        try:
            answer = _answer(assistant, question, turns[-MOST_TURNS:], console)
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


def _read_question(console: Console) -> str:
    try:
        return console.input("[bold]> [/]").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""


def _answer(assistant: Assistant, question: str, turns: list[Answer], console: Console) -> Answer:
    """The answer; while a language model writes it, its words are shown as they come."""
    if assistant.writer is None or not console.is_terminal:
        return assistant.ask(question, history=turns)
    words = Text(style="dim")
    with Live(Padding(words, _MARGIN), console=console, refresh_per_second=10, transient=True):
        for part in assistant.stream(question, history=turns):
            if isinstance(part, Answer):
                return part
            words.append(part)
    raise AssertionError("a stream ends with an answer")


def shown(answer: Answer) -> Padding:
    """An answer with its sources, coloured, with links where the terminal has them; nothing in a post is markup."""
    say = messages_in(answer.language)
    text = Text()
    text.append(f"{say.understood} {answer.other_words}\n" * bool(answer.other_words), style="dim")
    if answer.answered:
        if answer.level is Level.NEAREST:
            text.append(f"{answer.lead}\n\n", style="yellow")
        if answer.is_quoted:
            _append_quotes(text, answer)
        else:
            for segment in answer.segments:
                _append(text, segment, say)
        text.append("\n")
        for citation in answer.citations:
            source = _source(citation.post, sentence_address(citation.post, citation.shown))
            text.append(f"\n{citation.marker} ", style="cyan").append_text(source)
            if not answer.is_quoted:
                text.append(f"\n    “{' '.join(citation.shown.split())}”", style="italic")
    else:
        text.append(answer.text, style="" if answer.is_reply else "yellow")
        for post in answer.suggested_posts:
            text.append("\n    ").append_text(_source(post, web_address(post.url)))
    for warning in answer.warnings:
        text.append(f"\n{say.note}: {warning}", style="yellow")
    if answer.written_by is not None:
        text.append(f"\n{say.written_by.format(writer=answer.written_by)}", style="dim")
    text.append(f"\n{answer.certainty}" * bool(answer.certainty), style="dim")
    return Padding(text, _MARGIN, expand=False)


def _append_quotes(text: Text, answer: Answer) -> None:
    """Each quote with its marker; of an answer, the sentence that answers is bold and what stands around it dim."""
    for number, citation in enumerate(answer.citations):
        before, after = citation.shown_around
        text.append("\n\n" if number else "")
        text.append(before, style="dim").append(citation.shown_focus, style="bold" if answer else "italic")
        text.append(f"{after} ", style="dim").append(citation.marker, style="cyan")


def _append(text: Text, segment: Segment, say: Messages) -> None:
    if segment.kind is SegmentKind.UNSUPPORTED:
        text.append(segment.text, style="yellow underline").append(f" [{say.unsupported}]", style="yellow")
    else:
        text.append(segment.text, style="cyan" if segment.kind is SegmentKind.MARKER else "")


def _source(post: Post, address: str | None) -> Text:
    return Text(source_line(post), style=Style(dim=True, link=address))
