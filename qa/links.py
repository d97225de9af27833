"""How posts are named and linked: a line of facts, and the address that opens a post at a sentence."""

from __future__ import annotations

import re
from urllib.parse import quote

from index.records import Post
from index.sources.links import web_address
from index.text.list_markers import LIST_MARKER

_MARKUP = re.compile(rf"^\s*(?:#{{1,6}}\s+|{LIST_MARKER})|[*`_]")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_WHOLE = 8  # words up to which a text fragment names the sentence whole
_ENDS = 4  # else how many words of its beginning and of its end


def sentence_address(post: Post, sentence: str) -> str | None:
    """The post's address with a text fragment that opens it at a quote, or None without a web address.

    The first and last words are named, as the page shows them: without list marks and Markdown.
    """
    address = web_address(post.url)
    pieces = [words for line in re.split(r"[\n|]", sentence) if (words := _shown(line).split())]
    if address is None or not pieces:
        return None
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1 and len(first) <= _WHOLE:
        directive = _encoded(first)
    else:
        directive = f"{_encoded(first[:_ENDS])},{_encoded(last[-_ENDS:])}"
    return f"{address}{'' if '#' in address else '#'}:~:text={directive}"


def source_line(post: Post) -> str:
    """Title, authors, publisher, date and link of a post in one line."""
    facts = (post.title, ", ".join(post.authors), post.publisher, post.published, post.url)
    return " · ".join(filter(None, facts))


def _shown(line: str) -> str:
    return _MARKUP.sub("", _LINK.sub(r"\1", line))


def _encoded(words: list[str]) -> str:
    # A dash has a meaning of its own in text fragments, and `quote` leaves it.
    return quote(" ".join(words).encode("utf-8", "replace"), safe="").replace("-", "%2D")
