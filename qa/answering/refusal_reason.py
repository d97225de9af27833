"""Why the posts do not answer, where it can be told: no sentence near the question gives what it asks for."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answering.quotes import ranked_sentences
from qa.question.query import Query
from qa.question.question_types import QuestionType, asks_price, holds_price, holds_value, recognises
from qa.records import Passage

PRICE = "price"
_TOLD = (QuestionType.NUMBER, QuestionType.TIME, QuestionType.PERSON, QuestionType.REASON)
_NEAR = 12  # best sentences that are looked at


def missing_value(query: Query, passages: Sequence[Passage]) -> str | None:
    """What a question asks for and none of the best sentences gives: "price", "number", "time", "person", "reason".

    None where one of them gives it, where it asks for something else, or where a value would not be recognised.
    """
    near = [(one.evidence.text, one.passage.post.language) for one in ranked_sentences(passages)[:_NEAR]]
    if not near:
        return None
    if asks_price(query.text, query.language):
        return None if any(holds_price(text) for text, _ in near) else PRICE
    if query.type not in _TOLD or not all(recognises(query.type, language) for _, language in near):
        return None
    held = any(holds_value(query.type, text, query.text, language) for text, language in near)
    return None if held else query.type.value
