"""Question to passages: three ways of searching, fused by weighted signals, sentences weighed one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from index.reader import Index
from index.records import Post
from index.search.vector_index import Allowed
from qa.answering.features import ALIKE, PASSAGE_SIGNALS, SENTENCE_SIGNALS, WeighedChunk, sentence_signals
from qa.answering.weights import Linear, Weights
from qa.question.query import Query
from qa.records import Evidence, Passage
from qa.settings import AskSettings

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
    merged = _merged(weigh(query, index, weights, settings, k, allowed))[:k]
    weighed = [one for one, _ in merged[: max(settings.weighed, 1)]]
    evidence = [*_evidence(query, weighed, weights.sentence), *[()] * (len(merged) - len(weighed))]
    return [_passage(one, also_in, held) for (one, also_in), held in zip(merged, evidence, strict=True)]


def weigh(
    query: Query,
    index: Index,
    weights: Weights,
    settings: AskSettings,
    k: int,
    allowed: Allowed | None = None,
) -> list[WeighedChunk]:
    """Candidates of all three searches with their signals, best first, at most about k of them."""
    alike = ALIKE in weights.passage.weights
    rows, similarities, signals = _candidate_signals(query, index, settings, k, allowed, alike=alike)
    scores = signals @ weights.passage.over(PASSAGE_SIGNALS) + weights.passage.intercept
    order = np.argsort(-scores, kind="stable")[: max(k, settings.weighed) + settings.weighed].tolist()
    analyses = index.analyses(int(rows[at]) for at in order)
    return [
        WeighedChunk(
            int(rows[at]),
            analysis,
            dict(zip(PASSAGE_SIGNALS, signals[at].tolist(), strict=True)),
            float(scores[at]),
            similarities[at],
        )
        for at, analysis in zip(order, analyses, strict=True)
    ]


def _candidate_signals(
    query: Query, index: Index, settings: AskSettings, k: int, allowed: Allowed | None, *, alike: bool
) -> tuple[Rows, list[list[float]], npt.NDArray[np.float64]]:
    """Rows put forward, for each its sentences' cosines, and `PASSAGE_SIGNALS`, shape (rows, signals)."""
    wide = max(settings.candidates, k)
    shares = _lexical_shares(query, index)
    dense_rows, _ = index.vectors.search(query.vector, wide, allowed)
    sentences_allowed = None if allowed is None else np.repeat(allowed, np.diff(index.chunk_sentences))
    sentence_rows, _ = index.sentence_vectors.search(query.vector, wide, sentences_allowed)
    lexical_rows = _best(shares if allowed is None else np.where(allowed, shares, 0), wide)
    rows = np.unique(np.concatenate([dense_rows, _chunks_of(sentence_rows, index), lexical_rows]))
    dense = index.vectors.scores(query.vector, rows)
    similarities = _similarities(query, index, rows)
    best, pairs = [max(cosines) for cosines in similarities], [_best_pair(cosines) for cosines in similarities]
    looking_alike = _alike(query, index, rows) if alike else np.zeros(len(rows))
    signals = np.array([dense, best, pairs, shares[rows], looking_alike], dtype=np.float64)
    return rows, similarities, signals.T


def _best_pair(cosines: Sequence[float]) -> float:
    """The best mean of two neighbours; of one alone, itself."""
    return max(((one + other) / 2 for one, other in pairwise(cosines)), default=cosines[0])


def _alike(query: Query, index: Index, rows: Rows) -> npt.NDArray[np.float64]:
    """For each chunk how much of the question is found again in words that look like its own, 0 to 1."""
    held = [np.unique(index.lexical.term_ids(row)) for row in rows.tolist()]
    distinct, places = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *held]), return_inverse=True)
    vocabulary = index.lexical.vocabulary()
    likeness = query.cognates.likeness([vocabulary.term(at) for at in distinct.tolist()])
    if not likeness.size:
        return np.zeros(len(rows))
    ends = np.cumsum([0, *map(len, held)]).tolist()
    of_chunks = [likeness[places[start:end]].max(axis=0, initial=0.0) for start, end in pairwise(ends)]
    return np.asarray(np.mean(of_chunks, axis=1))


