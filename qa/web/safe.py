"""Strangers' text made inert: nothing a post says becomes markup, a template, a formula or an unasked link."""

from __future__ import annotations

import re

_EXPLICIT = re.compile(r"[\x00-\x1f\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")  # ASCII but letters, digits, space


def safe(text: str) -> str:
    """A text for use anywhere in HTML, in attributes too, that reads the same and does nothing.

    All ASCII punctuation becomes character references: `html.escape` would leave what Markdown (`![](…)`),
    templates (`${…}`, `{{…}}`) and LaTeX (`$$`) live on, and the chat passes through all three.
    """
    whole = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be sent
    return _EXPLICIT.sub(lambda match: f"&#{ord(match.group())};", whole)
