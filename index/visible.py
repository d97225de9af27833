"""What a reader sees of a body: its text without markup, with every character's place in the body."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple


class Piece(NamedTuple):
    """A visible stretch of a body: `body[start:end]`, shown as `text` where that is not empty."""

    start: int
    end: int
    text: str = ""


_OPENERS = re.compile(r"(?:[*_~`!<\[]|==|\[\[[^\[\]|\n]*\|)+$")
_CLOSERS = re.compile(r"^(?:[*_~`]|==|\]\((?:[^()\n]|\([^()\n]*\))*\)|\]\[[^\]\n]*\]|\]|\[\^[^\]\n]*\]|>)+")

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


def with_substitutes(pieces: Sequence[Piece], substitutes: Mapping[int, tuple[int, str]]) -> Pieces:
    """Pieces in which some stretches are shown as something else; by start, the end and what is shown."""
    if not substitutes:
        return tuple(pieces)
    places = sorted(substitutes.items())
    result: list[Piece] = []
    for piece in pieces:
        at = piece.start
        for start, (end, text) in places if not piece.text else ():
            if at < end and start < piece.end:
                result += [Piece(at, start)] if at < start else []
                at = min(end, piece.end)
                result.append(Piece(max(start, piece.start), at, text))
        result += [Piece(at, piece.end, piece.text)] if at < piece.end else []
    return tuple(result)


def with_marks(body: str, start: int, end: int, floor: int, ceiling: int) -> tuple[int, int]:
    """A stretch with Markdown's opening and closing marks that stand right beside it, so that it is balanced.

    Args:
        floor, ceiling: Where the visible text before and behind it ends and begins.
    """
    opening = _OPENERS.search(body[floor:start])
    closing = _CLOSERS.match(body[end:ceiling])
    return start - (len(opening[0]) if opening else 0), end + (closing.end() if closing else 0)


def pieces_to_json(pieces: Pieces | None) -> str:
    """Pieces as they are stored; empty where all is visible."""
    if pieces is None:
        return ""
    return json.dumps([piece if piece.text else piece[:2] for piece in pieces], separators=(",", ":"))


def pieces_from_json(stored: str) -> Pieces | None:
    """What `pieces_to_json` wrote."""
    return tuple(Piece(*piece) for piece in json.loads(stored)) if stored else None


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
        self.is_whole = pieces is None
        self._body = body
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
        if self.is_whole:
            return at
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return 0
        piece, shown = self._pieces[number], self._shown[number]
        inside = at - piece.start if at < piece.end else len(shown)
        return self._places[number] + min(inside, len(shown))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `body[start:end]` lies in the visible text, without the blank space that a break before it shows."""
        first, last = self.place(start), self.place(end)
        if self.is_whole:
            return first, last
        shown = self.text[first:last]
        return first + len(shown) - len(shown.lstrip()), first + len(shown.rstrip())

    def between(self, start: int, end: int) -> str:
        """What is visible of `body[start:end]`."""
        first, last = self.span(start, end)
        return self.text[first:last]

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the body that `text[start:end]` is, with the marks that stand right beside it.

        Raises:
            ValueError: The stretch is empty.
        """
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no visible text at {start}:{end} of {len(self.text)} characters")
        if self.is_whole:
            return start, end
        first, last = self._source_of(start), self._source_of(end - 1) + 1
        before, after = bisect_right(self._starts, first) - 2, bisect_left(self._starts, last)
        floor = self._pieces[before].end if before >= 0 else 0
        ceiling = self._starts[after] if after < len(self._starts) else len(self._body)
        return with_marks(self._body, first, last, min(floor, first), ceiling)

    def pieces_between(self, start: int, end: int) -> Pieces | None:
        """The pieces of `body[start:end]`; None where all of it is visible."""
        if self.is_whole:
            return None
        first = max(0, bisect_right(self._starts, start) - 1)
        clipped = []
        for piece in self._pieces[first:]:
            if piece.start >= end:
                break
            if piece.end > start:
                clipped.append(piece if piece.text else Piece(max(piece.start, start), min(piece.end, end)))
        return tuple(clipped)

    def _source_of(self, at: int) -> int:
        number = bisect_right(self._places, at) - 1
        piece = self._pieces[number]
        return min(piece.start + at - self._places[number], piece.end - 1)
