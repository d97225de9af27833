"""The language of a text, by a model that takes half a second to load."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import cast

_LOADING = Lock()


def detect_language(text: str) -> str:
    """The language of a text; "und" where it has no letters."""
    if not any(map(str.isalpha, text)):
        return "und"
    load_detector()
    return _classifier()(text)[0]


def load_detector() -> None:
    """Load the model into memory; other threads wait for it."""
    with _LOADING:
        _classifier()


@cache
def _classifier() -> Callable[[str], tuple[str, float]]:
    from py3langid import classify  # noqa: PLC0415  # sources that state a language need none

    classify("")  # the model comes with the first text
    return cast("Callable[[str], tuple[str, float]]", classify)
