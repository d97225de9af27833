"""What the index is asked and what it gives: a query, candidates with their scores, statistics of terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.arrays import Rows
from index.encoders.protocol import Vectors


class TermStatistics(Protocol):
    """What is known of the corpus' terms: all that understanding a question needs of an index."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the posts, that of most chunks first."""

    @property
    def greatest_idf(self) -> float:
        """The idf of a term that no chunk holds: no term weighs more."""

    def knows(self, term: str) -> bool:
        """Whether any chunk holds the term."""

    def idf(self, term: str) -> float:
        """Inverse document frequency, chunks being the documents."""

    def near_words(self, word: str, edits: int) -> list[tuple[str, int]]:
        """The posts' words at most so many edits away, with their distance (optimal string alignment)."""


@dataclass(frozen=True)
class SearchQuery:
    """A question as the index searches for it.

    Attributes:
        vector: Of unit length, shape (d,).
        terms: For each language whose rules posts are read by (`index.text.stemming.term_language`), the
            question's terms. Chunks of other languages share nothing with them, unless there is only one.
    """

    vector: Vectors
    terms: Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Candidates:
    """Chunks put forward by at least one of the searches, in the order of the corpus; scores are exact for all.

    Attributes:
        rows: Numbers by which the index gives the chunks, shape (n,).
        dense: Cosine of query and chunk, shape (n,).
        lexical: Share of the query's term weight that the chunk holds under BM25, 0 to 1, shape (n,).
        sentence_cosines: Cosines of query and sentences, those of one candidate after the other's, shape (m,).
        sentence_bounds: Where those of each candidate begin, and the end, shape (n + 1,).
    """

    rows: Rows
    dense: Vectors
    lexical: Vectors
    sentence_cosines: Vectors
    sentence_bounds: Rows

    def cosines(self, candidate: int) -> list[float]:
        """Cosines of the query and each sentence of a candidate, by its position among the candidates."""
        first, last = self.sentence_bounds[candidate : candidate + 2]
        cosines: list[float] = self.sentence_cosines[first:last].tolist()
        return cosines

    @cached_property
    def best_sentence(self) -> Vectors:
        """The highest cosine of a sentence, shape (n,)."""
        return np.asarray(np.maximum.reduceat(self.sentence_cosines, self.sentence_bounds[:-1]))

    @cached_property
    def best_pair(self) -> npt.NDArray[np.float64]:
        """The highest mean cosine of two neighbouring sentences, shape (n,); of a single one, its own."""
        cosines = self.sentence_cosines.astype(np.float64)
        starts, lasts = self.sentence_bounds[:-1], self.sentence_bounds[1:] - 1
        means = np.append((cosines[:-1] + cosines[1:]) / 2, -np.inf)
        means[lasts] = np.where(starts == lasts, cosines[lasts], -np.inf)  # its neighbour is another candidate's
        return np.asarray(np.maximum.reduceat(means, starts))
