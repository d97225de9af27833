"""Question to passages: candidates of three searches ranked by weighted features, their sentences one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt

from index.reader import Index
from index.records import Post
from index.search.candidates import Candidates, SearchQuery
from index.search.vectors import Allowed
from qa.answering.features import ScoredChunk, sentence_features
from qa.answering.weights import PASSAGE_FEATURES, Linear, Weights
from qa.question.query import Query
from qa.records import Evidence, Passage, PassageFeatures, SentenceFeatures
from qa.settings import AskSettings

_BY_CHANCE = 5.0
_LINK_LIST = 0.7  # share of a post's text in links from which it is a list of links


def retrieve(
    query: Query, index: Index, weights: Weights, settings: AskSettings, k: int, allowed: Allowed | None = None
) -> list[Passage]:
    """The k best passages, best first; those with the same words shown once, with all their posts.

    Args:
        allowed: For each chunk whether it may be returned; None allows all.
    """
    merged = _merged(ranked_chunks(query, index, weights, settings, k, allowed))[:k]
    best = [candidate for candidate, _ in merged[: settings.evidence_depth]]
    evidence = [*_evidence(query, best, weights.sentence, settings), *[()] * (len(merged) - len(best))]
    return [_passage(*pair, sentences) for pair, sentences in zip(merged, evidence, strict=True)]


def retrieve_by_post(
    query: Query,
    index: Index,
    weights: Weights,
    settings: AskSettings,
    most_posts: int,
    per_post: int,
    allowed: Allowed | None = None,
) -> list[list[Passage]]:
    """The best passages of each of the best posts, the best post first, their sentences one by one.

    Args:
        most_posts: How many posts.
        per_post: Most passages of a post.
        allowed: For each chunk whether it may be returned; None allows all.
    """
    scored = _scored_candidates(query, index, weights, max(settings.candidates, 2 * per_post * most_posts), allowed)
    of_posts: dict[int, list[int]] = {}
    for at in scored.order:
        post = int(index.structures.chunk_posts[scored.candidates.rows[at]])
        if post in of_posts or len(of_posts) < most_posts:
            of_posts.setdefault(post, []).append(at)
    chosen = [at for places in of_posts.values() for at in places[:per_post]]
    chunks = sorted(scored.chunks(query, chosen, index, settings), key=lambda chunk: -chunk.score)
    passages: dict[str, list[Passage]] = {}
    for chunk, evidence in zip(chunks, _evidence(query, chunks, weights.sentence, settings), strict=True):
        passages.setdefault(chunk.post.id, []).append(_passage(chunk, (), evidence))
    return list(passages.values())


def ranked_chunks(
    query: Query, index: Index, weights: Weights, settings: AskSettings, k: int, allowed: Allowed | None = None
) -> list[ScoredChunk]:
    """Candidates of all three searches with their features, best first, at most about k of them."""
    scored = _scored_candidates(query, index, weights, max(settings.candidates, k), allowed)
    order = scored.order[: max(k, settings.evidence_depth) + settings.evidence_depth]
    return sorted(scored.chunks(query, order, index, settings), key=lambda candidate: -candidate.score)


@dataclass(frozen=True)
class _ScoredCandidates:
    """Candidates with their features, shape (candidates, features), and scores; `order` has their numbers, best first.

    The penalty of link lists is not yet taken off: it needs the posts themselves.
    """

    candidates: Candidates
    features: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]

    @cached_property
    def order(self) -> list[int]:
        numbers: list[int] = np.argsort(-self.scores, kind="stable").tolist()
        return numbers

    def chunks(self, query: Query, numbers: Sequence[int], index: Index, settings: AskSettings) -> list[ScoredChunk]:
        """Some of the candidates with their words, in the order asked for."""
        analyses = index.analyses(self.candidates.rows[list(numbers)].tolist())
        return [
            ScoredChunk(
                analysis,
                PassageFeatures(*self.features[at].tolist()),
                float(self.scores[at]) - _penalty(query, analysis.post, self.candidates.lexical[at], settings),
                self.candidates.cosines(at),
            )
            for at, analysis in zip(numbers, analyses, strict=True)
        ]


def _scored_candidates(
    query: Query, index: Index, weights: Weights, k: int, allowed: Allowed | None
) -> _ScoredCandidates:
    searched = SearchQuery(query.vector, {language: terms.weights for language, terms in query.terms.items()})
    candidates = index.search(searched, k, allowed)
    features = _features(query, index, candidates, cognates="cognate_overlap" in weights.passage.weights)
    scores = features @ weights.passage.over(PASSAGE_FEATURES) + weights.passage.intercept
    return _ScoredCandidates(candidates, features, scores)


def _penalty(query: Query, post: Post, lexical: float, settings: AskSettings) -> float:
    """What a passage loses that is hardly an answer whatever its features.

    The posts that a list of links points to say more than it does. Where the encoder does not read the question's
    language and posts in it are there, a passage in another one that shares no word with it is near by chance.
    """
    is_link_list = post.link_share >= _LINK_LIST
    is_chance = not query.is_read and not query.is_foreign and query.is_foreign_to(post.language) and lexical == 0
    return settings.link_list_penalty * is_link_list + _BY_CHANCE * is_chance


def _features(query: Query, index: Index, candidates: Candidates, *, cognates: bool) -> npt.NDArray[np.float64]:
    """`PASSAGE_FEATURES` of the candidates, shape (candidates, features)."""
    overlap = np.zeros(len(candidates.rows))
    if cognates:
        scores = index.best_term_scores(candidates.rows.tolist(), query.cognates.scores)
        overlap = scores.mean(axis=1) if scores.size else overlap
    columns = [candidates.dense, candidates.best_sentence, candidates.best_pair, candidates.lexical, overlap]
    return np.array(columns, dtype=np.float64).T


def _evidence(
    query: Query, candidates: Sequence[ScoredChunk], weights: Linear, settings: AskSettings
) -> list[tuple[Evidence, ...]]:
    """Each chunk's sentences, best first."""
    by_name = weights.over(SentenceFeatures._fields)
    cognates = "cognate_overlap" in weights.weights
    rows = [sentence_features(query, candidate, cognates=cognates) for candidate in candidates]
    flat = [row for of_chunk in rows for row in of_chunk]
    scores = (np.array(flat).reshape(len(flat), len(by_name)) @ by_name).tolist()
    ends = accumulate(map(len, rows), initial=0)
    return [
        _sentences(
            candidate,
            of_chunk,
            scores[start:end],
            _penalty(query, candidate.post, candidate.features.lexical, settings),
        )
        for candidate, of_chunk, (start, end) in zip(candidates, rows, pairwise(ends), strict=True)
    ]


