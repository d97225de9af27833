"""Dates as sources state them, brought to ISO 8601; never a guess from running text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import cache
from itertools import pairwise

_LONGEST = 64  # characters; longer than any date, parsers need not see it
_PARTIAL = re.compile(r"[12]\d{3}(?:[-/](?:0[1-9]|1[0-2]))?")
_NO_DATES = ("0001-01-01", "1970-01-01T00:00:00")  # what programs write where they know none
_TIME = re.compile(
    r"(?:T|[\s,|@/–-]+(?:(?:at|um|às?|a las|alle|kl|om|o|в)\.?\s+)?)"
    r"(?P<hour>\d{1,2})(?:[:h.](?P<minute>\d\d)|(?=\s*[ap]m))(?::(?P<second>\d\d?)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|(?:UTC|GMT)?[+-]\d\d(?::?\d\d)?|UTC|GMT)?"
    r"(?:\s*(?:\([A-Za-z/_ ]+\)|[A-Za-z/_]+))?$",
    re.I,
)
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:([-/.])\s?(\d{1,2})\2\s?(\d{1,2})\.?|\s?[年년]\s*(\d{1,2})\s?[月월]\s*(\d{1,2})\s?[日일号號])"
    r"(?:\s*[(（]?[月火水木金土日一二三四五六월화수목금토일星期周曜요]{1,3}[)）]?)?"
)
_YEAR_LAST = re.compile(r"(?:([^\W\d_]+)[.,]*\s+)?(\d{1,2})([-/.])\s?(\d{1,2})\3\s?(\d{4})")
_WORDS = re.compile(r"\d+|(?:[^\W\d_]|(?!\d)[\u064b-\u065f\u0900-\u109f\u1780-\u17d3])+")  # vowel signs are letters
_LAST_WORD = re.compile(r"(.*\d)[\s,(]+([^\W\d_]{2,})[.)]*")
_NUMBERED_MONTH = re.compile(r"(?:ngày\s+)?(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})", re.I)
_LANGUAGES = tuple(
    "en en_GB bg bs ca cs cy da de el es et eu fi fr ga gl hr hu is it lb lt lv mk mt nb nl nn pl pt ro ru sk sl sq "
    "sr sr_Latn sv tr uk af az fil id ms sw uz".split()
)
_LANGUAGES_IN_OTHER_LETTERS = tuple("ar ar_SY bn fa gu he hi hy ka km kn ko lo ml mr my ne pa si ta te th ur".split())
_OTHER_LETTER = re.compile(r"(?=[^\W\d_])(?![\u1e00-\u1fff\u2c60-\u2c7f\u2de0-\u2dff])[\u0530-\u2dff\u3000-\uffff]")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_BUDDHIST_YEARS = 543  # that Thai dates are ahead by
_BESIDE_DATES = frozenset(
    "st nd rd th er º ª of the de del d den dem le la el il vom г года року р m gada năm ปี พ ศ ค में को".split()
)
_FIRST_YEAR, _LAST_YEAR = 1970, 2100  # of dates in names: "1066-10-14" may be what a post is about
_EARLIEST_ZONE = timedelta(hours=14)  # a day begins there first; a time without zone may be theirs

_NAME_DAY = re.compile(
    r"(\d{4})(?:([-_.])(\d\d)\2(\d\d)(?!\d)|-(\d\d?)-(\d\d?)(?=[-_. ]|$))"
    r"|(\d{4})(\d\d)(\d\d)(?:\d{4}|\d{6})?(?=[-_. T]|$)"
)


def iso_date(stated: object) -> str | None:
    """A date or date-time in ISO 8601, as precise as stated; None for what is not a date.

    Takes `date`, `datetime`, and strings: ISO 8601 and its everyday forms ("2023/5/1 10:20 +0200"), RFC 2822
    ("Sat, 02 Mar 2024 10:00:00 GMT"), written out in one of 60 languages ("March 2nd, 2024 at 10:20 AM",
    "2. März 2024", "२ मार्च २०२४"). "03/02/2024" is none: nothing tells the day from the month.
    """
    if isinstance(stated, date):
        return stated.isoformat()
    if not isinstance(stated, str) or len(stated) > _LONGEST:
        return None
    text = stated.strip()
    if _PARTIAL.fullmatch(text):
        return text.replace("/", "-")
    for parse in _PARSERS:
        with suppress(ValueError, TypeError, IndexError, OverflowError):  # email.utils raises the last three
            iso = parse(text).isoformat()
            return None if iso.startswith(_NO_DATES) else iso
    with suppress(ValueError):
        year, month, day = _written(text)
        return None if day is not None else f"{year:04}-{month:02}"
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
    """The date that a path states: "2021-03-04-title.md", "2021/03/04/title", "2021/03/title", "2021-03/title"."""
    return next(_path_dates([part for part in path.split("/") if part]), None)


def without_date(name: str) -> str:
    """The name of a file or folder without the date at its head."""
    match = _NAME_DAY.match(name)
    return name[match.end() :].lstrip("-_. T") if match and _day_in_name(name) else name


def _path_dates(parts: list[str]) -> Iterator[str]:
    """Dates of days before dates of months, and the last part's before those of folders."""
    yield from filter(None, map(_day_in_name, reversed(parts)))
    pairs = (f"{year}-{rest}" for year, rest in pairwise(parts) if re.match(r"\d\d-\d\d(?!\d)", rest))
    yield from filter(None, map(_day_in_name, pairs))
    for length in (3, 2):
        for at in range(len(parts) - length + 1):
            year, *rest = parts[at : at + length]
            rest[-1] = rest[-1].split(".")[0] if at + length == len(parts) else rest[-1]
            if re.fullmatch(r"\d{4}", year) and all(re.fullmatch(r"\d{1,2}", part) for part in rest):
                day = _day(int(year), int(rest[0]), int(rest[1]) if length == 3 else 1)
                if day:
                    yield day if length == 3 else day[:7]
    yield from (part for part in reversed(parts[:-1]) if re.fullmatch(r"(?:19[7-9]\d|20\d\d)-(?:0[1-9]|1[0-2])", part))


