"""How a parser's failure becomes a document set aside, and never the end of a build."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import SourceError
from index.records import SetAside
from index.sources.decoding import path_text

# What parsers raise on input their authors did not foresee. MemoryError, OSError, ImportError and
# KeyboardInterrupt are not among them: those say something about the machine, not about the document.
_UNFORESEEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
)


@contextmanager
def parse_errors(where: object, *own: type[Exception], what: str, remedy: str) -> Iterator[None]:
    """Turn what a third-party parser raises inside the block into one kind of error.

    Args:
        where: The document, and the place in it where there is one.
        own: The parser's own base errors.
        what: What is wrong with the document, in one clause.
        remedy: What its owner can do about it.

    Raises:
        SourceError: The parser failed; the cause is chained.
    """
    caught: tuple[type[Exception], ...] = (*_UNFORESEEN, *own)
    try:
        yield
    except (SourceError, MemoryError):
        raise
    except caught as error:
        raise SourceError(what, where=where, seen=f"{type(error).__name__}: {error}", remedy=remedy) from error


def set_aside(
    origin: Path | str, what: str, *, seen: object = None, remedy: str = "", kind: type[SetAside] = SetAside
) -> SetAside:
    """A SetAside whose reason is worded as every error is: what, the value seen, the remedy."""
    return kind(origin=path_text(origin), reason=str(SourceError(what, seen=seen, remedy=remedy)))