def _lexical_shares(query: Query, index: Index) -> npt.NDArray[np.float32]:
    """For each chunk the share of the question's weight found there, as the question reads in its language."""
    (first, reading), *others = query.readings.items()
    if not others:
        return index.lexical.shares(list(reading.weights))
    shares = index.lexical.shares(list(reading.weights), first)
    for language, other in others:
        shares = shares + index.lexical.shares(list(other.weights), language)
    return shares


def _best(shares: npt.NDArray[np.float32], k: int) -> Rows:
    """Rows of the k highest shares above nothing."""
    held = np.flatnonzero(shares)
    if len(held) <= k:
        return np.asarray(held, dtype=np.int64)
    return np.asarray(held[np.argpartition(-shares[held], k - 1)[:k]], dtype=np.int64)


def _chunks_of(sentence_rows: Rows, index: Index) -> Rows:
    return np.asarray(np.searchsorted(index.chunk_sentences, sentence_rows, side="right") - 1, dtype=np.int64)


def _similarities(query: Query, index: Index, rows: Rows) -> list[list[float]]:
    """For each chunk the cosines of the question and its sentences, gathered in one go."""
    firsts, counts = index.chunk_sentences[rows], index.chunk_sentences[rows + 1] - index.chunk_sentences[rows]
    ends = np.cumsum(counts)
    sentences = np.arange(ends[-1] if len(ends) else 0) + np.repeat(firsts - ends + counts, counts)
    cosines = index.sentence_vectors.scores(query.vector, sentences).tolist()
    return [cosines[start:end] for start, end in pairwise([0, *ends.tolist()])]


def _evidence(query: Query, candidates: Sequence[WeighedChunk], weights: Linear) -> list[tuple[Evidence, ...]]:
    """Each chunk's sentences, best first."""
    by_name = weights.over(SENTENCE_SIGNALS)
    rows = [sentence_signals(query, candidate, alike=ALIKE in weights.weights) for candidate in candidates]
    flat = [row for of_chunk in rows for row in of_chunk]
    scores = (np.array(flat).reshape(len(flat), len(by_name)) @ by_name).tolist()
    ends = list(accumulate(map(len, rows), initial=0))
    return [
        _sentences(candidate, of_chunk, scores[start:end])
        for candidate, of_chunk, (start, end) in zip(candidates, rows, pairwise(ends), strict=True)
    ]


def _sentences(
    candidate: WeighedChunk, rows: Sequence[Sequence[float]], scores: Sequence[float]
) -> tuple[Evidence, ...]:
    evidence = [
        Evidence(
            start=sentence.start,
            end=sentence.end,
            text=text,
            kind=sentence.kind,
            score=score,
            signals=dict(zip(SENTENCE_SIGNALS, row, strict=True)),
        )
        for sentence, text, score, row in zip(
            candidate.chunk.sentences, candidate.analysis.texts, scores, rows, strict=True
        )
    ]
    return tuple(sorted(evidence, key=lambda one: -one.score))


def _passage(candidate: WeighedChunk, also_in: Sequence[Post], evidence: Sequence[Evidence]) -> Passage:
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
        also_in=tuple(also_in),
    )


def _merged(candidates: Sequence[WeighedChunk]) -> list[tuple[WeighedChunk, list[Post]]]:
    """Chunks with nearly the same words shown once, at the best one's rank, with the other posts named."""
    kept: list[tuple[WeighedChunk, list[Post]]] = []
    seen: set[int] = set()
    for one in candidates:
        may = () if seen.isdisjoint(one.analysis.first_shingles) else kept
        seen |= one.analysis.first_shingles
        same = next((pair for pair in may if one.analysis.says_nearly(pair[0].analysis)), None)
        if same is None:
            kept.append((one, []))
        elif one.post.id not in {same[0].post.id, *(post.id for post in same[1])}:
            same[1].append(one.post)
    return kept
