"""What is measured of a candidate's sentences against a question.

All features are bounded and none depends on the other candidates, so that weights fitted on one corpus carry over to
another and a confidence can be computed from the same numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.records import Chunk, Post, Sentence, SentenceKind
from index.search.chunk_features import Analysis
from index.text.questions import only_asks, premise
from qa.question.query import Query, QueryTerms
from qa.question.question_patterns import refers_back_in
from qa.question.question_types import QuestionType, holds_value, question_type
from qa.records import PassageFeatures, SentenceFeatures

_VALUE_TYPES = [QuestionType(name[6:]) for name in SentenceFeatures._fields if name.startswith("holds_")]
_NO_VALUES = (0.0,) * len(_VALUE_TYPES)
_FORMS = [SentenceKind(name[3:]) for name in SentenceFeatures._fields if name.startswith("is_")]
_IS_FORM = {kind: tuple(float(kind is form) for form in _FORMS) for kind in SentenceKind}
_LONG = math.log1p(400)  # characters that count as a long sentence
_UNSPECIFIC = frozenset({QuestionType.OTHER, QuestionType.NAME})
_LIST_TYPES = (QuestionType.STEPS, QuestionType.MEMBERS)


@dataclass(frozen=True)
class ScoredChunk:
    """A candidate chunk with its words, its features and its score.

    Attributes:
        similarities: Cosine of the question and each sentence, in the sentences' order.
    """

    analysis: Analysis
    features: PassageFeatures
    score: float
    similarities: Sequence[float]

    @property
    def post(self) -> Post:
        """The chunk's post."""
        return self.analysis.post

    @property
    def chunk(self) -> Chunk:
        """The chunk itself."""
        return self.analysis.chunk


@lru_cache(maxsize=2**14)
def refers_back(text: str, language: str = "en") -> bool:
    """Whether a sentence opens with a word that refers to the one before it; by English rules where none are known."""
    return refers_back_in(language).match(text) is not None


def sentence_features(query: Query, candidate: ScoredChunk, *, cognates: bool = False) -> list[SentenceFeatures]:
    """The features of each sentence of a chunk.

    Args:
        query: The question.
        candidate: The chunk.
        cognates: Whether `cognate_overlap` is computed; else it is 0.
    """
    analysis, sentences = candidate.analysis, candidate.chunk.sentences
    language = candidate.post.language
    terms = query.terms_in(language)
    matches = [terms.names & of_sentence for of_sentence in analysis.held]
    context = terms.names & analysis.context
    context_share = terms.share(context)
    asks_list, asks_value = query.type in _LIST_TYPES, query.type in _VALUE_TYPES
    forms = [(sentence.kind, text) for sentence, text in zip(sentences, analysis.texts, strict=True)]
    features = []
    for at, (sentence, text, own) in enumerate(zip(sentences, analysis.texts, matches, strict=True)):
        rests_on = _premise(query, forms, at, language)
        above = matches[rests_on] if rests_on is not None else frozenset()
        features.append(
            SentenceFeatures._make(
                [
                    max(candidate.similarities[at], candidate.similarities[at if rests_on is None else rests_on]),
                    terms.share(context | own | above) if own or above else context_share,
                    terms.share(own.union(above, *matches[max(0, at - 1) : at + 2])),
                    _pair_share(terms, analysis.terms[at]) if len(own) > 1 else 0.0,
                    candidate.similarities[at - 1] if at and refers_back(text, language) else 0.0,
                    float(query.asks_author and any(name in text for name in candidate.post.authors)),
                    float(bool(terms.asked_noun) and terms.asked_noun in analysis.held[at]),
                    float(asks_list and announces_list(sentences, analysis.texts, at)),
                    *(_holds_values(query, text, language) if asks_value else _NO_VALUES),
                    *_IS_FORM[sentence.kind],
                    min(1.0, math.log1p(len(text)) / _LONG),
                    candidate.features.sentence,
                    candidate.features.lexical,
                    query.cognates.overlap(analysis.held[at]) if cognates else 0.0,
                ]
            )
        )
    return features


def _premise(query: Query, forms: Sequence[tuple[SentenceKind, str]], at: int, language: str) -> int | None:
    """The sentence that another is to be read with, unless that asks for something else than the query does."""
    place = premise(forms, at)
    if place is None or not only_asks(forms[place][1]):
        return place
    asked = question_type(forms[place][1], language)
    return place if _UNSPECIFIC & {asked, query.type} or asked is query.type else None


def announces_list(sentences: Sequence[Sentence], texts: Sequence[str], at: int) -> bool:
    """Whether a sentence ends in a colon and a list item follows."""
    ends_open = texts[at].rstrip().endswith(":")
    return ends_open and at + 1 < len(sentences) and sentences[at + 1].kind is SentenceKind.ITEM


def _holds_values(query: Query, text: str, language: str) -> list[float]:
    """For each type of value whether it is asked for and present."""
    holds = holds_value(query.type, text, query.text, language)
    return [float(holds and query.type is value_type) for value_type in _VALUE_TYPES]


def _pair_share(terms: QueryTerms, sentence: Sequence[str]) -> float:
    """The share of the question's neighbouring terms that are close together in the sentence too."""
    if not terms.pairs:
        return 0.0
    places: dict[str, list[int]] = {}
    for place, term in enumerate(sentence):
        places.setdefault(term, []).append(place)
    near = sum(
        any(abs(one - other) <= 2 for one in places.get(left, ()) for other in places.get(right, ()))
        for left, right in terms.pairs
    )
    return near / len(terms.pairs)
