"""The chunks of an index as other systems get them, and what is right of the chunks that a system ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from index.encoders.protocol import Encodable, Encoder, Vectors
from index.reader import Index
from index.records import Chunk, Post, SentenceKind
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.judge import Candidate, Judge
from qa.evaluation.results import first_rank
from qa.records import Passage

PASSAGES = (1, 3, 8)
"""Depths at which ranked passages are judged; the last is how many passages an answer carries."""

SENTENCES = (1, 3)
"""Depths at which sentences and quotes are judged."""

_NO_ANSWERS = (SentenceKind.HEADING, SentenceKind.QUESTION)


def chunk_rows(opened: Index) -> list[dict[str, Any]]:
    """Each chunk with what stands above it, for any encoder, and its spans, for the reader."""
    return [
        {
            "id": str(row),
            "text": f"{' > '.join((post.title, *chunk.headings))}. {chunk.visible.text}",
            "title": post.title,
            "headings": chunk.headings,
            "spans": [
                (one.start, one.end, one.kind, text)
                for one, text in zip(chunk.sentences, chunk.sentence_texts, strict=True)
            ],
        }
        for row, (post, chunk) in enumerate(opened.chunks(range(opened.manifest.chunks)))
    ]


class RankingJudge:
    """Judges rankings of an index's chunks.

    Args:
        opened: The index.
        encoder: The one it was built with. It reads each sentence alone, as it does without this project: that finds
            more of them than the vectors that the index has, which come out of the passage's own pass.
    """

    def __init__(self, opened: Index, encoder: Encoder) -> None:
        self._index, self._encoder = opened, encoder
        self._vectors: dict[str, Vectors] = {}

    def hits(self, question: GoldQuestion, rows: Sequence[int]) -> dict[str, bool]:
        """Whether the first k chunks of a ranking answer, and the k nearest of all their sentences."""
        judge, rows = Judge(question), rows[: max(PASSAGES)]
        chunks = self._index.chunks(rows)
        passages = [Passage(post=post, text=one.text, start=one.start, end=one.end, score=0) for post, one in chunks]
        rank = first_rank(map(judge.covers, passages)) or max(PASSAGES) + 1
        right = [judge.proves(one) for one in self._nearest(question.question, chunks)[: max(SENTENCES)]]
        hits = {"post@1": any(judge.accepts(one.post) for one in passages[:1])}
        hits |= {f"passage@{k}": rank <= k for k in PASSAGES}
        return hits | {f"encoder's sentence@{k}": any(right[:k]) for k in SENTENCES}

    def _nearest(self, question: str, chunks: Sequence[tuple[Post, Chunk]]) -> list[Candidate]:
        """The chunks' sentences without headings and questions, the highest cosine first."""
        sentences = [
            Candidate(post, one.start, one.end, text)
            for post, chunk in chunks
            for one, text in zip(chunk.sentences, chunk.sentence_texts, strict=True)
            if one.kind not in _NO_ANSWERS
        ]
        cosines = self._encoded([one.text for one in sentences]) @ self._encoder.encode_query([question])[0]
        return [sentences[at] for at in np.argsort(-cosines, kind="stable").tolist()]

    def _encoded(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts, shape (n, d); each is encoded once."""
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            vectors = self._encoder.encode_document([Encodable("", text, ((0, len(text)),)) for text in new]).passages
            self._vectors.update(zip(new, vectors, strict=True))
        return np.array([self._vectors[text] for text in texts]).reshape(len(texts), self._encoder.identity.dimension)
