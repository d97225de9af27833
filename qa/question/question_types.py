"""What type of value a question asks for, and whether a text holds one.

Rules over words, in English and Spanish: a question they do not recognise is `OTHER`, which asks for no type of value
and so changes nothing. Numbers are found in texts of every language, and a capital marks a name.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.tokenize import folded, words
from qa.question.question_patterns import QuestionType, numbers_in, patterns_in

__all__ = [
    "QuestionType",
    "asked_noun",
    "asks_author",
    "asks_price",
    "holds_price",
    "holds_value",
    "question_type",
    "recognises",
]

_WITH_FIGURES = (QuestionType.NUMBER, QuestionType.TIME)
_NAME = re.compile(r"(?<![.!?:“\"]\s)(?<!^)\b[A-ZÀ-Þ][\w’'\-]*[a-zà-ÿ][\w’'\-]*")
_PRICE = re.compile(
    r"[$€£¥₹₽]\s?\d|\d\s?(?:[$€£¥₹₽]|(?:usd|eur|gbp|chf|cents?|dollars?|euros?|pounds?|crowns?|dólares|pesos|céntimos)\b)"
    r"|\b(?:free of charge|for free|is free|are free|gratis|gratuit[oa]s?)\b",
    re.I,
)
_TWO_NAMES = re.compile(r"\b[A-ZÀ-Þ][\w’'\-.]+\s+(?:[A-Za-z]{1,3}\.?\s+)?[A-ZÀ-Þ][\w’'\-]+")


def question_type(question: str, language: str = "en") -> QuestionType:
    """What type of value a question in a language asks for."""
    if (patterns := patterns_in(language)) is None:
        return QuestionType.OTHER
    default = QuestionType.NAME if asked_noun(question, language) else QuestionType.OTHER
    return next((asked for asked, pattern in patterns.asks.items() if pattern.search(question)), default)


def asks_author(question: str, language: str = "en") -> bool:
    """Whether a question asks for the author of a post."""
    patterns = patterns_in(language)
    if patterns is None or not patterns.authorship.search(question):
        return False
    return bool(patterns.about_post.search(question)) or "author" in question.casefold()


def asks_price(question: str, language: str = "en") -> bool:
    """Whether a question asks what something costs."""
    patterns = patterns_in(language)
    return patterns is not None and bool(patterns.asks_price.search(question))


def holds_price(text: str) -> bool:
    """Whether a text states a price: an amount of a currency, or that something is free."""
    return bool(_PRICE.search(text))


def asked_noun(question: str, language: str = "en") -> str:
    """The word after "which" or "what", when it says what sort of thing is asked for; else nothing."""
    patterns = patterns_in(language)
    match = patterns.asked_noun.search(question) if patterns else None
    return match["noun"] if patterns and match and match["noun"].casefold() not in patterns.not_asked else ""


def recognises(asked: QuestionType, language: str) -> bool:
    """Whether a value of a type would be recognised in a text in a language, so that its absence says something."""
    return patterns_in(language) is not None or asked in _WITH_FIGURES


def holds_value(asked: QuestionType, text: str, question: str, language: str = "en") -> bool:
    """Whether a text holds a value of a type that the question itself does not state.

    Args:
        asked: The type.
        text: Where it is looked for.
        question: In any language.
        language: The text's.
    """
    patterns = patterns_in(language)
    if asked in (QuestionType.PLACE, QuestionType.REASON):
        return patterns is not None and bool(patterns.holds[asked].search(text))
    stated = _stated_words(question)
    return any(not value <= stated for value in _values(asked, text, language))


@lru_cache(maxsize=2**14)
def _values(asked: QuestionType, text: str, language: str) -> tuple[frozenset[str], ...]:
    """The words, folded, of each number, time or name in a text."""
    patterns = patterns_in(language)
    if asked is QuestionType.TIME and patterns:
        return tuple(frozenset((match.group().casefold(),)) for match in patterns.holds[asked].finditer(text))
    if asked in _WITH_FIGURES:
        spelt = numbers_in(language)
        return tuple(frozenset((word,)) for word in map(folded, words(text)) if word[0].isdigit() or word in spelt)
    if asked is QuestionType.PERSON:
        names = (*_NAME.finditer(text), *_TWO_NAMES.finditer(text))
        return tuple(frozenset(folded(word) for word in words(match.group())) for match in names)
    if asked is QuestionType.NAME:
        return tuple(frozenset((folded(match.group()),)) for match in _NAME.finditer(text))
    return ()


@lru_cache(maxsize=16)
def _stated_words(question: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words(question))
