"""An answer word by word, and iterators that are closed in time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from qa.answer import Answer

T = TypeVar("T")

_WORD = re.compile(r"\S+\s*|\s+")


def words_of(answer: Answer) -> Iterator[str | Answer]:
    """The words of an answer's text, each with the space behind it, and at last the answer."""
    yield from _WORD.findall(answer.text)
    yield answer


@contextmanager
def closing_iterator(iterator: Iterator[T]) -> Iterator[Iterator[T]]:
    """An iterator that is closed on leaving if it can be (a generator can), and not when it is collected."""
    try:
        yield iterator
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()
