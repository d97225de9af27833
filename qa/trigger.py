"""Does the corpus answer this at all? A probability from the signals the retriever already has."""

from __future__ import annotations

import math
from collections.abc import Sequence

from index.terms import folded, terms, words
from qa.answer import Weighed, ranked_evidence
from qa.kinds import Kind, holds_value
from qa.query import Query
from qa.records import Passage
from qa.weights import Weights

_FROM_BEST = (
    "similarity",
    "coverage",
    "coverage_context",
    "coverage_neighbours",
    "pairs",
    "author",
    "length",
)
_VALUED = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.REASON)
CONFIDENCE_SIGNALS = (
    *_FROM_BEST,
    "dense",
    "sentence",
    "lexical",
    "best_dense",
    "best_lexical",
    "margin",
    "passage_margin",
    "heaviest_missing",
    "unknown",
    "names_missing",
    "numbers_missing",
    "value_missing",
    "agreement",
)


def confidence_signals(query: Query, passages: Sequence[Passage]) -> dict[str, float]:
    """The signals of `CONFIDENCE_SIGNALS` by name; empty when nothing at all was found."""
    ranked = ranked_evidence(passages)
    if not ranked:
        return {}
    best = ranked[0]
    found = {name: best.evidence.signals[name] for name in _FROM_BEST}
    found.update(best.passage.signals)
    found["best_dense"] = max(passage.signals["dense"] for passage in passages)
    found["best_lexical"] = max(passage.signals["lexical"] for passage in passages)
    found["margin"] = _margin(ranked)
    found["passage_margin"] = _passage_margin(passages)
    found["heaviest_missing"] = _heaviest_missing(query, best)
    found["unknown"] = _unknown_share(query)
    found["names_missing"] = _missing(_names(query.text), best)
    found["numbers_missing"] = _missing(_numbers(query.text), best)
    valued = query.kind in _VALUED and not query.asks_author
    found["value_missing"] = float(valued and not holds_value(query.kind, best.evidence.text, query.text))
    found["agreement"] = _agreement(passages, best)
    return found


def confidence(query: Query, passages: Sequence[Passage], weights: Weights) -> float:
    """P(the corpus answers the question and the best sentence supports it), 0 to 1."""
    signals = confidence_signals(query, passages)
    if not signals:
        return 0.0
    return 0.5 * (1 + math.tanh(weights.confidence(signals) / 2))


def _margin(ranked: Sequence[Weighed]) -> float:
    """How far the best sentence lies above the best of any other post, squeezed into 0..1."""
    best = ranked[0]
    others = [one.evidence.score for one in ranked if one.passage.post.id != best.passage.post.id]
    return math.tanh(max(0.0, best.evidence.score - max(others))) if others else 1.0


def _passage_margin(passages: Sequence[Passage]) -> float:
    """How far the best passage lies above the best of any other post, squeezed into 0..1."""
    others = [passage.score for passage in passages if passage.post.id != passages[0].post.id]
    return math.tanh((passages[0].score - max(others)) / 4) if others else 1.0


def _heaviest_missing(query: Query, best: Weighed) -> float:
    """The heaviest term that the best passage, its headings and its title lack, as a share of the question."""
    held = set(terms(" ".join((best.passage.post.title, *best.passage.headings, best.passage.text))))
    missing = [weight for term, weight in query.weights.items() if term not in held]
    return max(missing, default=0.0) / query.weight if query.weight else 0.0


def _unknown_share(query: Query) -> float:
    return query.share(query.unknown)


def _names(question: str) -> set[str]:
    """Capitalised words that do not open the question, folded."""
    return {folded(word) for word in words(question)[1:] if word[0].isupper() and len(word) > 1}


def _numbers(question: str) -> set[str]:
    return {word for word in words(question) if word[0].isdigit()}


def _missing(wanted: set[str], best: Weighed) -> float:
    """The share of wanted words that neither the passage, nor its headings, nor its title hold."""
    if not wanted:
        return 0.0
    text = " ".join((best.passage.post.title, *best.passage.headings, best.passage.text))
    held = {folded(word) for word in words(text)}
    return len(wanted - held) / len(wanted)


def _agreement(passages: Sequence[Passage], best: Weighed) -> float:
    """In how many of the three passage signals the best sentence's post leads, as a share."""
    leads = [
        max(passages, key=lambda passage: passage.signals[name]).post.id == best.passage.post.id
        for name in ("dense", "sentence", "lexical")
    ]
    return sum(leads) / len(leads)
