"""The small fields of a post, each brought to one form: title, names, language."""

from __future__ import annotations

import re

from index.sources.decoding import clean

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]+)?")


def one_line(text: str) -> str:
    """Clean text with every run of white space made one space."""
    return " ".join(clean(text).split())


def headline(stated: str | None, fallback: str) -> str:
    """A title on one line: the one stated, or the fallback where that is blank; never empty."""
    return one_line(stated or "") or one_line(fallback) or "Untitled"


def split_names(stated: str | None) -> tuple[str, ...]:
    """Names that semicolons separate."""
    return tuple(filter(None, map(str.strip, (stated or "").split(";"))))


def first_words(text: str, limit: int = 60) -> str:
    """The first whole words of a text, at most `limit` characters; a longer first word is cut."""
    start = one_line(text[: limit * 8])  # more than enough, and a 1 MB body is not split for 60 characters
    if len(start) <= limit:
        return start
    head = start[: limit + 1]
    return head.rsplit(" ", 1)[0] if " " in head else head[:limit]


def language_code(stated: str | None) -> str | None:
    """The two-letter code at the head of a language tag: "en" of "en-US"; None if there is none."""
    match = _LANGUAGE.fullmatch((stated or "").strip())
    return match[1].lower() if match else None
