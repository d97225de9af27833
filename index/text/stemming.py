"""How words of a language become terms: its stemmer, its stop words, its numbers and spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import count

import Stemmer

from index.text.scripts import fold_marks
from index.text.stop_words import stop_words

ENGLISH = "en"
_STEMMED = frozenset(
    """ar ca cs da de el en eo es et eu fa fi fr ga hi hu hy id it lt nb ne nl nn no pl pt ro ru sr sv ta tr
    yi""".split()
)
_UNSTEMMED = frozenset("ja ko th uk vi zh".split())
_NORWEGIAN = {"nb": "no", "nn": "no"}  # one stemmer and one list for both written forms
_MARKS_DISTINGUISH_WORDS = frozenset(("vi",))
_ELIDING = frozenset("ca fr it".split())
_ACCENTS_LEFT_OUT = frozenset("ca es fr it pt".split())  # in hurried questions
_ELIDED = re.compile(r"^[^\W\d_]{1,6}['’](?=\w)")
_ENDS_IN_ION = re.compile(r"(?<=[cs])ion$")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
# From two on and from thirty on in tens. "One" is left out: it is more often a pronoun than a number.
_NUMBERS = {
    ENGLISH: (
        """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty""",
        "thirty forty fifty sixty seventy eighty ninety",
    ),
    "es": (
        """dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
        dieciocho diecinueve veinte""",
        "treinta cuarenta cincuenta sesenta setenta ochenta noventa cien",
    ),
}


@dataclass(frozen=True)
class LanguageRules:
    """How words of a language become terms.

    Attributes:
        language: Two-letter code.
        stop_words: Words that are left out, in lower case.
        numbers: Numbers spelled out, with their digits.
    """

    language: str
    stop_words: frozenset[str]
    numbers: dict[str, str]
    _stem: Callable[[str], str]

    def lower(self, word: str) -> str:
        """A word in lower case, without the article or preposition that an apostrophe ties to it."""
        if self.language == "tr":
            word = word.replace("I", "ı").replace("İ", "i")
        lowered = word.lower().replace("’", "'")
        return _ELIDED.sub("", lowered) if self.language in _ELIDING else lowered

    def stem(self, word: str) -> str:
        """The stem of a word in lower case; accents are removed afterwards, for stemmers know endings by them."""
        if self.language == "es":
            word = _ENDS_IN_ION.sub("ión", word)
        stem = self._stem(word)
        return stem if self.language in _MARKS_DISTINGUISH_WORDS else fold_marks(stem.casefold())

    def number(self, word: str) -> str:
        """A number without full stops between its thousands, as most languages but English write them."""
        return word.replace(".", "") if _GROUPED.fullmatch(word) else word


def term_language(language: str) -> str:
    """The language whose rules apply to texts in a language: English where it has none of its own."""
    return language if language in _STEMMED or language in _UNSTEMMED else ENGLISH


def term_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """The languages whose rules apply to texts in these languages, each once, in their order."""
    return tuple(dict.fromkeys(map(term_language, languages)))


@cache
def language_rules(language: str) -> LanguageRules:
    """The rules of a language as `term_language` names it."""
    code = _NORWEGIAN.get(language, language)
    stop = stop_words(code)
    if language in _ACCENTS_LEFT_OUT:
        stop |= {fold_marks(word) for word in stop}
    stem = Stemmer.Stemmer(code).stemWord if language in _STEMMED else str
    small, tens = _NUMBERS.get(language, ("", ""))
    values = [*zip(small.split(), count(2), strict=False), *zip(tens.split(), count(30, 10), strict=False)]
    return LanguageRules(language, stop, {word: str(value) for word, value in values}, stem)


def version() -> str:
    """Version of the stemmers: terms depend on them as on code."""
    return str(Stemmer.version())
