"""Words that look alike across languages and forms: names, numbers, and what both languages took from a third."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.text.stop_words import stop_words
from index.text.tokenize import folded, words

_GRAM = 3
_LEAST = 0.5  # likeness below which two words have letters in common by chance
_SHORTEST = 3
_ROMAN = """
    аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya
    іi їi єe ґg ђdj јj љlj њnj ћc џdz αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps
    ωo"""
"""Each Cyrillic or Greek letter with the Latin ones that names are written with."""

_TABLE = str.maketrans({pair[0]: pair[1:] for pair in _ROMAN.split()})

Likeness = npt.NDArray[np.float64]


class Cognates:
    """A question's words, to be found again in what looks like them.

    Args:
        asked: The words.
        weight: Of a term of the posts, from 0 to 1: how telling it is.
    """

    def __init__(self, asked: Sequence[str], weight: Callable[[str], float]) -> None:
        self._words = [romanised(word) for word in dict.fromkeys(asked)]
        self._grams = [_grams(word) for word in self._words]
        self._all = frozenset().union(*self._grams)
        self._weight = weight

    def likeness(self, terms: Sequence[str]) -> Likeness:
        """Of terms of posts (rows) and the question's words: weight · Dice² of their trigrams, shape (n, words).

        Dice's coefficient (1945) below a half counts as nothing; numbers are alike only when they are the same.
        """
        found = np.zeros((len(terms), len(self._words)))
        for row, term in enumerate(terms):
            grams = _grams(romanised(term))
            if not self._all.isdisjoint(grams):
                found[row] = self._alike(romanised(term), grams)
                if found[row].any():
                    found[row] *= self._weight(term)
        return found

    def share(self, terms: Iterable[str]) -> float:
        """How much of the question is found again in some terms, each word at its likest, 0 to 1."""
        held = list(terms)
        return float(self.likeness(held).max(axis=0).mean()) if held and self._words else 0.0

    def _alike(self, term: str, grams: frozenset[str]) -> list[float]:
        dice = (2 * len(grams & own) / (len(grams) + len(own)) for own in self._grams)
        pairs = zip(self._words, dice, strict=True)
        return [float(word == term) if word[0].isdigit() else alike**2 * (alike >= _LEAST) for word, alike in pairs]


def telling_words(question: str, language: str) -> list[str]:
    """The words of a question that may be names, numbers or cognates, folded."""
    stop = stop_words(language)
    found = [word for word in words(question) if word.lower() not in stop]
    return [folded(word) for word in found if len(word) >= _SHORTEST or word.isdigit()]


@lru_cache(maxsize=2**15)
def romanised(word: str) -> str:
    """A folded word of Cyrillic or Greek letters in Latin ones, as names are written; others as they are."""
    return word if word.isascii() else word.translate(_TABLE)


@lru_cache(maxsize=2**16)
def _grams(word: str) -> frozenset[str]:
    """A word's runs of letters, its beginning marked."""
    marked = f"^{word}"
    return frozenset(marked[at : at + _GRAM] for at in range(max(1, len(marked) - _GRAM + 1)))
