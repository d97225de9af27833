"""Dates as sources state them, brought to ISO 8601; never a guess from running text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

_LONGEST = 64  # characters; longer than any date, parsers need not see it
_PARTIAL = re.compile(r"[12]\d{3}(?:-(?:0[1-9]|1[0-2]))?")
_TIME = re.compile(
    r"(?:T|[\s,]+(?:at\s+)?)(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?|UTC|GMT)?(?:\s*\(?[A-Za-z/_]+\)?)?$",
    re.I,
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年\s*(\d{1,2})月\s*(\d{1,2})日)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]*\s*", re.I)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.I)
_WRITTEN_FORMS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y %B %d", "%Y %b %d")
_WRITTEN_MONTHS = ("%B %Y", "%b %Y")
_FIRST_YEAR, _LAST_YEAR = 1970, 2100  # of dates in names: "1066-10-14" may be what a post is about
_EARLIEST_ZONE = timedelta(hours=14)  # a day begins there first; a time without zone may be theirs

_NAME_DAY = re.compile(r"(\d{4})([-_.])(\d\d)\2(\d\d)(?!\d)|(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?(?=[-_. T]|$)")


def iso_date(stated: object) -> str | None:
    """A date or date-time in ISO 8601, as precise as stated; None for what is not a date.

    Takes `date`, `datetime`, and strings: ISO 8601 and its everyday forms ("2023/5/1 10:20 +0200"), RFC 2822
    ("Sat, 02 Mar 2024 10:00:00 GMT"), written out in English ("March 2nd, 2024 at 10:20 AM"). "03/02/2024" is
    none: nothing tells the day from the month.
    """
    if isinstance(stated, date):
        return stated.isoformat()
    if not isinstance(stated, str) or len(stated) > _LONGEST:
        return None
    text = stated.strip()
    if _PARTIAL.fullmatch(text):
        return text
    for parse in _PARSERS:
        with suppress(ValueError, TypeError, IndexError, OverflowError):  # email.utils raises the last three
            return parse(text).isoformat()
    for form in _WRITTEN_MONTHS:
        with suppress(ValueError):
            return datetime.strptime(text.replace(",", ""), form).strftime("%Y-%m")  # a month has no zone
    return None


def is_later(stated: str, clock: datetime | None) -> bool:
    """Whether an ISO date still lies ahead wherever on Earth it was written.

    Args:
        clock: The present; None means now.
    """
    with suppress(ValueError):
        moment = datetime.fromisoformat(stated)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone(_EARLIEST_ZONE))
        now = clock or datetime.now(UTC)
        return moment > (now if now.tzinfo else now.replace(tzinfo=UTC))
    return False  # a year or a month: not precise enough to hold anything back


def path_date(path: str) -> str | None:
    """The date that a path states: "2021-03-04-title.md", "2021/03/04/title", "2021/03/title"."""
    return next(_path_dates([part for part in path.split("/") if part]), None)


def without_date(name: str) -> str:
    """The name of a file or folder without the date at its head."""
    match = _NAME_DAY.match(name)
    return name[match.end() :].lstrip("-_. T") if match and _day_in_name(name) else name


def _path_dates(parts: list[str]) -> Iterator[str]:
    """Dates of days before dates of months, and the last part's before those of folders."""
    yield from filter(None, map(_day_in_name, reversed(parts)))
    for length in (3, 2):
        for at in range(len(parts) - length + 1):
            year, *rest = parts[at : at + length]
            rest[-1] = rest[-1].split(".")[0] if at + length == len(parts) else rest[-1]
            if re.fullmatch(r"\d{4}", year) and all(re.fullmatch(r"\d{1,2}", part) for part in rest):
                day = _day(int(year), int(rest[0]), int(rest[1]) if length == 3 else 1)
                if day:
                    yield day if length == 3 else day[:7]


def _day_in_name(name: str) -> str | None:
    match = _NAME_DAY.match(name)
    return _day(*(int(group) for group in match.group(1, 3, 4, 5, 6, 7) if group)) if match else None


def _day(year: int, month: int, day: int) -> str | None:
    with suppress(ValueError):
        return date(year, month, day).isoformat() if _FIRST_YEAR <= year <= _LAST_YEAR else None
    return None


def _everyday(text: str) -> date:
    """A date with or without a time: numbers, or a month's English name.

    Raises:
        ValueError: It is neither.
    """
    match = _TIME.search(text)
    day = _numbers(text[: match.start()] if match else text)
    if match is None:
        return day
    hour = int(match["hour"])
    if half := match["half"]:
        hour = hour % 12 + (12 if half.lower().startswith("p") else 0)
    return datetime.combine(
        day, time(hour, int(match["minute"]), int(match["second"] or 0), tzinfo=_zone(match["zone"]))
    )


def _numbers(text: str) -> date:
    text = text.strip(" ,")
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(group) for group in match.group(1, 3, 4, 5, 6) if group)
        return date(year, month, day)
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." or first == second or first > 12:  # months
            return date(year, second, first)
        if second > 12:
            return date(year, first, second)
    return _written(text)


def _written(text: str) -> date:
    words = " ".join(_ORDINAL.sub("", _WEEKDAY.sub("", text)).replace(",", " ").replace(".", " ").split())
    words = re.sub(r"\bSept\b", "Sep", re.sub(r"\b(?:of|the)\b ?", "", words, flags=re.I), flags=re.I)
    for form in _WRITTEN_FORMS:
        with suppress(ValueError):
            return datetime.strptime(words, form).date()  # a day has no zone
    raise ValueError(text)


def _zone(stated: str | None) -> timezone | None:
    if not stated:
        return None
    offset = stated.upper().lstrip("UTCGMZ").replace(":", "")
    if not offset:
        return UTC
    distance = timedelta(hours=int(offset[1:3]), minutes=int(offset[3:] or 0))
    return timezone(-distance if offset[0] == "-" else distance)


_PARSERS: tuple[Callable[[str], date], ...] = (
    date.fromisoformat,
    datetime.fromisoformat,
    _everyday,
    parsedate_to_datetime,
)
