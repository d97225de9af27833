"""Text to lexical terms: words folded, stop words out, stemmed; numbers, dates and initials in one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import Stemmer

_WORD = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)?")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_DOT_LETTER_DOT = re.compile(r"\.[^\W\d_]\.")  # in all initials, and quickly looked for
_DIGIT = re.compile(r"\d")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_THOUSANDS = re.compile(r"\b(\d{1,3})k\b", re.I)
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_MONTHS = "january february march april may june july august september october november december".split()
_SHORT_MONTHS = {month[:3]: month for month in _MONTHS if month != "may"} | {"sept": "september"}
# "one" is left out: it is more often a pronoun than a number.
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty""".split(),
        start=2,
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
_STOP_WORDS = frozenset(
    """a an and are as at be been being but by can could did do does doing for from had has have having he her
    hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other
    our out over own same she should so some such than that the their them then there these they this those
    through to too under until up very was we were what when where which while who whom whose why will with
    would you your about after all also am any because before between both during each few further here s t
    us may might must shall""".split()
)


@lru_cache(maxsize=8)
def _stemmer(language: str) -> Any:  # PyStemmer's class carries no types
    return Stemmer.Stemmer(language)


def words(text: str) -> list[str]:
    """The words of a text as written, in order; possessive endings and thousands' commas are taken off."""
    composed = text if text.isascii() else unicodedata.normalize("NFC", text)  # a lone accent would part a word
    if _DOT_LETTER_DOT.search(composed):
        composed = _INITIALS.sub(_without_dots, composed)
    return [_plain(word) for word in _WORD.findall(composed)]


def folded(word: str) -> str:
    """A word without case and accents, as terms are compared."""
    if word.isascii():
        return word.lower()  # what the long way gives, in a hundredth of the time
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def is_stop_word(word: str) -> bool:
    """Whether a folded word carries no subject of its own."""
    return word in _STOP_WORDS


def terms(text: str, language: str = "english") -> list[str]:
    """The terms of a text, in order, with repetitions.

    Variants of one value come out as one term: "three" and "3", "20,000" and "20k", "50%" and "50 percent",
    "U.S." and "US", "Feb" and "February", "2020-02-18" and "February 18, 2020" (in another order).
    """
    return stems((_one_form(folded(word)) for word in words(_spelt_out(text))), language)


def stems(folded_words: Iterable[str], language: str = "english") -> list[str]:
    """Stems of folded words, stop words left out."""
    kept = [word for word in folded_words if word not in _STOP_WORDS]
    return list(_stemmer(language).stemWords(kept))


def _spelt_out(text: str) -> str:
    if _DIGIT.search(text):
        text = _ISO_DATE.sub(_date_in_words, text)
        text = _THOUSANDS.sub(lambda match: f"{match[1]}000", text)
    return text.replace("%", " percent ")


def _date_in_words(match: re.Match[str]) -> str:
    month, day = int(match[2]), int(match[3])
    if not (1 <= month <= len(_MONTHS) and 1 <= day <= 31):
        return match.group()
    return f"{match[1]} {_MONTHS[month - 1]} {day}"


def _without_dots(match: re.Match[str]) -> str:
    return match.group().replace(".", "")


def _one_form(word: str) -> str:
    """A folded word in the form that its variants share."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    if word in _SHORT_MONTHS:
        return _SHORT_MONTHS[word]
    return _ORDINAL.sub(r"\1", word) if word[:1].isdigit() else word


def _plain(word: str) -> str:
    if ("'" not in word and "’" not in word) or word[0].isdigit():
        return word.replace(",", "")
    return re.sub(r"['’](?:s|S)?$", "", word.replace("’", "'").removesuffix("'s").removesuffix("'S"))
