"""Question to passages: three ways of searching, fused by weighted signals, sentences weighed one by one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.reader import Index
from index.terms import folded, words
from index.vectors import Allowed
from qa.query import Query
from qa.records import Evidence, Passage
from qa.settings import AskSettings
from qa.signals import WeighedChunk, sentence_signals
from qa.weights import Weights

_SHINGLE = 3
_NEARLY = 0.8  # share of three-word runs from which two passages count as one

Rows = npt.NDArray[np.int64]


def retrieve(
    query: Query,
    index: Index,
    weights: Weights,
    settings: AskSettings,
    k: int,
    allowed: Allowed | None = None,
) -> list[Passage]:
    """The k best passages, best first; those with the same words shown once, with all their posts.

    Args:
        allowed: For each chunk whether it may be returned; None allows all.
    """
    candidates = weigh(query, index, weights, settings, k, allowed)
    weighed = max(settings.weighed, 1)
    passages = [
        _passage(candidate, _evidence(query, candidate, index, weights) if place < weighed else ())
        for place, candidate in enumerate(candidates)
    ]
    return _merged(passages)[:k]


def weigh(
    query: Query,
    index: Index,
    weights: Weights,
    settings: AskSettings,
    k: int,
    allowed: Allowed | None = None,
) -> list[WeighedChunk]:
    """Candidates of all three searches with their signals, best first, at most about k of them."""
    rows, similarities, signals = _candidate_signals(query, index, settings, k, allowed)
    scores = np.array([weights.passage(one) for one in signals], dtype=np.float64)
    order = np.argsort(-scores, kind="stable")[: max(k, settings.weighed) + settings.weighed]
    chunks = index.chunks(int(rows[at]) for at in order)
    return [
        WeighedChunk(int(rows[at]), post, chunk, signals[at], float(scores[at]), similarities[at])
        for at, (post, chunk) in zip(order, chunks, strict=True)
    ]


def _candidate_signals(
    query: Query, index: Index, settings: AskSettings, k: int, allowed: Allowed | None
) -> tuple[Rows, list[list[float]], list[dict[str, float]]]:
    """Rows put forward, and for each its sentences' cosines and its passage signals."""
    wide = max(settings.candidates, k)
    shares = index.lexical.shares(list(query.weights))
    dense_rows, _ = index.vectors.search(query.vector, wide, allowed)
    sentences_allowed = None if allowed is None else np.repeat(allowed, np.diff(index.chunk_sentences))
    sentence_rows, _ = index.sentence_vectors.search(query.vector, wide, sentences_allowed)
    lexical_rows = _best(shares if allowed is None else np.where(allowed, shares, 0), wide)
    rows = np.unique(np.concatenate([dense_rows, _chunks_of(sentence_rows, index), lexical_rows]))
    dense = index.vectors.scores(query.vector, rows)
    similarities = [
        index.sentence_vectors.scores(query.vector, _sentence_rows(int(row), index)).tolist() for row in rows
    ]
    signals = [
        {"dense": float(dense[at]), "sentence": max(similarities[at]), "lexical": float(shares[row])}
        for at, row in enumerate(rows)
    ]
    return rows, similarities, signals


def _best(shares: npt.NDArray[np.float32], k: int) -> Rows:
    """Rows of the k highest shares above nothing."""
    k = min(k, len(shares))
    rows = np.argpartition(-shares, k - 1)[:k]
    return np.asarray(rows[shares[rows] > 0], dtype=np.int64)


def _chunks_of(sentence_rows: Rows, index: Index) -> Rows:
    return np.asarray(np.searchsorted(index.chunk_sentences, sentence_rows, side="right") - 1, dtype=np.int64)


def _sentence_rows(row: int, index: Index) -> Rows:
    return np.arange(index.chunk_sentences[row], index.chunk_sentences[row + 1], dtype=np.int64)


def _evidence(query: Query, candidate: WeighedChunk, index: Index, weights: Weights) -> tuple[Evidence, ...]:
    """A chunk's sentences, best first."""
    body = candidate.post.body
    evidence = [
        Evidence(
            start=sentence.start,
            end=sentence.end,
            text=body[sentence.start : sentence.end],
            kind=sentence.kind,
            score=weights.sentence(signals),
            signals=signals,
        )
        for sentence, signals in zip(
            candidate.chunk.sentences, sentence_signals(query, candidate, index.lexical), strict=True
        )
    ]
    return tuple(sorted(evidence, key=lambda one: -one.score))


def _passage(candidate: WeighedChunk, evidence: Sequence[Evidence]) -> Passage:
    chunk = candidate.chunk
    return Passage(
        post=candidate.post,
        text=chunk.text,
        start=chunk.start,
        end=chunk.end,
        headings=chunk.headings,
        score=candidate.score,
        signals=candidate.signals,
        evidence=tuple(evidence),
    )


def _merged(passages: Sequence[Passage]) -> list[Passage]:
    """Passages with nearly the same words shown once, at the best one's rank, with the other posts named."""
    kept: list[Passage] = []
    shingles: list[frozenset[tuple[str, ...]]] = []
    for passage in passages:
        own = _shingles(passage.text)
        at = next((at for at, other in enumerate(shingles) if _nearly_same(own, other)), None)
        if at is None:
            kept.append(passage)
            shingles.append(own)
        elif passage.post.id not in {kept[at].post.id, *(post.id for post in kept[at].also_in)}:
            kept[at] = kept[at].model_copy(update={"also_in": (*kept[at].also_in, passage.post)})
    return kept


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    """A text's runs of three words, folded (Broder 1997)."""
    folded_words = [folded(word) for word in words(text)]
    last = max(1, len(folded_words) - _SHINGLE + 1)
    return frozenset(tuple(folded_words[at : at + _SHINGLE]) for at in range(last))


def _nearly_same(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether two sets of shingles share nearly all of both."""
    larger = max(len(one), len(other))
    return min(len(one), len(other)) >= _NEARLY * larger and len(one & other) >= _NEARLY * larger