def _sentences(
    candidate: ScoredChunk, rows: Sequence[SentenceFeatures], scores: Sequence[float], penalty: float
) -> tuple[Evidence, ...]:
    evidence = [
        Evidence(sentence.start, sentence.end, text, sentence.kind, score - penalty, features)
        for sentence, text, score, features in zip(
            candidate.chunk.sentences, candidate.analysis.texts, scores, rows, strict=True
        )
    ]
    return tuple(sorted(evidence, key=lambda sentence: -sentence.score))


def _passage(candidate: ScoredChunk, also_in: Sequence[Post], evidence: tuple[Evidence, ...]) -> Passage:
    chunk = candidate.chunk
    return Passage(
        post=candidate.post,
        text=chunk.text,
        start=chunk.start,
        end=chunk.end,
        headings=chunk.headings,
        score=candidate.score,
        features=candidate.features,
        evidence=evidence,
        also_in=tuple(also_in),
    )


def _merged(candidates: Sequence[ScoredChunk]) -> list[tuple[ScoredChunk, list[Post]]]:
    """Chunks with nearly the same words shown once, at the best one's rank, with the other posts named."""
    kept: list[tuple[ScoredChunk, list[Post]]] = []
    seen: set[int] = set()
    for candidate in candidates:
        analysis = candidate.analysis
        similar = () if seen.isdisjoint(analysis.first_shingles) else kept
        seen |= analysis.first_shingles
        same = next((pair for pair in similar if analysis.says_nearly(pair[0].analysis)), None)
        if same is None:
            kept.append((candidate, []))
        elif candidate.post.id not in {same[0].post.id, *(post.id for post in same[1])}:
            same[1].append(candidate.post)
    return kept
