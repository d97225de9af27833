"""The language of a text, by a model that takes half a second to load."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import cast

_ONE_LOADS = Lock()


def detected(start: str) -> str:
    """The language of a body's beginning; "und" where there are no letters to tell it by."""
    if not any(map(str.isalpha, start)):
        return "und"
    with _ONE_LOADS:
        classify = _classifier()
    return classify(start)[0]


def load_detector() -> None:
    """Have the model in memory; a thread that comes meanwhile waits for it."""
    with _ONE_LOADS:
        _classifier()


@cache
def _classifier() -> Callable[[str], tuple[str, float]]:
    from py3langid import classify  # noqa: PLC0415  # sources that state a language need none

    classify("")  # the model comes with the first text
    return cast("Callable[[str], tuple[str, float]]", classify)
