"""The language of a text, by a model that takes half a second to load."""

from __future__ import annotations

from threading import Lock

_ONE_LOADS = Lock()


def detected(start: str) -> str:
    """The language of a body's beginning; "und" where there are no letters to tell it by."""
    if not any(map(str.isalpha, start)):
        return "und"
    load_detector()
    from py3langid import classify  # noqa: PLC0415  # loads a model; sources that state a language need none

    code: str = classify(start)[0]
    return code


def load_detector() -> None:
    """Have the model in memory; a thread that comes meanwhile waits for it."""
    with _ONE_LOADS:
        from py3langid import classify  # noqa: PLC0415

        classify("")