def _day_in_name(name: str) -> str | None:
    match = _NAME_DAY.match(name)
    return _day(*(int(group) for group in match.group(1, 3, 4, 5, 6, 7, 8, 9) if group)) if match else None


def _day(year: int, month: int, day: int) -> str | None:
    with suppress(ValueError):
        return date(year, month, day).isoformat() if _FIRST_YEAR <= year <= _LAST_YEAR else None
    return None


def _everyday(text: str) -> date:
    """A date with or without a time: numbers, or a month's name.

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
        day, time(hour, int(match["minute"] or 0), int(match["second"] or 0), tzinfo=_zone(match["zone"]))
    )


def _numbers(text: str) -> date:
    text = text.strip(" ,")
    if (match := _LAST_WORD.fullmatch(text)) and match[2].casefold() in _names(text)[1]:
        text = match[1]
    if match := _YEAR_FIRST.fullmatch(text):
        year, month, day = (int(group) for group in match.group(1, 3, 4, 5, 6) if group)
        return date(year, month, day)
    if match := _NUMBERED_MONTH.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    match = _YEAR_LAST.fullmatch(text)
    if match and (match[1] is None or match[1].casefold() in _names(text)[1]):
        first, second, year = int(match[2]), int(match[4]), int(match[5])
        if match[3] == "." or first == second or first > 12:  # months
            return date(year, second, first)
        if second > 12:
            return date(year, first, second)
    year, month, written_day = _written(text)
    return date(year, month, written_day or 0)


def _written(text: str) -> tuple[int, int, int | None]:
    """Year, month and, where one is stated, day of a date whose month is a word.

    Raises:
        ValueError: The words are others than those of one date.
    """
    words = [word for word in _WORDS.findall(text.casefold()) if word not in _BESIDE_DATES]
    year = next((word for word in (*words[:1], *words[-1:]) if len(word) == 4 and word.isdecimal()), None)
    if year is None:
        raise ValueError(text)
    months, weekdays = _names(text)
    if words[0] in weekdays and (words[0] not in months or len(words) > 3):  # "mar" is a month, too
        words.pop(0)
    words.remove(year)
    named = [word for word in words if word in months]
    days = [word for word in words if word.isdecimal() and len(word) <= 2]
    if len(named) != 1 or len(days) != len(words) - 1 or len(days) > 1:
        raise ValueError(text)
    is_buddhist = _THAI.search(text) and int(year) > _LAST_YEAR
    return int(year) - _BUDDHIST_YEARS * bool(is_buddhist), months[named[0]], int(days[0]) if days else None


def _names(text: str) -> tuple[dict[str, int], frozenset[str]]:
    """The names of months and days that the letters of a text call for."""
    return _names_in(_LANGUAGES_IN_OTHER_LETTERS if _OTHER_LETTER.search(text) else _LANGUAGES)


@cache
def _names_in(languages: tuple[str, ...]) -> tuple[dict[str, int], frozenset[str]]:
    """The numbers of months by name, whole or short, and the names of weekdays, as CLDR has them.

    A name that is one month's here and another's there, as "listopad" is, is left out.
    """
    from babel.dates import get_day_names, get_month_names  # noqa: PLC0415  # with its data 0.2 s, rarely needed

    months, weekdays = defaultdict[str, set[int]](set), set[str]()
    for language in languages:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    months[_last_word(name)].add(number)
                    months[f"ב{_last_word(name)}"].add(number)  # "in March" in Hebrew
                for name in get_day_names(width, context, language).values():
                    weekdays.update(_WORDS.findall(name.casefold()))
    return {name: next(iter(numbers)) for name, numbers in months.items() if len(numbers) == 1}, frozenset(weekdays)


def _last_word(name: str) -> str:
    """The name of a month without its article: "abril" of "d’abril"."""
    return str(_WORDS.findall(name.casefold())[-1])


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
