"""Text to lexical terms: words lower-cased, stop words out, stemmed; numbers without their commas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import Stemmer

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W_]+(?:['’][^\W_]+)?")
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
    composed = unicodedata.normalize("NFC", text)  # an accent typed as a mark of its own would part a word
    return [_plain(match.group()) for match in _WORD.finditer(composed)]


def folded(word: str) -> str:
    """A word without case and accents, as terms are compared."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def is_stop_word(word: str) -> bool:
    """Whether a folded word carries no subject of its own."""
    return word in _STOP_WORDS


def terms(text: str, language: str = "english") -> list[str]:
    """The terms of a text, in order, with repetitions."""
    return stems((folded(word) for word in words(text)), language)


def stems(folded_words: Iterable[str], language: str = "english") -> list[str]:
    """Stems of folded words, stop words left out."""
    kept = [word for word in folded_words if word not in _STOP_WORDS]
    return list(_stemmer(language).stemWords(kept))


def _plain(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "")
    return re.sub(r"['’](?:s|S)?$", "", word.replace("’", "'").removesuffix("'s").removesuffix("'S"))
