"""Abbreviations that a text explains itself: "machine learning (ML)" and "ML (machine learning)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

_BRACKETED = re.compile(r"\(([^()\n]{2,80})\)")
_WORD = re.compile(r"[^\s()\[\]\"“”,;:]+")
_LAST_WORD = re.compile(r"(\S+)\s*$")
_LONGEST_SHORT = 10  # characters
_WINDOW = 160  # characters before a bracket in which its words can be


@dataclass(frozen=True)
class Abbreviation:
    """A short form and the words it stands for, as the text writes them."""

    short: str
    long: str


@lru_cache(maxsize=64)
def abbreviations(text: str) -> tuple[Abbreviation, ...]:
    """The abbreviations that a text explains, each once, in order (Schwartz and Hearst 2003).

    Every letter or digit of the short form must be in the long one in the same order, the first at the
    beginning of a word.
    """
    return tuple(dict.fromkeys(_explained(text)))


def missing_forms(text: str, known: Iterable[Abbreviation]) -> list[str]:
    """The other form of every abbreviation of which a text holds only one."""
    line = " ".join(text.split()).casefold()
    words = {word.casefold() for word in re.findall(r"[\w.&/-]*\w", text)}
    missing = []
    for abbreviation in known:
        has_short, has_long = abbreviation.short.casefold() in words, abbreviation.long.casefold() in line
        if has_short != has_long:
            missing.append(abbreviation.long if has_short else abbreviation.short)
    return missing


def _explained(text: str) -> Iterator[Abbreviation]:
    for bracket in _BRACKETED.finditer(text):
        before = text[max(0, bracket.start() - _WINDOW) : bracket.start()].rpartition("\n")[2]
        inside = bracket[1].strip()
        if _is_short(inside):
            long = _long_form(inside, _last_words(before, inside))
            if long:
                yield Abbreviation(inside, long)
        else:
            last = _LAST_WORD.search(before)
            if last and _is_short(last[1]) and _long_form(last[1], inside) == inside:
                yield Abbreviation(last[1], inside)


def _is_short(text: str) -> bool:
    """Two to ten characters, at least two of them capitals or digits and one a letter, in one word."""
    if not (2 <= len(text) <= _LONGEST_SHORT and text[0].isalnum() and " " not in text):
        return False
    return sum(letter.isupper() or letter.isdigit() for letter in text) >= 2 and any(map(str.isalpha, text))


def _last_words(before: str, short: str) -> str:
    """As many words before a bracket as the short form can stand for: min(n + 5, 2n) of them."""
    words = list(_WORD.finditer(before))
    most = min(len(short) + 5, 2 * len(short))
    return before[words[max(0, len(words) - most)].start() :].rstrip() if words else ""


def _long_form(short: str, text: str) -> str:
    """The shortest end of a text that a short form can stand for; empty if there is none."""
    at = len(text)
    letters = [letter for letter in short.casefold() if letter.isalnum()]
    folded = text.casefold()
    if len(folded) != len(text):
        return ""  # a letter that folds to two shifts every offset; too rare to follow
    for position, letter in enumerate(reversed(letters), 1):
        first = position == len(letters)
        at = folded.rfind(letter, 0, at)
        while first and at > 0 and folded[at - 1].isalnum():
            at = folded.rfind(letter, 0, at)
        if at < 0:
            return ""
    long = text[at:].strip()
    return long if len(long) > len(short) and short.casefold() not in long.casefold().split() else ""
