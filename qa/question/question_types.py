"""What kind of value a question asks for, and whether a text holds one.

Rules over words, in English and Spanish: a question they do not know is `OTHER`, which asks for no kind of value
and so changes nothing. Numbers are found in texts of every language, and capitals stand for names.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.text.tokenize import folded, words
from qa.question.question_patterns import ENGLISH, WORDS, Kind

__all__ = ["Kind", "asked_noun", "asks_author", "can_tell", "holds_value", "kind_of"]

_WITH_FIGURES = (Kind.NUMBER, Kind.TIME)
_NAME = re.compile(r"(?<![.!?:“\"]\s)(?<!^)\b[A-ZÀ-Þ][\w’'\-]*[a-zà-ÿ][\w’'\-]*")
_TWO_NAMES = re.compile(r"\b[A-ZÀ-Þ][\w’'\-.]+\s+(?:[A-Za-z]{1,3}\.?\s+)?[A-ZÀ-Þ][\w’'\-]+")


def kind_of(question: str, language: str = "en") -> Kind:
    """What kind of value a question in a language asks for."""
    if (known := WORDS.get(language)) is None:
        return Kind.OTHER
    unnamed = Kind.NAME if asked_noun(question, language) else Kind.OTHER
    return next((kind for kind, pattern in known.questions if pattern.search(question)), unnamed)


def asks_author(question: str, language: str = "en") -> bool:
    """Whether a question is after the author of a post."""
    known = WORDS.get(language)
    if known is None or not known.authorship.search(question):
        return False
    return bool(known.about_post.search(question)) or "author" in question.casefold()


def asked_noun(question: str, language: str = "en") -> str:
    """The word after "which" or "what", when it says what sort of thing is asked for; else nothing."""
    known = WORDS.get(language)
    found = known.asked_noun.search(question) if known else None
    return found["noun"] if known and found and found["noun"].casefold() not in known.no_noun else ""


def can_tell(kind: Kind, language: str) -> bool:
    """Whether a text in a language shows that it holds no value of a kind."""
    return language in WORDS or kind in _WITH_FIGURES


def holds_value(kind: Kind, text: str, question: str, language: str = "en") -> bool:
    """Whether a text holds a value of a kind that the question itself does not state.

    Args:
        kind: What is asked for.
        text: Where it is looked for.
        question: In any language.
        language: The text's.
    """
    known = WORDS.get(language)
    if kind is Kind.PLACE:
        return known is not None and bool(known.place.search(text))
    if kind is Kind.REASON:
        return known is not None and bool(known.reason.search(text))
    asked = _asked_words(question)
    return any(not value <= asked for value in _values(kind, text, language))


@lru_cache(maxsize=2**14)
def _values(kind: Kind, text: str, language: str) -> tuple[frozenset[str], ...]:
    """The words, folded, of each number, time or name in a text."""
    known = WORDS.get(language)
    if kind is Kind.NUMBER or (kind is Kind.TIME and known is None):
        spelt = (known or ENGLISH).numbers
        return tuple(frozenset((word,)) for word in map(folded, words(text)) if word[0].isdigit() or word in spelt)
    if kind is Kind.TIME and known is not None:
        return tuple(frozenset((match.group().casefold(),)) for match in known.time.finditer(text))
    if kind is Kind.PERSON:
        names = (*_NAME.finditer(text), *_TWO_NAMES.finditer(text))
        return tuple(frozenset(folded(word) for word in words(match.group())) for match in names)
    if kind is Kind.NAME:
        return tuple(frozenset((folded(match.group()),)) for match in _NAME.finditer(text))
    return ()


@lru_cache(maxsize=16)
def _asked_words(question: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words(question))
