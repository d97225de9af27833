"""Does the corpus answer this at all? A probability from features that the retriever already has.

The features were chosen by leaving out, one after the other, every one without which answerable and unanswerable
questions are distinguished as well or better (XQuAD by article and the sample posts, each also with the answering
paragraph removed). Margins between candidates and agreement between the searches were dropped that way: they say
whether the best stands out, and over a near miss it stands out as well. Questions in another language than the posts
share fewer words with them, and there margins help again: they have weights for such questions alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.text.tokenize import folded, words
from qa.answering.quotes import ScoredSentence, ranked_sentences
from qa.answering.weights import Weights
from qa.question.cognates import Cognates
from qa.question.query import Query
from qa.question.question_types import QuestionType, holds_value, recognises
from qa.records import Passage

_VALUE_TYPES = [QuestionType(name) for name in ("number", "time", "person", "place", "reason")]
_FAR = 10.0  # in log-odds: a best passage that stands out so far leaves little doubt
_NO_POSTS = (-math.inf, -math.inf)
_MANY = 4.0  # heaviest terms' weights: a question of which so much is matched leaves little doubt


class ConfidenceFeatures(NamedTuple):
    """What the confidence is computed from.

    Attributes:
        similarity: Cosine of question and best sentence.
        dense: Cosine of question and its passage.
        sentence: Best cosine of question and a sentence of that passage.
        best_lexical: Best share of the question's term weight in any passage.
        matched_weight: How much of that weight is in the best sentence or its neighbours.
        specificity: How heavy the question's terms are on average.
        author: Whether the sentence names the author asked for.
        names_missing, numbers_missing: Shares of the question's names and numbers that the passage lacks.
        value_missing: Whether a value of the type asked for is missing.
        cognate_overlap, sentence_cognate_overlap: How much of the question recurs in similarly spelt words of the
            passage, and of the sentence.
        margin, next_margin: How far the passage stands out from the best of another post, and of a third.
        names_without_cognate: Share of the question's names that no word of the passage resembles.
        typicality: How typical a question it is of its language.
    """

    similarity: float
    dense: float
    sentence: float
    best_lexical: float
    matched_weight: float
    specificity: float
    author: float
    names_missing: float
    numbers_missing: float
    value_missing: float
    cognate_overlap: float
    sentence_cognate_overlap: float
    margin: float
    next_margin: float
    names_without_cognate: float
    typicality: float


CONFIDENCE_FEATURES = ConfidenceFeatures._fields


def confidence_features(query: Query, passages: Sequence[Passage]) -> ConfidenceFeatures | None:
    """The features of the best sentence and its passage; None when no sentence was retrieved."""
    ranked = ranked_sentences(passages)
    if not ranked:
        return None
    best = ranked[0]
    of_passage, of_sentence = best.passage.features, best.evidence.features
    present = _words_of(best)
    margin, next_margin = _margins(best, passages)
    return ConfidenceFeatures(
        similarity=of_sentence.similarity,
        dense=of_passage.dense,
        sentence=of_passage.sentence,
        best_lexical=max(passage.features.lexical for passage in passages),
        matched_weight=_matched_weight(query, best),
        specificity=_specificity(query, best),
        author=of_sentence.author,
        names_missing=_missing(_names(query.text), present),
        numbers_missing=_missing(_numbers(query.text), present),
        value_missing=float(_lacks_value(query, best)),
        cognate_overlap=of_passage.cognate_overlap,
        sentence_cognate_overlap=of_sentence.cognate_overlap,
        margin=margin,
        next_margin=next_margin,
        names_without_cognate=_without_cognate(_names(query.text), present),
        typicality=query.typicality,
    )


def confidence(query: Query, passages: Sequence[Passage], weights: Weights) -> float:
    """P(the corpus answers the question and the best sentence supports it), 0 to 1."""
    features = confidence_features(query, passages)
    return weights.probability(features) if features else 0.0


def _margins(best: ScoredSentence, passages: Sequence[Passage]) -> tuple[float, float]:
    """How far the best passage lies above the best of another post, and above that of a third post.

    In log-odds squeezed into -1..1; 1 where there is no other post.
    """
    by_post: dict[str, float] = {}
    for passage in passages:
        by_post[passage.post.id] = max(passage.score, by_post.get(passage.post.id, passage.score))
    by_post.pop(best.passage.post.id, None)
    others = sorted(by_post.values(), reverse=True)
    first, second = (math.tanh((best.passage.score - score) / _FAR) for score in (*others, *_NO_POSTS)[:2])
    return first, second


def _without_cognate(names: set[str], present: frozenset[str]) -> float:
    """The share of names that no word resembles."""
    if not names or not present:
        return 0.0
    scores = Cognates(sorted(names), lambda _: 1.0).scores(sorted(present)).max(axis=0)
    return float((scores == 0).mean())


def _matched_weight(query: Query, best: ScoredSentence) -> float:
    """The question's weight in and beside the sentence as an amount, in greatest term weights, squeezed into 0..1.

    Half of a question of ten terms says more than half of a question of two.
    """
    share, weight = best.evidence.features.coverage_neighbours, query.terms_in(best.passage.post.language).weight
    return math.tanh(share * weight / query.greatest_weight / _MANY)


def _specificity(query: Query, best: ScoredSentence) -> float:
    """The mean weight of the question's terms as a share of the greatest, 0 to 1."""
    terms = query.terms_in(best.passage.post.language)
    return terms.weight / len(terms.weights) / query.greatest_weight if terms.weights else 0.0


def _lacks_value(query: Query, best: ScoredSentence) -> bool:
    language = best.passage.post.language
    asks_value = query.type in _VALUE_TYPES and not query.asks_author
    can_tell = asks_value and recognises(query.type, language)
    return can_tell and not holds_value(query.type, best.evidence.text, query.text, language)


def _names(question: str) -> set[str]:
    """Capitalised words that do not open the question, folded."""
    return {folded(word) for word in words(question)[1:] if word[0].isupper() and len(word) > 1}


def _numbers(question: str) -> set[str]:
    return {word for word in words(question) if word[0].isdigit()}


def _words_of(best: ScoredSentence) -> frozenset[str]:
    """The folded words of a passage, its headings and its title."""
    passage = best.passage
    return _folded(passage.shown).union(_folded(passage.post.title), *map(_folded, passage.headings))


@lru_cache(maxsize=4_096)
def _folded(text: str) -> frozenset[str]:
    return frozenset(map(folded, words(text)))


def _missing(wanted: set[str], present: frozenset[str]) -> float:
    """The share of wanted words that are not present."""
    return len(wanted - present) / len(wanted) if wanted else 0.0
