"""What commands print, write and ask: JSON, lines, files, a progress bar, a verdict."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from index.errors import SettingsError

if TYPE_CHECKING:
    from qa.evaluation.gold import GoldQuestion


def print_json(value: Any) -> None:
    """Print a value for a program to read."""
    print(json.dumps(value, indent=1, ensure_ascii=False))


def print_notes(notes: Sequence[str]) -> None:
    """Print what a person should know beside what was asked for; standard output stays as it is."""
    for note in notes:
        print(f"note: {note}", file=sys.stderr)


def print_line(text: str, indent: int = 0) -> None:
    """Print a text of other people in one line."""
    print(" " * indent + one_line(text))


def one_line(text: str) -> str:
    """A text of other people without control characters, which could steer the terminal."""
    from index.sources.decoding import clean  # noqa: PLC0415

    return " ".join(clean(text).split())


def confirm_question(question: GoldQuestion) -> str:
    """Show a gold question and return the reply, as `qa.evaluation.suggest.review` takes it."""
    from qa.evaluation.near_misses import NEAR_MISS  # noqa: PLC0415

    print()
    print_line(question.question)
    if question.answers:
        print_line(f"answers: {', '.join(question.answers)}", indent=2)
    if question.quotes:
        print_line(f"quote: {question.quotes[0]} ({question.posts[0]})", indent=2)
    elif question.kind == NEAR_MISS:
        print_line("proposed as a near miss: accept it only if no post answers it", indent=2)
    else:
        print_line("the posts do not answer it", indent=2)
    return str(typer.prompt("[a]ccept, [r]eject, e NEW WORDING, [q]uit", default="a"))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Report in one sentence that a file cannot be written.

    Raises:
        SettingsError: It cannot.
    """
    try:
        yield
    except OSError as error:
        raise SettingsError(
            "the file cannot be written", where=path, seen=error.strerror, remedy="Name a file in a folder that exists."
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write a file.

    Raises:
        SettingsError: It cannot be written.
    """
    with writing(path):
        path.write_text(text, encoding="utf-8")


@contextmanager
def progress_bar(*, quiet: bool = False) -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar for each step on standard error, where that is a terminal; call it with step, done and total."""
    from rich.console import Console  # noqa: PLC0415  # only for commands that take long
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def update(step: str, done: int, total: int | None) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield update
