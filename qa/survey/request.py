"""A question that asks for posts: what every post is asked, the dates that it names, and which post is wanted.

Rules over words, in English and Spanish; a question they do not recognise is asked of every post as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as day
from datetime import timedelta

from index.filters import Filters
from index.reader import Index
from qa.survey.records import Order


@dataclass(frozen=True)
class SurveyRequest:
    """A question put to every post.

    Attributes:
        asked: The question as it was asked.
        question: What every post is asked.
        filters: The posts asked.
        order: Where one post is wanted, which.
    """

    asked: str
    question: str
    filters: Filters
    order: Order | None = None


_POSTS = r"(?:(?:blog[ -]?)?posts?|articles?|entries|entry|publicaci(?:ón|ones)|art[ií]culos?|entradas?)"
_LATEST = r"(?:latest|newest|most recent|last|últim[ao]s?|más recientes?)"
_FIRST = r"(?:first|oldest|earliest|primer[ao]?s?|más antigu[ao]s?)"
_SAY = (
    r"(?:(?:that|who|which|que)\s+)?(?:(?:do|does|are|is|were|was|has|have)\s+)?(?:all\s+)?"
    r"(?:say something about|talks? about|writ(?:e|es|ten) about|mention(?:s|ed|ing)?|discuss(?:es|ed|ing)?"
    r"|cover(?:s|ed|ing)?|deals? with|about|on|regarding|says?"
    r"|(?:hablan?|tratan?) (?:de|sobre)|mencionan?|sobre|de)\b"
)
_LEAD = re.compile(
    rf"^\W*(?:please\s+)?(?:(?:list|show|name|give|find|enumerate|lista|enumera|muestra)\b(?:\s+me)?\s*)?"
    rf"(?:(?:what|which|qué|cuáles|cuál)\s+(?:(?:is|are|was|were|es|son|fue)\s+)?)?(?:(?:all|every|todos|todas)\s+)?"
    rf"(?:(?:of\s+)?(?:the|los|las|el|la)\s+)?(?:(?P<latest>{_LATEST})\s+|(?P<first>{_FIRST})\s+)?"
    rf"{_POSTS}\s+(?P<recent>más recientes?\s+)?{_SAY}\s+",
    re.IGNORECASE,
)
_LIST_ALL = re.compile(
    r"^\W*(?:please\s+)?(?:list|show|name|find|enumerate|lista|enumera)\b(?:\s+me)?\s+(?:all|every|todos|todas)\b"
    r"(?:\s+(?:of\s+)?(?:the|los|las))?\s+",
    re.IGNORECASE,
)
_WHICH_POSTS = re.compile(rf"\b(?:which|what|qué|cuáles)\s+{_POSTS}\b|\b{_LATEST}\s+{_POSTS}\b", re.IGNORECASE)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero", "february feb febrero", "march mar marzo", "april apr abril", "may mayo",
            "june jun junio", "july jul julio", "august aug agosto", "september sept sep septiembre",
            "october oct octubre", "november nov noviembre", "december dec diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DATE = (
    rf"(?:(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?\s+(?:de\s+|of\s+)?(?:19|20)\d\d\b"
    r"|(?:19|20)\d\d(?:-\d\d){0,2}\b)"
)
_DATED = re.compile(
    rf"[\s,]*\b(?:(?:published|posted|written|from|publicad[ao]s?)\s+)?"
    rf"(?:(?:between|entre|from|desde|de)\s+(?P<from>{_DATE})\s+(?:and|to|until|till|y|a|hasta)\s+(?P<to>{_DATE})"
    r"|(?P<sign>in|during|since|before|after|until|from|en|durante|desde|antes de|después de|hasta)\s+"
    rf"(?P<date>{_DATE}))",
    re.IGNORECASE,
)
_SINCE = frozenset(("since", "desde"))
_UNTIL = frozenset(("until", "hasta"))
_BEFORE = frozenset(("before", "antes de"))
_AFTER = frozenset(("after", "después de"))


def asks_for_posts(question: str) -> bool:
    """Whether a question asks which posts say something, and so is better answered by a survey."""
    return any(pattern.search(question) for pattern in (_LEAD, _LIST_ALL, _WHICH_POSTS))


def survey_request(question: str, filters: Filters, index: Index) -> SurveyRequest:
    """What a question asks of which posts.

    Args:
        question: As asked; what is no text is left for the check of questions.
        filters: As stated; dates in them go before those in the question.
        index: In which a date is one of publication if posts of then are there.
    """
    if not isinstance(question, str):
        return SurveyRequest("", question, filters)
    asked = question.encode("utf-8", "replace").decode("utf-8")
    rest, dated = _without_dates(question, filters)
    if dated != filters and not index.posts_meeting(dated)[0]:
        rest, dated = question, filters
    lead = _LEAD.match(rest)
    about = _LIST_ALL.sub("", rest) if lead is None else rest[lead.end() :].rstrip(" ?.!")
    # "Which posts were published in 2018?" asks for all posts of then.
    return SurveyRequest(asked, about or rest, dated, _order(lead))


def _order(lead: re.Match[str] | None) -> Order | None:
    if lead is None:
        return None
    if lead["latest"] or lead["recent"]:
        return Order.LATEST
    return Order.FIRST if lead["first"] else None


def _without_dates(question: str, filters: Filters) -> tuple[str, Filters]:
    """A question without a date of publication, and the filters with it."""
    match = _DATED.search(question)
    if match is None or filters.since or filters.until:
        return question, filters
    try:
        bounds = dict(_bounds(match))
    except ValueError:  # no day of the calendar
        return question, filters
    rest = f"{question[: match.start()]} {question[match.end() :]}"
    return " ".join(rest.split()).replace(" ?", "?"), filters.model_copy(update=bounds)


def _bounds(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    if match["from"]:
        yield from (("since", _iso(match["from"])), ("until", _iso(match["to"])))
        return
    sign, date = match["sign"].casefold(), _iso(match["date"])
    if sign not in _UNTIL | _BEFORE:
        yield "since", _moved(date, 1) if sign in _AFTER else date
    if sign not in _SINCE | _AFTER:
        yield "until", _moved(date, -1) if sign in _BEFORE else date


def _iso(date: str) -> str:
    """A date as a filter takes it: 2018, 2018-05 or 2018-05-04."""
    month = _MONTHS.get(re.split(r"[.\s]", date.casefold())[0])
    return f"{date[-4:]}-{month:02}" if month else date


def _moved(date: str, step: int) -> str:
    """The year, month or day before or after one."""
    year, *parts = map(int, date.split("-"))
    if not parts:
        return f"{year + step}"
    if len(parts) == 1:
        months = 12 * year + parts[0] - 1 + step
        return f"{months // 12}-{months % 12 + 1:02}"
    return (day.fromisoformat(date) + timedelta(days=step)).isoformat()
