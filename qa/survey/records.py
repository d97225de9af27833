"""What a survey gives, as frozen records, and the same as plain text."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from index.filters import Filters
from index.records import Post, Record
from qa.links import source_line
from qa.records import Citation


class Stance(StrEnum):
    """What a post does with a question: it answers, it comes near, or it is silent."""

    ANSWER = "answer"
    NEAR = "near"
    SILENT = "silent"


class Order(StrEnum):
    """Which of the posts that answer is wanted."""

    LATEST = "latest"
    FIRST = "first"


class PostStance(Record):
    """One post in a survey.

    Attributes:
        probability: P(the post answers and the citation supports it), 0 to 1, as if it were asked alone.
        citation: Its strongest sentence, proven, as the focus of a quote; None where it is silent.
    """

    post: Post
    stance: Stance
    probability: float = Field(ge=0, le=1)
    citation: Citation | None = None


class Survey(Record):
    """What each post says to a question.

    Attributes:
        question: As asked.
        question_as_understood: What every post was asked: without dates of publication and "which posts mention".
        filters: The posts asked, with the dates that the question named.
        rows: One a post, the latest first and those without a date last.
        counts: Of all posts asked, by stance; posts that were not read count as silent.
        posts_read: How many of them were read.
        answer_from, near_from: Probabilities from which a post answers, or comes near.
        order: Whether the latest or the first of the posts that answer was asked for; None where neither was.
        wanted: The row of that post; None where there is none.
    """

    question: str
    question_as_understood: str
    filters: Filters = Filters()
    rows: tuple[PostStance, ...] = ()
    counts: dict[Stance, int]
    posts_read: int
    answer_from: float
    near_from: float
    order: Order | None = None
    wanted: PostStance | None = None
    generation: int = 0

    @property
    def posts(self) -> int:
        """How many posts were asked."""
        return sum(self.counts.values())

    @property
    def not_shown(self) -> int:
        """How many posts have no row; all of them are silent."""
        return self.posts - len(self.rows)

    @property
    def summary(self) -> str:
        """The counts, the latest post where it was asked for, and the filters, in plain sentences."""
        says, near, silent = (self.counts[stance] for stance in Stance)
        sentences = [
            f"{says} of {_counted(self.posts, 'post')} {_verb(says, 'says', 'say')} so, "
            f"{near} {_verb(near, 'comes', 'come')} near, {silent} {_verb(silent, 'is', 'are')} silent."
        ]
        if self.wanted is not None:
            published = (self.wanted.post.published or "")[:10]
            sentences.append(f"The {self.order}: {self.wanted.post.title}, {published}.")
        if self.filters:
            sentences.append(f"Asked only of posts {_described(self.filters)}.")
        return " ".join(sentences)

    @property
    def remark(self) -> str:
        """How many posts are not shown, and how many were read; empty where all were."""
        unread = self.posts - self.posts_read
        read = f" The {self.posts_read} nearest posts were read, the others count as silent." if unread else ""
        shown = f"{_counted(self.not_shown, 'silent post')} not shown." if self.not_shown else ""
        return f"{shown}{read}".strip()

    def __str__(self) -> str:
        """The survey as plain text."""
        return "\n".join(filter(None, [self.summary, "", *map(_row_text, self.rows), self.remark]))


def survey_to_json(survey: Survey) -> dict[str, Any]:
    """A survey as plain values; posts without their bodies."""
    row: dict[str, Any] = {"post": {"body"}, "citation": {"post": {"body"}}}
    values = survey.model_dump(mode="json", exclude={"rows": {"__all__": row}, "wanted": row})
    return {"text": survey.summary, "posts": survey.posts, "not_shown": survey.not_shown, **values}


def _described(filters: Filters) -> str:
    """Filters in words: "published in 2018", "published since 2020 with author Ann"."""
    dates = [f"{name} {date}" for name, date in (("since", filters.since), ("until", filters.until)) if date]
    if filters.since and filters.since == filters.until:
        dates = [f"in {filters.since}"]
    others = filters.model_copy(update={"since": None, "until": None})
    published = [f"published {' '.join(dates)}"] if dates else []
    return " ".join([*published, *([f"with {others}"] if others else [])])


def _row_text(row: PostStance) -> str:
    line = f"{row.stance:<6}  {source_line(row.post)}"
    return f"{line}\n        “{' '.join(row.citation.shown_focus.split())}”" if row.citation else line


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _verb(number: int, one: str, several: str) -> str:
    return one if number == 1 else several
