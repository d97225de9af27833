"""How what is not visible is taken out of a text in place, so that all other places in it stay true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

PLACEHOLDER = "\ue000"
"""A character of the private use area: stands in a line for each character that is not visible."""
NOTE_TITLE = "\ue001"
"""The placeholder right before the title of a note, or at the end of the line that opens one without a title."""

FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?? {0,3}(?P=fence)[`~]*[ \t]*$"
CODE_SPAN = r"(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)"


class Source(NamedTuple):
    """A Markdown text ready to be parsed.

    Attributes:
        text: As long as the body, without what is not visible.
        substitutes: Where something else than the body is shown: by start, the end and what is shown.
    """

    text: str
    substitutes: Mapping[int, tuple[int, str]] = {}


def spaces(text: str) -> str:
    """Spaces in place of a text; its lines stay."""
    return re.sub(r"[^\n]", " ", text)


def placeholders(text: str) -> str:
    """Placeholders in place of a text; its lines stay."""
    return re.sub(r"[^\n]", PLACEHOLDER, text)


def fills_lines(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands in the lines of `text[start:end]`."""
    stop = text.find("\n", end)
    before, after = text[text.rfind("\n", 0, start) + 1 : start], text[end : stop if stop >= 0 else len(text)]
    return not (before + after).strip(f" \t\r{PLACEHOLDER}")


def blank(text: str, start: int, end: int) -> str:
    """What stands for a stretch that is not visible: spaces, so that it is no paragraph, or placeholders in a line."""
    return spaces(text[start:end]) if fills_lines(text, start, end) else placeholders(text[start:end])


def note_title(text: str, start: int, end: int, title: tuple[int, int]) -> str:
    """What stands for a tag that fills its lines, of which only a title is shown, `text[slice(*title)]`: one line."""
    first, last = title
    return PLACEHOLDER * (first - start - 1) + NOTE_TITLE + text[first:last] + PLACEHOLDER * (end - last)
