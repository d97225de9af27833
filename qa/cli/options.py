"""What the commands share: exit codes and options."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from index.errors import SettingsError
from index.filters import Filters, stated_filters
from qa.cli.completion import completes


class Exit(IntEnum):
    """What the process says to the shell."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    ERROR = 3
    SET_ASIDE = 4
    UNREAD = 5


IndexOption = Annotated[
    Path | None, typer.Option("--index", help="The index folder; default: QA_INDEX, else your data folder.")
]
EncoderOption = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        envvar="QA_ENCODER",
        help="A model's name (qa encoder list), or a sentence-transformers folder; must be the index's own.",
    ),
]
PostOption = Annotated[
    list[str] | None,
    typer.Option("--post", help="Only posts of this id; may be repeated.", autocompletion=completes("id")),
]
AuthorOption = Annotated[
    list[str] | None,
    typer.Option("--author", help="Only posts of this author.", autocompletion=completes("author")),
]
PublisherOption = Annotated[
    list[str] | None,
    typer.Option("--publisher", help="Only posts of this publisher.", autocompletion=completes("publisher")),
]
SinceOption = Annotated[str | None, typer.Option("--since", help="Only posts published then or later: 2021-05-04.")]
UntilOption = Annotated[str | None, typer.Option("--until", help="Only posts published then or earlier.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def chosen(
    post: list[str] | None,
    author: list[str] | None,
    publisher: list[str] | None,
    since: str | None,
    until: str | None,
) -> Filters:
    """What the filter options say.

    Raises:
        QuestionError: A date is none.
    """
    return stated_filters(posts=post, authors=author, publishers=publisher, since=since, until=until)


@contextmanager
def writing(path: Path | None) -> Iterator[None]:
    """Say in one sentence that a file cannot be written.

    Raises:
        SettingsError: It cannot.
    """
    try:
        yield
    except OSError as error:
        raise SettingsError(
            "the file cannot be written", where=path, seen=error.strerror, remedy="Name a file in a folder that exists."
        ) from error
