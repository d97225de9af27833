"""All terms of a corpus in sorted order: one mapped block of bytes, searched without being parsed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.arrays import map_array, save_arrays

_BYTES = "terms.npy"
_OFFSETS = "term-offsets.npy"
_ABSENT = -1
_CACHED = 2**14  # terms looked for before: a question looks for each of its own many times


class Vocabulary:
    """Distinct terms; a term's id is its place in the order of their UTF-8 bytes."""

    def __init__(self, text: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int64]) -> None:
        self._text = text
        self._offsets = offsets
        self._known: dict[str, int] = {}

    @classmethod
    def of(cls, terms: Iterable[str]) -> Self:
        """Of distinct terms in any order."""
        encoded = sorted(term.encode() for term in terms)
        lengths = np.fromiter(map(len, encoded), dtype=np.int64, count=len(encoded))
        text = np.frombuffer(b"".join(encoded), dtype=np.uint8)
        return cls(text, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map a saved vocabulary."""
        return cls(map_array(folder / _BYTES), map_array(folder / _OFFSETS))

    def save(self, folder: Path) -> None:
        """Write two arrays into a folder that is there."""
        save_arrays(folder, {_BYTES: self._text, _OFFSETS: self._offsets})

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __iter__(self) -> Iterator[str]:
        text, offsets = self._text.tobytes(), self._offsets.tolist()
        return (text[offsets[at] : offsets[at + 1]].decode() for at in range(len(self)))

    def term(self, number: int) -> str:
        """The term of an id."""
        return self._at(number).decode()

    def find(self, term: str) -> int | None:
        """A term's id; None if it is not there."""
        known = self._known.get(term)
        if known is None:
            wanted = term.encode()
            first = self._first_from(wanted)
            known = first if first < len(self) and self._at(first) == wanted else _ABSENT
            if len(self._known) >= _CACHED:
                self._known.clear()
            self._known[term] = known
        return None if known == _ABSENT else known

    def beginning(self, prefix: str) -> list[str]:
        """The terms that begin with a prefix, in order."""
        wanted = prefix.encode()
        first, last = self._first_from(wanted), self._first_from(wanted + b"\xff")  # no UTF-8 text holds 0xff
        offsets = self._offsets[first : last + 1].tolist()
        text = self._text[offsets[0] : offsets[-1]].tobytes() if offsets else b""
        return [text[a - offsets[0] : b - offsets[0]].decode() for a, b in pairwise(offsets)]

    def near(self, term: str, edits: int) -> list[tuple[str, int]]:
        """The terms at most so many edits away, with their distance (optimal string alignment), the nearest first.

        An edit changes the number of letters by one at most and the set of letters by two: most terms are passed over
        by these alone.
        """
        if not len(self):
            return []
        letter_sets, lengths = self._shapes
        differing = np.bitwise_count(letter_sets ^ np.bitwise_or.reduce(_letter_bits(term.encode("utf-32-le"))))
        alike = (differing <= 2 * edits) & (np.abs(lengths - len(term)) <= edits)
        terms = map(self.term, np.flatnonzero(alike).tolist())
        matches = process.extract(term, list(terms), scorer=OSA.distance, score_cutoff=edits, limit=None)
        return [(near, int(distance)) for near, distance, _ in matches]

    @cached_property
    def _shapes(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        """Of each term the set of its letters, as bits, and their number."""
        begins_letter = np.append(self._text & 0b1100_0000 != 0b1000_0000, True)
        starts = (np.cumsum(begins_letter) - 1)[self._offsets]
        letters = _letter_bits(self._text.tobytes().decode().encode("utf-32-le"))
        return np.bitwise_or.reduceat(letters, starts[:-1]), np.diff(starts)

    def _first_from(self, wanted: bytes) -> int:
        """The id of the first term that is not before the one wanted."""
        return bisect_left(range(len(self)), wanted, key=self._at)

    def _at(self, number: int) -> bytes:
        return bytes(self._text[self._offsets[number] : self._offsets[number + 1]])


def _letter_bits(utf32: bytes) -> npt.NDArray[np.uint64]:
    """Each letter as one of 64 bits."""
    return np.uint64(1) << (np.frombuffer(utf32, dtype="<u4").astype(np.uint64) % np.uint64(64))
