"""What a survey gives, as frozen records, and the same as plain text."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import Field

from index.filters import Filters
from index.records import Post, Record
from qa.links import source_line
from qa.messages import messages_in
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
        language: Two-letter code of the question's language, in which the survey is worded.
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
    language: str = "en"

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
        say = messages_in(self.language).of_survey
        says, near, silent = (self.counts[stance] for stance in Stance)
        counts = say("says", says, posts=say("posts", self.posts)), say("near", near), say("silent", silent)
        sentences = [f"{', '.join(counts)}."]
        if self.wanted is not None and self.order is not None:
            published = (self.wanted.post.published or "")[:10]
            sentences.append(say(self.order, title=self.wanted.post.title, date=published))
        if self.filters:
            sentences.append(say("asked_only", filters=self._described_filters))
        return " ".join(sentences)

    @property
    def _described_filters(self) -> str:
        """The filters in words: "published in 2018", "published since 2020 with author Ann"."""
        messages, filters = messages_in(self.language), self.filters
        say, names = messages.of_survey, messages.filter_names
        stated = {"since": filters.since, "until": filters.until}
        dates = [f"{names[name]} {date}" for name, date in stated.items() if date]
        if filters.since and filters.since == filters.until:
            dates = [say("in_date", date=filters.since)]
        titles = {row.post.id: row.post.title for row in self.rows}
        titled = tuple(titles.get(post_id, post_id) for post_id in filters.posts)
        others = filters.model_copy(update={"since": None, "until": None, "posts": titled})
        parts = [say("published", dates=" ".join(dates))] if dates else []
        if others:
            parts.append(say("with", conditions=others.described(names, messages.or_between)))
        return " ".join(parts)

    @property
    def remark(self) -> str:
        """How many posts are not shown, and how many were read; empty where all were."""
        say = messages_in(self.language).of_survey
        shown = say("not_shown", self.not_shown) if self.not_shown else ""
        read = say("read", self.posts_read) if self.posts > self.posts_read else ""
        return f"{shown} {read}".strip()

    def __str__(self) -> str:
        """The survey as plain text."""
        names = dict(zip(Stance, messages_in(self.language).survey["stances"], strict=True))
        rows = (_row_text(row, names[row.stance], max(map(len, names.values()))) for row in self.rows)
        return "\n".join(filter(None, [self.summary, "", *rows, self.remark]))


def survey_to_json(survey: Survey) -> dict[str, Any]:
    """A survey as plain values; posts without their bodies."""
    row: dict[str, Any] = {"post": {"body"}, "citation": {"post": {"body"}}}
    values = survey.model_dump(mode="json", exclude={"rows": {"__all__": row}, "wanted": row})
    return {"text": survey.summary, "posts": survey.posts, "not_shown": survey.not_shown, **values}


def with_survey(answer: dict[str, Any], survey: Survey | None) -> dict[str, Any]:
    """An answer as plain values, with the survey that a question which asks for posts leads to."""
    return {**answer, "survey": survey_to_json(survey) if survey else None}


def _row_text(row: PostStance, stance: str, width: int) -> str:
    line = f"{stance:<{width}}  {source_line(row.post)}"
    return f"{line}\n{'':<{width}}  “{' '.join(row.citation.shown_focus.split())}”" if row.citation else line
