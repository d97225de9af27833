"""Stop words by language, read from `stop_words.txt`."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def stop_words(language: str) -> frozenset[str]:
    """The stop words of a language, in lower case; none where there is no list."""
    return frozenset(_lists().get(language, "").split())


@cache
def _lists() -> dict[str, str]:
    """The words of each language in one string; splitting only the lists asked for keeps a cold start short."""
    text = Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").partition("\n[")[2]
    sections = (section.partition("]") for section in text.split("["))
    return {language: words for language, _, words in sections}
