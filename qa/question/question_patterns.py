"""The types of questions, and one language's patterns of them, read from `question_patterns.txt`.

English and Spanish have patterns; in texts of other languages only numbers are recognised (`qa.question.question_types`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class QuestionType(StrEnum):
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


@dataclass(frozen=True)
class QuestionPatterns:
    """One language's patterns.

    Attributes:
        asks: Of questions, by type; the first that matches decides.
        asked_noun: Finds the `noun` of "which X …".
        not_asked: Words in its place that say nothing about what is asked for.
        authorship: Of questions about an author; `about_post` says that a post's is meant.
        holds: Of values in a text: times, places and reasons.
        asks_price: Of questions about what something costs; they are of the type number.
    """

    asks: Mapping[QuestionType, re.Pattern[str]]
    asked_noun: re.Pattern[str]
    not_asked: frozenset[str]
    authorship: re.Pattern[str]
    about_post: re.Pattern[str]
    holds: Mapping[QuestionType, re.Pattern[str]]
    asks_price: re.Pattern[str]


@cache
def patterns_in(language: str) -> QuestionPatterns | None:
    """The patterns of a language; None where there are none."""
    if (sections := _sections().get(language)) is None:
        return None
    # A capital marks the name of a place; elsewhere case does not count.
    compiled = {
        name: re.compile(lines.replace("\n", "|"), 0 if name == "holds place" else re.I)
        for name, lines in sections.items()
        if name not in ("numbers", "not_asked", "refers_back")
    }
    by_type: dict[str, dict[QuestionType, re.Pattern[str]]] = {"asks": {}, "holds": {}}
    for name, pattern in compiled.items():
        verb, _, asked = name.partition(" ")
        if asked:
            by_type[verb][QuestionType(asked)] = pattern
    return QuestionPatterns(
        asks=by_type["asks"],
        holds=by_type["holds"],
        asked_noun=compiled["asked_noun"],
        not_asked=frozenset(sections["not_asked"].split()),
        authorship=compiled["authorship"],
        about_post=compiled["about_post"],
        asks_price=compiled["asks_price"],
    )


@cache
def numbers_in(language: str) -> frozenset[str]:
    """Numbers in words; English ones for a language without patterns."""
    return frozenset(_sections().get(language, _sections()["en"])["numbers"].split())


@cache
def refers_back_in(language: str) -> re.Pattern[str]:
    """The openings of sentences that refer to the one before; English ones for a language without patterns."""
    return re.compile(_sections().get(language, _sections()["en"])["refers_back"], re.I)


@cache
def _sections() -> dict[str, dict[str, str]]:
    return pattern_sections(Path(__file__).with_suffix(".txt"))


def pattern_sections(path: Path) -> dict[str, dict[str, str]]:
    """For each language of a file of patterns the lines of each section; none of them begins with a bracket."""
    text = path.read_text(encoding="utf-8")
    sections: dict[str, dict[str, str]] = {}
    for section in text.split("\n[")[1:]:
        heading, _, lines = section.partition("]\n")
        language, _, name = heading.partition(" ")
        sections.setdefault(language, {})[name] = lines.strip()
    return sections
