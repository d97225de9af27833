"""The language of a text, by a model that takes half a second to load."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import cast

from index.encoders.languages import MULTILINGUAL

_LOADING = Lock()
_FLOOR = 6.0  # nats between the likeliest language and the next; "Bug fixes." is Catalan by 1


def detect_language(text: str) -> str:
    """The language of a text among those that encoders read; "und" where there is too little evidence."""
    ranked = _ranked(text)
    return ranked[0][0] if len(ranked) > 1 and ranked[0][1] - ranked[1][1] >= _FLOOR else "und"


def evidence(text: str, language: str, other: str) -> float:
    """How much likelier a text is in one language than in another, in nats."""
    scores = dict(_ranked(text))
    return scores.get(language, float("-inf")) - scores[other] if other in scores else 0.0


def load_detector() -> None:
    """Load the model into memory; other threads wait for it."""
    with _LOADING:
        _rank()


def _ranked(text: str) -> list[tuple[str, float]]:
    """Languages with their log-likelihoods, the likeliest first; none where the text has no letters."""
    if not any(map(str.isalpha, text)):
        return []
    load_detector()
    return [(code, score) for code, score in _rank()(unicodedata.normalize("NFKC", text)) if code in MULTILINGUAL]


@cache
def _rank() -> Callable[[str], list[tuple[str, float]]]:
    from py3langid import rank  # noqa: PLC0415  # sources that state a language need none

    rank("")  # the model comes with the first text
    return cast("Callable[[str], list[tuple[str, float]]]", rank)
