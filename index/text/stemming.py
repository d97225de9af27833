"""By which language's rules a text is read as terms: its stemmer, its stop words, its ways of writing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import Stemmer

from index.text.scripts import bare
from index.text.stop_words import stop_words

ENGLISH = "en"
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "eo": "esperanto", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian", "id": "indonesian",
    "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
_UNSTEMMED = frozenset("ja ko th uk vi zh".split())
_MARKS_TELL_WORDS_APART = frozenset(("vi",))
_ELIDING = frozenset("ca fr it".split())
_ACCENTS_LEFT_OUT = frozenset("ca es fr it pt".split())  # in hurried questions
_ELIDED = re.compile(r"^[^\W\d_]{1,6}['’](?=\w)")
_ENDS_IN_ION = re.compile(r"(?<=[cs])ion$")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NUMBERS = {
    "es": """dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
    dieciocho diecinueve veinte""",
}
_TENS = {
    "es": {"treinta": "30", "cuarenta": "40", "cincuenta": "50", "sesenta": "60", "setenta": "70", "ochenta": "80",
           "noventa": "90", "cien": "100"},
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """How words of a language become terms.

    Attributes:
        language: Two-letter code.
        stop: Words that are left out, in small letters.
        numbers: Numbers spelt out, with their figures.
    """

    language: str
    stop: frozenset[str]
    numbers: dict[str, str]
    _stem: Callable[[str], str]

    def lowered(self, word: str) -> str:
        """A word in small letters, without the article or preposition that an apostrophe ties to it."""
        if self.language == "tr":
            word = word.replace("I", "ı").replace("İ", "i")
        small = word.lower().replace("’", "'")
        return _ELIDED.sub("", small) if self.language in _ELIDING else small

    def stemmed(self, word: str) -> str:
        """The stem of a lowered word; accents go afterwards, for stemmers know endings by them."""
        if self.language == "es":
            word = _ENDS_IN_ION.sub("ión", word)
        stem = self._stem(word)
        return stem if self.language in _MARKS_TELL_WORDS_APART else bare(stem.casefold())

    def number(self, word: str) -> str:
        """A number without full stops between its thousands, as they stand in most languages but English."""
        return word.replace(".", "") if _GROUPED.fullmatch(word) else word


def term_language(language: str) -> str:
    """By whose rules texts in a language are read: English ones where there are no others."""
    return language if language in _STEMMERS or language in _UNSTEMMED else ENGLISH


def term_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """By whose rules texts in these languages are read, each once, in their order."""
    return tuple(dict.fromkeys(map(term_language, languages)))


@cache
def rules_of(language: str) -> Rules:
    """The rules of a language as `term_language` names it."""
    stop = stop_words({"nb": "no", "nn": "no"}.get(language, language))
    if language in _ACCENTS_LEFT_OUT:
        stop |= {bare(word) for word in stop}
    stem = Stemmer.Stemmer(_STEMMERS[language]).stemWord if language in _STEMMERS else str
    spelt = {word: str(value) for value, word in enumerate(_NUMBERS.get(language, "").split(), 2)}
    return Rules(language, stop, spelt | _TENS.get(language, {}), stem)


def version() -> str:
    """Of the stemmers, which change what is found like code does."""
    return str(Stemmer.version())
