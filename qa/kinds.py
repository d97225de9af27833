"""What kind of value a question asks for, and whether a text holds one.

Rules over words, in English: a question they do not know is `OTHER`, which asks for no kind of value and so
changes nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from index.terms import folded, words


class Kind(StrEnum):
    """What would answer a question."""

    NUMBER = "number"
    TIME = "time"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    STEPS = "steps"
    MEMBERS = "members"
    NAME = "name"
    OTHER = "other"


# The first that matches decides, so the more specific stand above.
_QUESTIONS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.I))
    for kind, pattern in (
        (Kind.TIME, r"\bwhen\b|\b(?:what|which|in what|in which) (?:year|date|day|month|century|decade|season)\b"),
        (
            Kind.NUMBER,
            r"\bhow (?:many|much|old|long|far|often|large|big|tall|high|fast|few|heavy|deep|wide|likely)\b"
            r"|\b(?:what|which) (?:percent\w*|share|number|fraction|rate|proportion|amount|age|price|score|size)\b"
            r"|\bwhat (?:is|was|were|are) the (?:\w+ )?(?:percent\w*|number|rate|size|cost|price|count|total|score)\b",
        ),
        (
            Kind.PERSON,
            r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:person|researcher|author|scientist|player|artist)\b",
        ),
        (
            Kind.PLACE,
            r"\bwhere\b|\b(?:what|which) (?:city|country|countries|place|state|town|beach|location|region|river)\b",
        ),
        (
            Kind.REASON,
            r"\bwhy\b|\bhow come\b|\bwhat (?:was |is |were |are )?(?:the )?(?:cause|reason|motivation|purpose)",
        ),
        (
            Kind.STEPS,
            r"\bhow (?:do|can|should|would|to|must)\b(?! \w+ (?:work|compare))|\bsteps\b",
        ),
        (
            Kind.MEMBERS,
            r"\b(?:list|name all|enumerate)\b|\b(?:what|which) (?:are|were) the (?:\w+ )?(?:\w+s)\b",
        ),
    )
)
_ASKED_NOUN = re.compile(r"\b(?:which|what)\s+(?:kind of |sort of |type of )?(?P<noun>[^\W\d_]{3,})", re.I)
_NO_NOUN = frozenset(
    """was were are did does has have had can could will would should might may the this that these those happens
    happened about makes made else exactly""".split()
)
_AUTHORSHIP = re.compile(
    r"\b(?:who|which (?:person|people|author|authors))\b.{0,20}\b(?:wrote|written|authored|posted|published|penned)\b"
    r"|\bauthors?\b.{0,30}\b(?:post|article|blog|piece|entry)\b|\b(?:written|posted) by whom\b"
    r"|\bwho (?:is|are|was|were) the (?:\w+ )?authors?\b",
    re.I,
)
_ABOUT_POST = re.compile(r"\b(?:post|article|blog|piece|entry|story)\b", re.I)

_NUMBER_WORDS = frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fifteen twenty thirty forty fifty
    sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion trillion dozen half third
    thirds quarter once twice both single double none zero percent""".split()
)
_TIME = re.compile(
    r"\b(?:1[0-9]{3}|20[0-9]{2})s?\b|\b(?:january|february|march|april|may|june|july|august|september|october|"
    r"november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|fall|winter|"
    r"century|centuries|decade|midnight|noon|today|yesterday|ago|q[1-4])\b"
    r"|\b\d{1,2}:\d\d\b|\b(?:years?|months?|weeks?|days?) (?:later|earlier|after|before)\b",
    re.I,
)
_PLACE = re.compile(
    r"\b(?:in|at|near|from|to|of|on|across|along|off|through|outside|between|around|south|north|east|west)\s+(?:the\s+)?[A-ZÀ-Þ]"
    r"|\b(?:in|at|near|on|inside|outside|under|above|behind|beside)\s+(?:the|an?|each|every)\b"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|so that|reasons?|in order to|as a result|therefore|thus|caus(?:e|ed|es|ing)|led to|"
    r"allow(?:s|ed|ing)?|prevent\w*|owing to|which is why|"
    r"to (?:help|avoid|make|keep|reduce|increase|promote|protect|satisfy))\b",
    re.I,
)
_NAME = re.compile(r"(?<![.!?:“\"]\s)(?<!^)\b[A-ZÀ-Þ][\w’'\-]*[a-zà-ÿ][\w’'\-]*")
_TWO_NAMES = re.compile(r"\b[A-ZÀ-Þ][\w’'\-.]+\s+(?:[A-Za-z]{1,3}\.?\s+)?[A-ZÀ-Þ][\w’'\-]+")


def kind_of(question: str) -> Kind:
    """What kind of value a question asks for."""
    unnamed = Kind.NAME if asked_noun(question) else Kind.OTHER
    return next((kind for kind, pattern in _QUESTIONS if pattern.search(question)), unnamed)


def asks_author(question: str) -> bool:
    """Whether a question is after the author of a post."""
    found = _AUTHORSHIP.search(question)
    return bool(found) and (bool(_ABOUT_POST.search(question)) or "author" in question.casefold())


def asked_noun(question: str) -> str:
    """The word after "which" or "what", when it says what sort of thing is asked for; else nothing."""
    found = _ASKED_NOUN.search(question)
    return found["noun"] if found and found["noun"].casefold() not in _NO_NOUN else ""


def holds_value(kind: Kind, text: str, question: str) -> bool:
    """Whether a text holds a value of a kind that the question itself does not state."""
    if kind is Kind.PLACE:
        return bool(_PLACE.search(text))
    if kind is Kind.REASON:
        return bool(_REASON.search(text))
    asked = _asked_words(question)
    return any(not value <= asked for value in _values(kind, text))


@lru_cache(maxsize=2**14)
def _values(kind: Kind, text: str) -> tuple[frozenset[str], ...]:
    """The words, folded, of each number, time or name in a text."""
    if kind is Kind.NUMBER:
        return tuple(frozenset((word,)) for word in map(folded, words(text)) if _is_number(word))
    if kind is Kind.TIME:
        return tuple(frozenset((match.group().casefold(),)) for match in _TIME.finditer(text))
    if kind is Kind.PERSON:
        names = (*_NAME.finditer(text), *_TWO_NAMES.finditer(text))
        return tuple(frozenset(folded(word) for word in words(match.group())) for match in names)
    if kind is Kind.NAME:
        return tuple(frozenset((folded(match.group()),)) for match in _NAME.finditer(text))
    return ()


@lru_cache(maxsize=16)
def _asked_words(question: str) -> frozenset[str]:
    return frozenset(folded(word) for word in words(question))


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS
