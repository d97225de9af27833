"""What the commands share: exit codes and options."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import Annotated

import typer

from index.filters import Filters, stated_filters
from qa.completing import completes


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
