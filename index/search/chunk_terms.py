"""The terms of every chunk as numbers: what BM25 is computed from, and what the next build need not work out again."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, save_arrays
from index.search.vocabulary import Vocabulary
from index.text.stemming import ENGLISH

_IDS = "chunk-terms.npy"
_BOUNDS = "chunk-term-bounds.npy"
_LANGUAGES, _LANGUAGE_NAMES = "chunk-languages.npy", "languages.json"
Ids = npt.NDArray[np.int32]
Bounds = npt.NDArray[np.int64]
Languages = npt.NDArray[np.int16]


@dataclass(frozen=True)
class ChunkTerms:
    """Term ids of all chunks one behind the other; chunk `row` has `ids[bounds[row]:bounds[row + 1]]`.

    Attributes:
        languages: Those of the posts, the commonest first.
        language_ids: Of each chunk the place of its post's language among them.
    """

    vocabulary: Vocabulary
    ids: Ids
    bounds: Bounds
    languages: tuple[str, ...]
    language_ids: Languages

    @property
    def rows(self) -> int:
        """How many chunks there are."""
        return len(self.bounds) - 1

    def of(self, row: int) -> Ids:
        """A chunk's term ids, in the order of its text."""
        return self.ids[self.bounds[row] : self.bounds[row + 1]]

    def language_of(self, row: int) -> str:
        """The language by whose rules a chunk was read."""
        return self.languages[int(self.language_ids[row])]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what was saved."""
        return cls(
            Vocabulary.load(folder),
            map_array(folder / _IDS),
            map_array(folder / _BOUNDS),
            tuple(json.loads((folder / _LANGUAGE_NAMES).read_text(encoding="utf-8"))),
            map_array(folder / _LANGUAGES),
        )

    def save(self, folder: Path) -> None:
        """Write vocabulary and arrays into a folder that is there."""
        self.vocabulary.save(folder)
        save_arrays(folder, {_IDS: self.ids, _BOUNDS: self.bounds, _LANGUAGES: self.language_ids})
        (folder / _LANGUAGE_NAMES).write_text(json.dumps(self.languages), encoding="utf-8")


class TermCollector:
    """Takes the terms of one chunk after the other; strings are kept once each."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._ids = array("i")
        self._bounds = array("q", [0])
        self._languages: list[str] = []

    def add(self, terms: Iterable[str], language: str = ENGLISH) -> None:
        """The next chunk's terms, in the order of its text, and the language of its post."""
        known = self._known
        self._ids.extend(known.setdefault(term, len(known)) for term in terms)
        self._bounds.append(len(self._ids))
        self._languages.append(language)

    def finished(self) -> ChunkTerms:
        """Everything collected, its ids brought to the sorted order of the terms."""
        vocabulary = Vocabulary.of(self._known)
        place = {term: at for at, term in enumerate(vocabulary)}
        moved = np.fromiter((place[term] for term in self._known), dtype=np.int32, count=len(self._known))
        ids = np.frombuffer(self._ids, dtype=np.int32) if self._ids else np.zeros(0, dtype=np.int32)
        languages = [language for language, _ in Counter(self._languages).most_common()]
        places = {language: at for at, language in enumerate(languages)}
        return ChunkTerms(
            vocabulary,
            moved[ids] if len(ids) else ids,
            np.array(self._bounds, dtype=np.int64),
            tuple(languages),
            np.array([places[language] for language in self._languages], dtype=np.int16),
        )
