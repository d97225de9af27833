"""Text of posts and users made inert: nothing in it becomes markup, a template, a formula or a link."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"[\x00-\x1f\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]")  # ASCII but letters, digits, space


def safe(text: str) -> str:
    """A text for use anywhere in HTML, also in attributes; it reads the same and does nothing.

    All ASCII punctuation becomes character references: `html.escape` would leave what Markdown (`![](…)`),
    templates (`${…}`, `{{…}}`) and LaTeX (`$$`) use, and the chat passes through all three.
    """
    encodable = text.encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair cannot be sent
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match.group())};", encodable)
