"""Raised and lowered characters written on one line, so that no figure changes: 10⁶ is 10^6, 42¹ is no 421."""

from __future__ import annotations

import re

_NOTE_MARK = re.compile(
    r"[\[(]?(?:\d{1,3}|[a-z]|note \d{1,3}|[*†‡§¶#]{1,3})[\])]?(?:(?:[\s,;–-]+|(?<=\])(?=\[))\[?\d{1,3}\]?)*", re.I
)
_FIGURE = re.compile(r"[-+−–]?\d")
_VARIABLE = re.compile(r"[-+−–]?[\dijkmnpqtxyzT](?:\s*[-+−–*/]\s*[\dijkmnpqtxyzT])*")
_POWER = re.compile(
    r"(?:^|(?<=[\W\d_]))(?:[^\W\d_]|[mckµdh]m|in|ft|yd|mi|kg|sec|min|px|log|sin|cos|tan|exp|[A-Z][a-z]?\d*)$"
)
_CALCULATION = re.compile(r"[+−*/=^×·]|^\(?\w\)$")


def superscript(before: str, raised: str, *, links: bool) -> str:
    """What to write for a superscript: nothing for the mark of a note, "^6" for a power, letters as they are.

    Args:
        before: The text in front of it on its line, at least the word it stands at.
        raised: Its own text.
        links: Whether it is, or holds, a link, which marks of notes do and powers do not.

    >>> superscript("3.2 × 10", "6", links=False), superscript("In 1744", "2", links=True)
    ('^6', '')
    """
    raised = raised.strip()
    if _NOTE_MARK.fullmatch(raised) and (links or raised[0] in "[(*†‡§¶#"):
        return ""
    if _FIGURE.match(raised):
        return f"^{raised}" if _is_power(before, raised) else ""
    is_variable = _VARIABLE.fullmatch(raised) and (before[-1:].isdigit() or bool(_POWER.search(before)))
    return f"^{raised}" if is_variable else raised


def subscript(before: str, lowered: str, after: str = "") -> str:
    """What to write for a subscript: H₂O is H2O; between digits a mark keeps the figures apart.

    >>> subscript("H", "2", "O"), subscript("101", "2")
    ('2', '_2')
    """
    lowered = lowered.strip()
    if not _FIGURE.match(lowered):
        return lowered
    gap = " " if after[:1].isdigit() else ""
    return f"_{lowered}{gap}" if before[-1:].isdigit() or gap else lowered


def _is_power(before: str, raised: str) -> bool:
    """Whether a raised figure is a power or a charge: not behind a word, a stop or a quotation mark.

    Nothing is raised to the power of one, and a figure that stands behind a figure is kept where it may be a power.
    """
    if before[-1:].isdigit():
        return raised != "1"
    if before.endswith((")", "]")):
        return bool(_CALCULATION.search(before[max(before.rfind("("), before.rfind("["), 0) :]))
    return bool(_POWER.search(before))
