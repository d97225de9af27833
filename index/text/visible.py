"""What a reader sees of a body: its text without markup, with every character's place in the body."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Piece(NamedTuple):
    """A visible stretch of a body: `body[start:end]`, shown as `text` where that is not empty."""

    start: int
    end: int
    text: str = ""


Pieces = tuple[Piece, ...]


def trimmed(pieces: Sequence[Piece], source: str) -> Pieces:
    """Pieces without empty ones and without blank space at both ends, those that follow each other directly joined."""
    kept: list[Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        if last and not (last.text or piece.text) and last.end == piece.start:
            kept[-1] = Piece(last.start, piece.end)
        elif piece.start < piece.end:
            kept.append(piece)
    while kept and not _shown(kept[0], source).strip():
        kept.pop(0)
    while kept and not _shown(kept[-1], source).strip():
        kept.pop()
    if kept and not kept[0].text:
        kept[0] = Piece(kept[0].end - len(_shown(kept[0], source).lstrip()), kept[0].end)
    if kept and not kept[-1].text:
        kept[-1] = Piece(kept[-1].start, kept[-1].start + len(_shown(kept[-1], source).rstrip()))
    return tuple(kept)


def _shown(piece: Piece, source: str) -> str:
    return piece.text or source[piece.start : piece.end]


class VisibleText:
    """A body as its reader sees it: the pieces, joined.

    Args:
        body: The text as stored.
        pieces: Its visible stretches, in order, apart from each other; None where all of it is visible.

    >>> seen = VisibleText("Read [the docs](https://docs.example).", [Piece(0, 5), Piece(6, 14), Piece(37, 38)])
    >>> seen.text
    'Read the docs.'
    >>> seen.between(5, 38)
    'the docs.'
    """

    def __init__(self, body: str, pieces: Iterable[Piece] | None = None) -> None:
        self._pieces: Sequence[Piece] = [Piece(0, len(body))] if pieces is None else list(pieces)
        self._shown = [_shown(piece, body) for piece in self._pieces]

    @cached_property
    def text(self) -> str:
        """All that is visible."""
        return "".join(self._shown)

    @cached_property
    def _places(self) -> list[int]:
        """Where each piece begins in the visible text."""
        return list(accumulate(map(len, self._shown), initial=0))[:-1]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self._pieces]

    def place(self, at: int) -> int:
        """Where a place of the body lies in the visible text; a hidden one lies where the next visible one does."""
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return 0
        piece, shown = self._pieces[number], self._shown[number]
        inside = at - piece.start if at < piece.end else len(shown)
        return self._places[number] + min(inside, len(shown))

    def between(self, start: int, end: int) -> str:
        """What is visible of `body[start:end]`."""
        return self.text[self.place(start) : self.place(end)]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the body that `text[start:end]` is, from its first character to behind its last.

        Raises:
            ValueError: The stretch is empty.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no visible text at {start}:{end} of {len(self.text)} characters")
        return self._source_of(start), self._source_of(end - 1) + 1

    def _source_of(self, at: int) -> int:
        number = bisect_right(self._places, at) - 1
        piece = self._pieces[number]
        return min(piece.start + at - self._places[number], piece.end - 1)
