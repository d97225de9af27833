"""The searchable structures of a generation together: dense, sentence and lexical search, merged into candidates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from index.arrays import Rows, highest, map_array
from index.encoders.protocol import Vectors
from index.layout import LAYOUT
from index.search.bm25 import LexicalIndex, Scores
from index.search.candidates import Candidates, SearchQuery
from index.search.faiss_store import FlatSearch
from index.search.vectors import Allowed, Table, VectorSearch, map_table, scores_of, vector_store
from index.settings import VectorSettings

_NEAREST_CHUNKS = 40  # looked at for each similar post wanted: long posts take many of them


@dataclass(frozen=True)
class Structures:
    """Opened structures; chunks and sentences are rows, numbered from 0 in the order of the corpus.

    Attributes:
        vectors: Of the chunks.
        sentence_vectors: Of the sentences.
        nearest: Search over the chunks' vectors.
        nearest_sentences: Search over the sentences' vectors; None where they are too many, and reached through
            their chunks.
        lexical: BM25 over the chunks.
        chunk_posts: The row of each chunk's post, ascending, shape (chunks,).
        chunk_sentences: The sentences of chunk `row` are `chunk_sentences[row]:chunk_sentences[row + 1]`.
    """

    vectors: Table
    sentence_vectors: Table
    nearest: VectorSearch
    nearest_sentences: VectorSearch | None
    lexical: LexicalIndex
    chunk_posts: Rows
    chunk_sentences: Rows

    @classmethod
    def open(cls, folder: Path, settings: VectorSettings) -> Self:
        """Map the structures in a generation's folder."""
        vectors, sentence_vectors = map_table(folder / LAYOUT.vectors), map_table(folder / LAYOUT.sentence_vectors)
        few_sentences = len(sentence_vectors) <= settings.exact_up_to
        return cls(
            vectors,
            sentence_vectors,
            vector_store(settings.store).open(vectors, folder / LAYOUT.vector_store, settings),
            FlatSearch(sentence_vectors) if few_sentences else None,
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
        by_vector, _ = self.nearest.search(query.vector, k, allowed)
        by_sentence = self._by_sentence(query.vector, k, allowed)
        holding = np.flatnonzero(shares if allowed is None else shares * allowed)
        by_terms = holding[highest(shares[holding], k)]
        rows = np.unique(np.concatenate([by_vector, by_sentence, by_terms]))
        cosines, bounds = self._sentence_cosines(query.vector, rows)
        return Candidates(rows, scores_of(self.vectors, rows, query.vector), shares[rows], cosines, bounds)

    def _by_sentence(self, vector: Vectors, k: int, allowed: Allowed | None) -> Rows:
        """The chunks of the k nearest sentences."""
        if self.nearest_sentences is None:
            return np.zeros(0, dtype=np.int64)
        allowed_sentences = None if allowed is None else np.repeat(allowed, np.diff(self.chunk_sentences))
        sentences, _ = self.nearest_sentences.search(vector, k, allowed_sentences)
        return np.asarray(np.searchsorted(self.chunk_sentences, sentences, side="right") - 1)

    def similar_posts(self, post: int, k: int) -> list[tuple[int, float]]:
        """Rows of at most k other posts and their scores, best first.

        The score is the cosine between the mean of the post's chunks and the other post's nearest chunk.
        """
        start, end = self.chunks_of(post)
        if start == end:
            return []
        mean = np.asarray(self.vectors[start:end], dtype=np.float32).mean(axis=0)
        others = np.ones(len(self.chunk_posts), dtype=np.bool_)
        others[start:end] = False
        rows, scores = self.nearest.search(mean / (np.linalg.norm(mean) or 1.0), _NEAREST_CHUNKS * k, others)
        best: dict[int, float] = {}
        for other, score in zip(self.chunk_posts[rows].tolist(), scores.tolist(), strict=True):
            best.setdefault(other, score)
        return list(best.items())[:k]

    def chunks_of(self, post: int) -> tuple[int, int]:
        """The rows of a post's chunks: the first, and the one after the last."""
        first, after = np.searchsorted(self.chunk_posts, [post, post + 1]).tolist()
        return first, after

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
        return scores_of(self.sentence_vectors, sentences, vector), bounds
