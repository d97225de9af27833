"""BM25 over chunks: postings as plain arrays, opened by mapping them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, save_arrays
from index.layout import LAYOUT
from index.search.chunk_terms import ChunkTerms
from index.settings import LexicalSettings
from index.text.stemming import term_language

Scores = npt.NDArray[np.float32]
_FILES = ("posting-starts.npy", "posting-rows.npy", "posting-scores.npy")
_FEWEST_CHUNKS = 10


class LexicalIndex:
    """Scores each chunk for a bag of terms; every chunk is a row, in the order given when built.

    Lucene's variant of BM25 is used: a term's weight is at most its idf, so a score divided by the sum of
    the question's idfs is a share between 0 and 1, comparable between questions and corpora.

    Args:
        chunk_terms: Of all chunks.
        chunk_words: The distinct words of all chunks that may be meant by mistyped ones.
        starts: The postings of term `t` are `starts[t]:starts[t + 1]`.
        rows: Of each posting the chunk, rising within a term.
        scores: Of each posting `idf · tf / (tf + k1 · (1 − b + b · length / mean length))`.
    """

    def __init__(
        self,
        chunk_terms: ChunkTerms,
        chunk_words: ChunkTerms,
        starts: npt.NDArray[np.int64],
        rows: npt.NDArray[np.int32],
        scores: Scores,
    ) -> None:
        self._chunk_terms = chunk_terms
        self._chunk_words = chunk_words
        self._postings: tuple[npt.NDArray[Any], ...] = (starts, rows, scores)
        self._by_rules: dict[str, npt.NDArray[np.bool_]] = {}
        self.rows = chunk_terms.rows
        self.vocabulary = chunk_terms.vocabulary

    @classmethod
    def build(cls, chunk_terms: ChunkTerms, chunk_words: ChunkTerms, settings: LexicalSettings) -> Self:
        """Index chunks by their terms, and keep their words."""
        count, size = chunk_terms.rows, len(chunk_terms.vocabulary)
        lengths = np.diff(chunk_terms.bounds)
        chunk_of = np.repeat(np.arange(count, dtype=np.int64), lengths)
        pairs, times = np.unique(chunk_terms.ids.astype(np.int64) * max(count, 1) + chunk_of, return_counts=True)
        term, row = pairs // max(count, 1), pairs % max(count, 1)
        holding = np.bincount(term, minlength=size)
        idf = np.log(1 + (max(count, _FEWEST_CHUNKS) - holding + 0.5) / (holding + 0.5))
        mean = lengths.mean() if lengths.any() else 1.0
        saturation = settings.k1 * (1 - settings.b + settings.b * lengths[row] / mean)
        scores = (idf[term] * times / (times + saturation)).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(holding)]).astype(np.int64)
        return cls(chunk_terms, chunk_words, starts, row.astype(np.int32), scores)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open a saved index by mapping its arrays."""
        words = ChunkTerms.load(folder / LAYOUT.words)
        return cls(ChunkTerms.load(folder), words, *(map_array(folder / name) for name in _FILES))

    def save(self, folder: Path) -> None:
        """Write all arrays into a folder."""
        (folder / LAYOUT.words).mkdir(parents=True, exist_ok=True)
        self._chunk_terms.save(folder)
        self._chunk_words.save(folder / LAYOUT.words)
        save_arrays(folder, dict(zip(_FILES, self._postings, strict=True)))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the posts, that of most chunks first."""
        return self._chunk_terms.languages

    def best_term_scores(
        self, rows: Iterable[int], scores: Callable[[Sequence[str]], npt.NDArray[np.float64]]
    ) -> npt.NDArray[np.float64]:
        """For each chunk and each of m words the highest score of any of the chunk's terms, shape (rows, m).

        Args:
            scores: Gives the scores of terms with the words, none below 0, shape (terms, m).
        """
        held = [np.unique(self._chunk_terms.of(row)) for row in rows]
        distinct, places = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *held]), return_inverse=True)
        of_terms = scores([self.vocabulary.term(at) for at in distinct.tolist()])
        ends = np.cumsum([0, *map(len, held)]).tolist()
        best = [of_terms[places[start:end]].max(axis=0, initial=0.0) for start, end in pairwise(ends)]
        return np.array(best).reshape(len(held), of_terms.shape[1])

    def knows(self, term: str) -> bool:
        """Whether any chunk holds the term."""
        return self.vocabulary.find(term) is not None

    def idf(self, term: str) -> float:
        """`ln(1 + (N - n + 0.5) / (n + 0.5))` with n the chunks that hold the term (Robertson 2009, Lucene).

        N is at least 10: in a corpus of one chunk a word that it holds would weigh a fifth of one that it lacks.
        """
        held = self._span(term)
        holding = held.stop - held.start
        return math.log(1 + (max(self.rows, _FEWEST_CHUNKS) - holding + 0.5) / (holding + 0.5))

    @property
    def greatest_idf(self) -> float:
        """The idf of a term that no chunk holds: no term weighs more."""
        return math.log(1 + (max(self.rows, _FEWEST_CHUNKS) + 0.5) / 0.5)

    def beginning(self, prefix: str) -> list[str]:
        """The terms that begin with a prefix, in order."""
        return self.vocabulary.beginning(prefix)

    def near_words(self, word: str, edits: int) -> list[tuple[str, int]]:
        """The posts' words at most so many edits away, with their distance (optimal string alignment)."""
        return self._chunk_words.vocabulary.near(word, edits)

    def shares(self, query_terms: Iterable[str], language: str | None = None) -> Scores:
        """For each chunk the share of the query's weight that it holds, 0 to 1, shape (rows,).

        Args:
            language: Chunks read by other rules than these share nothing; None looks at all.
        """
        _, rows, scores = self._postings
        shares = np.zeros(self.rows, dtype=np.float32)
        distinct = list(dict.fromkeys(query_terms))
        for term in distinct:
            held = self._span(term)
            shares[rows[held]] += scores[held]
        total = sum(self.idf(term) for term in distinct)
        if total > 0:
            shares = shares / np.float32(total)
        return shares if language is None else np.where(self._read_by(language), shares, np.float32(0))

    def _read_by(self, language: str) -> npt.NDArray[np.bool_]:
        """For each chunk whether it was read by the rules of a language; kept, for every question asks it."""
        rules = term_language(language)
        if rules not in self._by_rules:
            theirs = [at for at, name in enumerate(self.languages) if term_language(name) == rules]
            self._by_rules[rules] = np.isin(self._chunk_terms.language_ids, theirs)
        return self._by_rules[rules]

    def _span(self, term: str) -> slice:
        """Where a term's postings are; an empty stretch for a term that no chunk holds."""
        starts, at = self._postings[0], self.vocabulary.find(term)
        return slice(0, 0) if at is None else slice(int(starts[at]), int(starts[at + 1]))
