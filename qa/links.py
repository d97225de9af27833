"""Addresses of posts: which of them a link may lead to, and the one that opens a post at a sentence."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from index.records import Post

_MARKUP = re.compile(r"^\s*(?:#{1,6}\s+|(?:[-*+•]|\d{1,3}[.)])\s+)|[*`_]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_WHOLE = 8  # words up to which a text fragment names the sentence whole
_ENDS = 4  # else how many words of its beginning and of its end


def web_address(url: str | None) -> str | None:
    """The address if it is one that a link may lead to (http or https, with a host), else None."""
    if not url or any(letter <= " " or letter == "\x7f" for letter in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def sentence_address(post: Post, said: str) -> str | None:
    """The post's address with a text fragment that opens it at a quote, or None without a web address.

    The first and last words are named, as the page shows them: without list marks and Markdown.
    """
    address = web_address(post.url)
    pieces = [words for line in re.split(r"[\n|]", said) if (words := _shown(line).split())]
    if address is None or not pieces:
        return None
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1 and len(first) <= _WHOLE:
        directive = _encoded(first)
    else:
        directive = f"{_encoded(first[:_ENDS])},{_encoded(last[-_ENDS:])}"
    return f"{address}{'' if '#' in address else '#'}:~:text={directive}"


def _shown(line: str) -> str:
    return _MARKUP.sub("", _LINK.sub(r"\1", line))


def _encoded(words: list[str]) -> str:
    # A dash has a meaning of its own in text fragments, and `quote` leaves it.
    return quote(" ".join(words).encode("utf-8", "replace"), safe="").replace("-", "%2D")
