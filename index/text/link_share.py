"""How much of a page's text is the text of links: a page of links points to answers and gives none."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from index.text.list_markers import LIST_MARKER

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKER = re.compile(rf"^\s*(?:#{{1,6}}\s+|{LIST_MARKER})")
_SHOWN = ("text", "code_inline", "text_special")
_MOST_OF_A_LINE = 0.7  # share that a link has of its line, where a date or a name stands beside it


def markdown_link_share(tokens: Sequence[Token]) -> float:
    """The share of a Markdown text's characters outside headings that are the text of links, 0 to 1."""
    linked = shown = level = 0
    for token in tokens:
        level += {"heading_open": 1, "heading_close": -1}.get(token.type, 0)
        if level:
            continue
        if token.type != "inline":
            shown += len(token.content)
        depth = 0
        for child in token.children or ():
            depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            length = len(child.content.strip()) if child.type in _SHOWN else 0
            shown += length
            linked += length if depth else 0
    return linked / shown if shown else 0.0


def line_link_share(text: str, links: Collection[str]) -> float:
    """The share of a text's characters, headings apart, in lines that are a link's text and little else.

    Args:
        text: With Markdown's headings and list markers.
        links: The texts of all links, each in one line.
    """
    linked = shown = 0
    for line in text.split("\n"):
        words = " ".join(_MARKER.sub("", line).split())
        if line.startswith("#"):
            continue
        shown += len(words)
        linked += len(words) if words and _is_mostly_link(words, links) else 0
    return linked / shown if shown else 0.0


def _is_mostly_link(line: str, links: Collection[str]) -> bool:
    """Whether a line is a link's text, perhaps with a word or a date before or behind it."""
    least = int(_MOST_OF_A_LINE * len(line))
    gaps = [at for at, letter in enumerate(line) if letter == " "]
    openings = (line[:at].rstrip(" -–—:|") for at in gaps if at >= least)
    closings = (line[at + 1 :].lstrip("-–—:| ") for at in gaps if len(line) - at > least)
    return line in links or any(part in links for part in (*openings, *closings))
