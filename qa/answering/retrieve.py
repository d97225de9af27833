"""Question to passages: three ways of searching, fused by weighted signals, sentences weighed one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from index.reader import Index
from index.records import Post
from index.search.structures import Candidates, SearchQuery
from index.search.vector_index import Allowed
from qa.answering.features import ALIKE, PASSAGE_SIGNALS, SENTENCE_SIGNALS, WeighedChunk, sentence_signals
from qa.answering.weights import Linear, Weights
from qa.question.query import Query
from qa.records import Evidence, Passage
from qa.settings import AskSettings


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
    searched = SearchQuery(query.vector, {language: reading.weights for language, reading in query.readings.items()})
    candidates = index.search(searched, max(settings.candidates, k), allowed)
    signals = _signals(query, index, candidates, alike=ALIKE in weights.passage.weights)
    scores = signals @ weights.passage.over(PASSAGE_SIGNALS) + weights.passage.intercept
    order = np.argsort(-scores, kind="stable")[: max(k, settings.weighed) + settings.weighed].tolist()
    analyses = index.analyses(candidates.rows[order].tolist())
    return [
        WeighedChunk(
            int(candidates.rows[at]),
            analysis,
            dict(zip(PASSAGE_SIGNALS, signals[at].tolist(), strict=True)),
            float(scores[at]),
            candidates.cosines(at),
        )
        for at, analysis in zip(order, analyses, strict=True)
    ]


def _signals(query: Query, index: Index, candidates: Candidates, *, alike: bool) -> npt.NDArray[np.float64]:
    """`PASSAGE_SIGNALS` of the candidates, shape (candidates, signals)."""
    looking_alike = np.zeros(len(candidates.rows))
    if alike:
        likeness = index.best_term_scores(candidates.rows.tolist(), query.cognates.likeness)
        looking_alike = likeness.mean(axis=1) if likeness.size else looking_alike
    of_candidates = [
        candidates.dense,
        candidates.best_sentence,
        candidates.best_pair,
        candidates.lexical,
        looking_alike,
    ]
    return np.array(of_candidates, dtype=np.float64).T


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
