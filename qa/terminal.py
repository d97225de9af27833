"""A conversation in the terminal: questions typed, answers with their sources below, the subject kept."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.text import Text

from index.errors import PostqaError
from index.records import Post
from qa.assistant import Assistant
from qa.followup import MOST_TURNS
from qa.records import Answer
from qa.render import source_line
from qa.texts import texts_in

_HINT = "Ask the posts. An empty line or Ctrl+D ends it.\n"


def chat_here(assistant: Assistant, console: Console | None = None) -> None:
    """Ask and answer until an empty line."""
    console = console or Console(highlight=False)
    console.print(_HINT, style="dim")
    turns: list[Answer] = []
    while question := _typed(console):
        try:
            answer = assistant.ask(question, history=turns[-MOST_TURNS:])
        except PostqaError as error:
            console.print(Text(f"{error}\n", style="red"))
            continue
        turns.append(answer)
        console.print(shown(answer))


def _typed(console: Console) -> str:
    try:
        return console.input("[bold]> [/]").strip()
    except (EOFError, KeyboardInterrupt):
        console.print()
        return ""


def shown(answer: Answer) -> Padding:
    """An answer with its sources, coloured, with links where the terminal has them; a post's words are only words."""
    say = texts_in(answer.language)
    told = Text()
    if answer.answered:
        for citation in answer.citations:
            told.append(citation.quote).append(f" {citation.marker}\n", style="cyan")
        for citation in answer.citations:
            told.append(f"\n{citation.marker} ", style="cyan").append_text(_source(citation.post))
    else:
        told.append(answer.text, style="yellow")
        for post in answer.nearest:
            told.append("\n    ").append_text(_source(post))
    for warning in answer.warnings:
        told.append(f"\n{say.note}: {warning}", style="yellow")
    told.append(f"\n{say.confidence} {answer.confidence:.0%}", style="dim")
    return Padding(told, (0, 0, 1, 2), expand=False)


def _source(post: Post) -> Text:
    return Text(source_line(post), style=Style(dim=True, link=post.url))
