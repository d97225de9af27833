"""Which posts a question is asked of, where it is not all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, field_validator, model_validator
from pydantic.config import JsonDict

from index.errors import QuestionError
from index.records import Record

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_MOST = 1_000  # values of one kind: SQLite takes so many at once, and more is no filter but a list
_TEXTS = f"Give a list of at most {_MOST:,} texts."
_A_DATE = "Give a year, a month or a day."
_REMEDIES = {"posts": _TEXTS, "authors": _TEXTS, "publishers": _TEXTS, "since": _A_DATE, "until": _A_DATE}
_AS_SCHEMA: JsonDict = {"pattern": f"^{_DATE.pattern}$"}


class Filters(Record):
    """Posts that meet every kind of condition stated, and of each kind at least one.

    Attributes:
        posts: Ids.
        authors: Names; case and accents do not count.
        publishers: Names, the same way.
        since: Year, month or day (ISO 8601) before which no post was published.
        until: The same for the last; a post without a date meets neither.

    Raises:
        QuestionError: A condition is unknown, or its value cannot be used; names both.
    """

    posts: tuple[str, ...] = Field(default=(), max_length=_MOST)
    authors: tuple[str, ...] = Field(default=(), max_length=_MOST)
    publishers: tuple[str, ...] = Field(default=(), max_length=_MOST)
    since: str | None = Field(default=None, json_schema_extra=_AS_SCHEMA)
    until: str | None = Field(default=None, json_schema_extra=_AS_SCHEMA)

    @field_validator("since", "until")
    @classmethod
    def _is_date(cls, value: str | None) -> str | None:
        if value is not None and not _DATE.fullmatch(value):
            raise ValueError("not a date such as 2021, 2021-05 or 2021-05-04")
        return value

    @model_validator(mode="wrap")
    @classmethod
    def _usable(cls, stated: object, validate: ModelWrapValidatorHandler[Self]) -> Self:
        """Validate, with an error of ours whoever states the filters: Python, a command, HTTP or a tool."""
        try:
            return validate(stated)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0]) if first["loc"] else ""
            fault = first["msg"].removeprefix("Value error, ")
            remedy = _REMEDIES.get(name, f"Use {', '.join(cls.model_fields)}.")
            raise QuestionError(
                f"the filter cannot be used: {fault}", where=name, seen=repr(first["input"]), remedy=remedy
            ) from error

    def described(self, names: Mapping[str, str], or_between: str) -> str:
        """The conditions in words: what each kind is called, and what joins the values of one kind."""
        several = {"id": self.posts, "author": self.authors, "publisher": self.publishers}
        conditions = [f"{names[kind]} {or_between.join(values)}" for kind, values in several.items() if values]
        dates = {"since": self.since, "until": self.until}
        return ", ".join([*conditions, *(f"{names[kind]} {date}" for kind, date in dates.items() if date)])

    def __str__(self) -> str:
        return self.described({kind: kind for kind in ("id", "author", "publisher", "since", "until")}, " or ")

    def __bool__(self) -> bool:
        return any((self.posts, self.authors, self.publishers, self.since, self.until))


def stated_filters(**stated: object) -> Filters:
    """Filters out of what a person stated; what is None or empty sets no condition.

    Raises:
        QuestionError: As `Filters` does.
    """
    return Filters.model_validate({name: value for name, value in stated.items() if value})


def checked_filters(filters: object) -> Filters | None:
    """Filters as a caller gave them.

    Raises:
        QuestionError: They are something else.
    """
    if filters is None or isinstance(filters, Filters):
        return filters
    remedy = "Use qa.Filters(authors=('Ann Lee',), since='2021'), or None."
    raise QuestionError("not filters", where="filters", seen=repr(filters), remedy=remedy)


def nothing_matches(filters: Filters) -> QuestionError:
    """The error of a question that is asked of no post."""
    return QuestionError("no post meets the filters", seen=filters, remedy="See qa posts, and take one of them off.")
