"""A question as the retriever works with it."""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from index.encoders import Encoder, Vectors
from index.errors import QuestionError
from index.lexical import LexicalIndex
from index.sources.text import clean
from qa.kinds import Kind, asked_noun, asks_author, kind_of
from qa.spelling import corrected_terms


@dataclass(frozen=True)
class Query:
    """A question with its vector, its terms and their weights (idf), and what it asks for.

    Attributes:
        vector: Shape (d,), of unit length.
        greatest_weight: What a term that no chunk holds would weigh.
        asked_noun: The term of the X in "which X …", "what X …"; empty for other questions.
    """

    text: str
    vector: Vectors
    weights: dict[str, float]
    kind: Kind
    greatest_weight: float
    asks_author: bool
    asked_noun: str

    @cached_property
    def weight(self) -> float:
        """The sum of all terms' weights."""
        return sum(self.weights.values())

    @cached_property
    def terms(self) -> frozenset[str]:
        """The terms, each once."""
        return frozenset(self.weights)

    @cached_property
    def neighbours(self) -> list[tuple[str, str]]:
        """Terms that follow each other."""
        return list(pairwise(self.weights))

    def share(self, held: Set[str]) -> float:
        """The share of the question's weight that some of its terms hold, 0 to 1."""
        if not held or not self.weight:
            return 0.0
        # fsum does not depend on the order, which of a set is not the same in every process
        return math.fsum(map(self.weights.__getitem__, held)) / self.weight


def checked_question(question: str, limit: int) -> str:
    """A question in the form in which posts are stored, without the space around it.

    Raises:
        QuestionError: It is empty, holds no letter or digit, or is longer than `limit` characters.
    """
    if not isinstance(question, str):
        raise QuestionError("the question is not a text", seen=type(question).__name__, remedy="Pass a str.")
    if len(question) > limit:
        raise QuestionError(
            "the question is too long",
            where="question",
            seen=f"{len(question):,} characters",
            remedy=f"Ask in at most {limit:,} characters.",
        )
    text = " ".join(clean(question.replace("\0", " ")).split())
    if not any(letter.isalnum() for letter in text):
        raise QuestionError("the question is empty", where="question", seen=text or None, remedy="Type a question.")
    return text


def understand(text: str, encoder: Encoder, lexical: LexicalIndex) -> Query:
    """Encode a question and weigh its terms against a corpus."""
    terms = corrected_terms(list(dict.fromkeys(lexical.terms(text))), lexical)
    return Query(
        text=text,
        vector=encoder.encode_query([text])[0],
        weights={term: lexical.idf(term) for term in terms},
        greatest_weight=lexical.greatest_idf,
        kind=kind_of(text),
        asks_author=asks_author(text),
        asked_noun=next(iter(lexical.terms(asked_noun(text))), ""),
    )
