"""A question as the retriever works with it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.encoders import Encoder, Vectors
from index.encoders.languages import languages_of
from index.errors import QuestionError
from index.search.candidates import TermStatistics
from index.sources.decoding import clean
from index.text.stemming import term_language, term_languages
from index.text.tokenize import terms
from qa.messages import ENGLISH, Messages
from qa.question.cognates import Cognates, content_words
from qa.question.language import UNDETERMINED, known_languages, language_of
from qa.question.language_means import centred, typicality
from qa.question.question_types import QuestionType, asked_noun, asks_author, question_type
from qa.question.spelling import corpus_terms, corrected_question, foreign_terms


@dataclass(frozen=True)
class QueryTerms:
    """A question's terms, stemmed by the rules of one language of the posts, with their weights (idf).

    Attributes:
        asked_noun: The term of the X in "which X …", "what X …"; empty for other questions.
    """

    weights: dict[str, float]
    asked_noun: str

    @cached_property
    def weight(self) -> float:
        """The sum of all terms' weights."""
        return sum(self.weights.values())

    @cached_property
    def names(self) -> frozenset[str]:
        """The terms, each once."""
        return frozenset(self.weights)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Terms that follow each other."""
        return list(pairwise(self.weights))

    def share(self, some: Set[str]) -> float:
        """The share of the question's weight that some of its terms hold, 0 to 1."""
        if not some or not self.weight:
            return 0.0
        # fsum does not depend on the order, which of a set is not the same in every process
        return math.fsum(map(self.weights.__getitem__, some)) / self.weight


@dataclass(frozen=True)
class Query:
    """A question with its vector, the type of its answer, and its terms in the languages of the posts.

    Attributes:
        vector: Shape (d,), of unit length.
        language: Two-letter code of the language it is asked in; in doubt that of the posts.
        languages: Those of the posts, the commonest first.
        terms: For each language whose rules posts are stemmed by (`index.text.stemming.term_language`).
        cognates: Its content words, to be matched with similarly spelt words.
        typicality: Cosine of a question in another language than the posts with its language's mean; else 0.
        greatest_weight: The weight of a term that no chunk holds.
        is_read: Whether the encoder was made for its language.
    """

    text: str
    vector: Vectors
    language: str
    languages: tuple[str, ...]
    terms: Mapping[str, QueryTerms]
    cognates: Cognates
    typicality: float
    type: QuestionType
    greatest_weight: float
    asks_author: bool
    is_read: bool = True

    def terms_in(self, language: str) -> QueryTerms:
        """The terms that posts in a language are searched for."""
        return self.terms[term_language(language)]

    @cached_property
    def is_foreign(self) -> bool:
        """Whether no post is in its language."""
        return self.language not in known_languages(self.languages)

    def is_foreign_to(self, language: str) -> bool:
        """Whether a post's language is known and not the question's."""
        return language not in (self.language, UNDETERMINED)


def checked_question(question: str, limit: int, messages: Messages = ENGLISH) -> str:
    """A question in the form in which posts are stored, without the space around it.

    Args:
        question: As asked.
        limit: Most characters.
        messages: For what is wrong with it.

    Raises:
        QuestionError: It is empty, holds no letter or digit, or is longer than `limit` characters.
    """
    if not isinstance(question, str):
        raise QuestionError("the question is not a text", seen=type(question).__name__, remedy="Pass a str.")
    if len(question) > limit:
        raise QuestionError(
            messages.too_long,
            where="question",
            seen=messages.too_long_seen.format(count=messages.count(len(question))),
            remedy=messages.too_long_remedy.format(limit=messages.count(limit)),
        )
    text = " ".join(clean(question.replace("\0", " ")).split())
    if not any(letter.isalnum() for letter in text):
        raise QuestionError(messages.empty, where="question", seen=text or None, remedy=messages.empty_remedy)
    return text


def understand(text: str, encoder: Encoder, statistics: TermStatistics, centring: float = 0.0) -> Query:
    """Encode a question and weight its terms against a corpus.

    Args:
        text: The question.
        encoder: The one that built the corpus' index.
        statistics: Of the corpus' terms.
        centring: Share of its language's mean to subtract from a question in another language than the posts.
    """
    language = language_of(text, statistics.languages)
    is_foreign = language not in known_languages(statistics.languages)
    if not is_foreign:
        text = corrected_question(text, lambda word: len(encoder.token_spans(word)), statistics, language)
    noun = asked_noun(text, language)
    vector = encoder.encode_query([text])[0]
    return Query(
        text=text,
        vector=centred(vector, language, encoder, centring) if is_foreign else vector,
        language=language,
        languages=statistics.languages,
        terms={
            stemmed_as: _terms(text, noun, statistics, stemmed_as, language)
            for stemmed_as in term_languages(statistics.languages or (language,))
        },
        cognates=Cognates(content_words(text, language), lambda term: statistics.idf(term) / statistics.greatest_idf),
        typicality=typicality(vector, language, encoder) if is_foreign and centring else 0.0,
        type=question_type(text, language),
        greatest_weight=statistics.greatest_idf,
        asks_author=asks_author(text, language),
        is_read=language in languages_of(encoder.identity.name),
    )


def _terms(text: str, noun: str, statistics: TermStatistics, stemmed_as: str, language: str) -> QueryTerms:
    if term_language(language) == stemmed_as:
        kept = corpus_terms(list(dict.fromkeys(terms(text, stemmed_as))), statistics, stemmed_as)
        asked = terms(noun, stemmed_as)
    else:
        kept = foreign_terms(text, statistics, stemmed_as, language)
        asked = foreign_terms(noun, statistics, stemmed_as, language)
    return QueryTerms({term: statistics.idf(term) for term in kept}, next(iter(asked), ""))
