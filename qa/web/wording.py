"""Wording that several parts of the page share: counts, sentences, shortened texts."""

from __future__ import annotations


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as "1 post" or "1,200 posts"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def sentence(text: str) -> str:
    """A text that begins with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def shortened(text: str, limit: int) -> str:
    """A text of at most so many characters, cut between words."""
    return text if len(text) <= limit else f"{text[:limit].rpartition(' ')[0] or text[:limit]} …"
