"""An answer piece by piece, for whoever shows it as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from qa.records import Answer

T = TypeVar("T")

_PIECE = re.compile(r"\S+\s*|\s+")


def pieces(answer: Answer) -> Iterator[str | Answer]:
    """The words of an answer's text, one after the other with the space behind them, and at last the answer."""
    yield from _PIECE.findall(answer.text)
    yield answer


@contextmanager
def stopping(told: Iterator[T]) -> Iterator[Iterator[T]]:
    """An iterator to go through; what makes it is stopped on leaving, where it can be, and not left to chance."""
    try:
        yield told
    finally:
        stop = getattr(told, "close", None)  # a generator has it
        if stop is not None:
            stop()
