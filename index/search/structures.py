"""The searchable structures of a generation together: dense, sentence and lexical search, merged into candidates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import numpy.typing as npt

from index.arrays import map_array
from index.encoders.protocol import Vectors
from index.layout import LAYOUT
from index.search.bm25 import LexicalIndex, Scores
from index.search.vector_files import open_passages, open_sentences
from index.search.vector_index import Allowed, Rows, VectorIndex
from index.settings import VectorSettings


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

    def beginning(self, prefix: str) -> list[str]:
        """The terms that begin with a prefix, in order."""


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
    lexical: Scores
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


@dataclass(frozen=True)
class Structures:
    """Opened structures; chunks and sentences are rows, numbered from 0 in the order of the corpus.

    Attributes:
        vectors: Of the chunks.
        sentence_vectors: Of the sentences.
        lexical: BM25 over the chunks.
        chunk_posts: The row of each chunk's post, ascending, shape (chunks,).
        chunk_sentences: The sentences of chunk `row` are `chunk_sentences[row]:chunk_sentences[row + 1]`.
    """

    vectors: VectorIndex
    sentence_vectors: VectorIndex
    lexical: LexicalIndex
    chunk_posts: Rows
    chunk_sentences: Rows

    @classmethod
    def open(cls, folder: Path, settings: VectorSettings) -> Self:
        """Map the structures in a generation's folder."""
        return cls(
            open_passages(folder, settings),
            open_sentences(folder),
            LexicalIndex.load(folder / LAYOUT.lexical),
            map_array(folder / LAYOUT.chunk_posts),
            map_array(folder / LAYOUT.chunk_sentences),
        )

    def search(self, query: SearchQuery, k: int, allowed: Allowed | None = None) -> Candidates:
        """The k best chunks by their vectors, those of the k best sentences, and the k best by BM25.

        Args:
            allowed: For each chunk whether it may be returned, shape (chunks,); None allows all.
        """
        shares = self._lexical_shares(query.terms)
        by_vector, _ = self.vectors.search(query.vector, k, allowed)
        allowed_sentences = None if allowed is None else np.repeat(allowed, np.diff(self.chunk_sentences))
        sentences, _ = self.sentence_vectors.search(query.vector, k, allowed_sentences)
        by_sentence = np.searchsorted(self.chunk_sentences, sentences, side="right") - 1
        by_terms = _highest(shares if allowed is None else np.where(allowed, shares, 0), k)
        rows = np.unique(np.concatenate([by_vector, by_sentence, by_terms]))
        cosines, bounds = self._sentence_cosines(query.vector, rows)
        return Candidates(rows, self.vectors.scores(query.vector, rows), shares[rows], cosines, bounds)

    def _lexical_shares(self, terms: Mapping[str, Iterable[str]]) -> Scores:
        if len(terms) == 1:
            return self.lexical.shares(next(iter(terms.values())))
        of_languages = [self.lexical.shares(some, language) for language, some in terms.items()]
        return np.asarray(np.sum(of_languages, axis=0))

    def _sentence_cosines(self, vector: Vectors, rows: Rows) -> tuple[Vectors, Rows]:
        """Cosines of all sentences of some chunks, gathered at once, and where each chunk's begin and end."""
        firsts, counts = self.chunk_sentences[rows], self.chunk_sentences[rows + 1] - self.chunk_sentences[rows]
        bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        sentences = np.arange(bounds[-1]) + np.repeat(firsts - bounds[:-1], counts)
        return self.sentence_vectors.scores(vector, sentences), bounds


def _highest(shares: Scores, k: int) -> Rows:
    """Rows of the k highest shares above zero, in no order."""
    rows = np.flatnonzero(shares)
    if len(rows) <= k:
        return np.asarray(rows, dtype=np.int64)
    return np.asarray(rows[np.argpartition(-shares[rows], k - 1)[:k]], dtype=np.int64)
