"""An answer piece by piece, for whoever shows it as it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.records import Answer

_PIECE = re.compile(r"\S+\s*|\s+")


def pieces(answer: Answer) -> Iterator[str | Answer]:
    """The words of an answer's text, one after the other with the space behind them, and at last the answer."""
    yield from _PIECE.findall(answer.text)
    yield answer
