"""The small fields of a post, each brought to one form: title, date, language."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from index.sources.decoding import clean

_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]+)?")
_PARTIAL_DATE = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]))?")
# Numbers alone ("03/02/2024") are left out: nothing tells the day from the month.
_WRITTEN_DATES = ("%Y/%m/%d", "%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")
_DATE_PARSERS: tuple[Callable[[str], date], ...] = (
    date.fromisoformat,
    datetime.fromisoformat,
    parsedate_to_datetime,
    *(lambda text, form=form: datetime.strptime(text, form).date() for form in _WRITTEN_DATES),
)


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


def iso_date(stated: object) -> str | None:
    """A date or date-time in ISO 8601, as precise as stated; None for what is not a date.

    Takes `date`, `datetime`, and strings in ISO 8601, RFC 2822 ("Sat, 02 Mar 2024 10:00:00 GMT") or
    written out in English ("March 2, 2024").
    """
    if isinstance(stated, date):
        return stated.isoformat()
    if not isinstance(stated, str):
        return None
    text = stated.strip()
    if len(text) > 64:  # longer than any date; parsers need not see it
        return None
    if _PARTIAL_DATE.fullmatch(text):
        return text
    for parse in _DATE_PARSERS:
        with suppress(ValueError, TypeError, IndexError, OverflowError):  # email.utils raises the last three
            return parse(text).isoformat()
    return None


def language_code(stated: str | None) -> str | None:
    """The two-letter code at the head of a language tag: "en" of "en-US"; None if there is none."""
    match = _LANGUAGE.fullmatch((stated or "").strip())
    return match[1].lower() if match else None
