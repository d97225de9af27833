"""Options and exit codes that commands share, and the assistant and filters that options name."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.settings import default_index_path
from qa.cli.completion import completes

if TYPE_CHECKING:
    from qa.assistant import Assistant


class Exit(IntEnum):
    """Exit codes of the process."""

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
RerankerOption = Annotated[
    str | None,
    typer.Option("--reranker", envvar="QA_RERANKER", help="Folder of a cross-encoder that rereads the best passages."),
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


def open_assistant(
    index: Path | None, encoder: str | None, reranker: str | None = None, *, writes: bool = False
) -> Assistant:
    """An assistant over the index that options name.

    Args:
        writes: Let the configured language model write; where answers are measured it must not take part.
    """
    from qa.answering.llm.writer import configured_writer  # noqa: PLC0415  # numpy only where questions are asked
    from qa.assistant import Assistant  # noqa: PLC0415
    from qa.settings import AskSettings  # noqa: PLC0415

    writer = configured_writer() if writes else None
    settings = AskSettings(reranker=reranker)
    return Assistant(index or default_index_path(), encoder=encoder, settings=settings, writer=writer)
