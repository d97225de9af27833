"""Does the corpus answer this at all? A probability from the signals the retriever already has.

The signals were chosen by leaving out, one after the other, every one without which questions are told apart
as well or better (XQuAD by article and the sample posts, each also with the answering paragraph taken away).
Margins between candidates and agreement between the searches went that way: they say whether the best stands
out, and over a near miss it stands out as well. Between languages there are fewer words to go by, and margins
earn their place again: they have weights for such questions alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from index.text.tokenize import folded, words
from qa.answering.features import ALIKE
from qa.answering.quotes import Weighed, ranked_evidence
from qa.answering.weights import Weights
from qa.question.cognates import Cognates
from qa.question.query import Query, Reading
from qa.question.question_types import Kind, can_tell, holds_value
from qa.records import Passage

_VALUED = (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE, Kind.REASON)
_FAR = 10.0  # in log-odds: what stands out so far leaves little doubt
_NOWHERE = (-math.inf, -math.inf)
_MANY = 4.0  # heaviest terms' weights: a question that has so much found again leaves little doubt
CONFIDENCE_SIGNALS = (
    "similarity",
    "dense",
    "sentence",
    "best_lexical",
    "found",
    "specificity",
    "author",
    "names_missing",
    "numbers_missing",
    "value_missing",
    "alike",
    "alike_sentence",
    "margin",
    "next_margin",
    "names_unlike",
    "typical",
)
"""Cosine of the best sentence; of its passage the cosine, and the best cosine of a sentence in it; the best share
of the question's weight in any passage; how much of that weight stands in the sentence or beside it; how heavy
the question's terms are on average; whether the sentence names the author asked for; the shares of the
question's names and numbers missing in the passage; whether a value of the kind asked for is missing; how much of
the question is found again in words of the passage, and of the sentence, that look like its own; how far the passage
stands out from the best of another post, and of a third; the share of the question's names that nothing in the passage
looks like; how typical a question it is of its language."""


def confidence_signals(query: Query, passages: Sequence[Passage]) -> dict[str, float]:
    """The signals of `CONFIDENCE_SIGNALS` by name; empty when nothing at all was found."""
    ranked = ranked_evidence(passages)
    if not ranked:
        return {}
    best = ranked[0]
    own, held = best.evidence.signals, _held(best)
    margin, next_margin = _margins(best, passages)
    return {
        "similarity": own["similarity"],
        "dense": best.passage.signals["dense"],
        "sentence": best.passage.signals["sentence"],
        "best_lexical": max(passage.signals["lexical"] for passage in passages),
        "found": _found(query, best, own["coverage_neighbours"]),
        "specificity": _specificity(query, best),
        "author": own["author"],
        "names_missing": _missing(_names(query.text), held),
        "numbers_missing": _missing(_numbers(query.text), held),
        "value_missing": float(_lacks_value(query, best)),
        "alike": best.passage.signals[ALIKE],
        "alike_sentence": own[ALIKE],
        "margin": margin,
        "next_margin": next_margin,
        "names_unlike": _unlike(_names(query.text), held),
        "typical": query.typical,
    }


def confidence(query: Query, passages: Sequence[Passage], weights: Weights) -> float:
    """P(the corpus answers the question and the best sentence supports it), 0 to 1."""
    signals = confidence_signals(query, passages)
    return weights.chance(signals) if signals else 0.0


def _margins(best: Weighed, passages: Sequence[Passage]) -> tuple[float, float]:
    """How far the best passage lies above the best of another post, and above that of a third post.

    In log-odds squeezed into -1..1; 1 where there is no other post.
    """
    by_post: dict[str, float] = {}
    for one in passages:
        by_post[one.post.id] = max(one.score, by_post.get(one.post.id, one.score))
    by_post.pop(best.passage.post.id, None)
    others = sorted(by_post.values(), reverse=True)
    first, second = (math.tanh((best.passage.score - score) / _FAR) for score in (*others, *_NOWHERE)[:2])
    return first, second


def _unlike(names: set[str], held: frozenset[str]) -> float:
    """The share of names that no word looks like."""
    if not names or not held:
        return 0.0
    alike = Cognates(sorted(names), lambda _: 1.0).likeness(sorted(held)).max(axis=0)
    return float((alike == 0).mean())


def _found(query: Query, best: Weighed, share: float) -> float:
    """A share of the question's weight as an amount, in terms of the greatest weight, squeezed into 0..1.

    Half of a question of ten terms says more than half of a question of two.
    """
    return math.tanh(share * _reading(query, best).weight / query.greatest_weight / _MANY)


def _specificity(query: Query, best: Weighed) -> float:
    """The mean weight of the question's terms as a share of the greatest, 0 to 1."""
    reading = _reading(query, best)
    return reading.weight / len(reading.weights) / query.greatest_weight if reading.weights else 0.0


def _reading(query: Query, best: Weighed) -> Reading:
    return query.reading(best.passage.post.language)


def _lacks_value(query: Query, best: Weighed) -> bool:
    valued = query.kind in _VALUED and not query.asks_author
    language = best.passage.post.language
    told = valued and can_tell(query.kind, language)
    return told and not holds_value(query.kind, best.evidence.text, query.text, language)


def _names(question: str) -> set[str]:
    """Capitalised words that do not open the question, folded."""
    return {folded(word) for word in words(question)[1:] if word[0].isupper() and len(word) > 1}


def _numbers(question: str) -> set[str]:
    return {word for word in words(question) if word[0].isdigit()}


def _held(best: Weighed) -> frozenset[str]:
    """The folded words of a passage, its headings and its title."""
    passage = best.passage
    return _folded(passage.text).union(_folded(passage.post.title), *map(_folded, passage.headings))


@lru_cache(maxsize=4_096)
def _folded(text: str) -> frozenset[str]:
    return frozenset(map(folded, words(text)))


def _missing(wanted: set[str], held: frozenset[str]) -> float:
    """The share of wanted words that are not held."""
    return len(wanted - held) / len(wanted) if wanted else 0.0
