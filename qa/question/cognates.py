"""Similarly spelt words across languages and forms: names, numbers, and what both languages took from a third."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from index.text.stop_words import stop_words
from index.text.tokenize import folded, words

_GRAM = 3
_LEAST = 0.5  # below it two words share letters by chance
_SHORTEST = 3
_ROMAN = """
    аa бb вv гg дd еe ёe жzh зz иi йi кk лl мm нn оo пp рr сs тt уu фf хkh цts чch шsh щshch ъ ыy ь эe юyu яya
    іi їi єe ґg ђdj јj љlj њnj ћc џdz αa βv γg δd εe ζz ηi θth ιi κk λl μm νn ξx οo πp ρr σs ςs τt υy φf χch ψps
    ωo"""
"""Each Cyrillic or Greek letter with the Latin ones that names are written with."""

_TABLE = str.maketrans({pair[0]: pair[1:] for pair in _ROMAN.split()})

Scores = npt.NDArray[np.float64]


class Cognates:
    """A question's content words, to be matched with similarly spelt terms of posts.

    Args:
        content: The words.
        weight: Of a term of the posts, from 0 to 1: how specific it is.
    """

    def __init__(self, content: Sequence[str], weight: Callable[[str], float]) -> None:
        self._words = [romanised(word) for word in dict.fromkeys(content)]
        self._trigrams = [_trigrams(word) for word in self._words]
        self._all = frozenset().union(*self._trigrams)
        self._weight = weight

    def scores(self, terms: Sequence[str]) -> Scores:
        """Weight · Dice² of the trigrams of each term (rows) and each of the question's words, shape (n, words).

        Dice's coefficient (1945) below a half counts as nothing; numbers match only when they are the same.
        """
        scores = np.zeros((len(terms), len(self._words)))
        for row, term in enumerate(map(romanised, terms)):
            trigrams = _trigrams(term)
            if not self._all.isdisjoint(trigrams):
                scores[row] = self._similarities(term, trigrams)
                if scores[row].any():
                    scores[row] *= self._weight(terms[row])
        return scores

    def overlap(self, terms: Iterable[str]) -> float:
        """How much of the question recurs in some terms, each word by its best score, 0 to 1."""
        listed = list(terms)
        return float(self.scores(listed).max(axis=0).mean()) if listed and self._words else 0.0

    def _similarities(self, term: str, trigrams: frozenset[str]) -> list[float]:
        dice = (2 * len(trigrams & own) / (len(trigrams) + len(own)) for own in self._trigrams)
        return [
            float(word == term) if word[0].isdigit() else value**2 * (value >= _LEAST)
            for word, value in zip(self._words, dice, strict=True)
        ]


def content_words(question: str, language: str) -> list[str]:
    """The words of a question that may be names, numbers or cognates, folded."""
    stop = stop_words(language)
    content = [word for word in words(question) if word.lower() not in stop]
    return [folded(word) for word in content if len(word) >= _SHORTEST or word.isdigit()]


@lru_cache(maxsize=2**15)
def romanised(word: str) -> str:
    """A folded word of Cyrillic or Greek letters in Latin ones, as names are written; others as they are."""
    return word if word.isascii() else word.translate(_TABLE)


@lru_cache(maxsize=2**16)
def _trigrams(word: str) -> frozenset[str]:
    """A word's runs of three letters, its beginning marked."""
    marked = f"^{word}"
    return frozenset(marked[at : at + _GRAM] for at in range(max(1, len(marked) - _GRAM + 1)))
