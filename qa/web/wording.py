"""Wording that several parts of the page share: counts, dates, sentences, shortened texts."""

from __future__ import annotations

from datetime import date


def counted(count: int, noun: str) -> str:
    """A count with its noun, such as "1 post" or "1,200 posts"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def day(published: str) -> str:
    """A date as people write it, such as "7 November 2024"; what is not a date, unchanged."""
    try:
        when = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{when.day} {when:%B %Y}"


def sentence(text: str) -> str:
    """A text that begins with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def clipped(text: str, limit: int) -> str:
    """A text of at most so many characters, cut anywhere."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def shortened(text: str, limit: int) -> str:
    """A text of at most so many characters, cut between words."""
    return text if len(text) <= limit else f"{text[:limit].rpartition(' ')[0] or text[:limit]} …"
