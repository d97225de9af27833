"""A question put to every post: each is decided as if it were asked alone, the best ones by reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from index.reader import Index
from index.records import Post
from qa.answering.citations import cite
from qa.answering.decision import Decision
from qa.answering.reread import ReadingWeights
from qa.answering.retrieve import retrieve_by_post
from qa.answering.weights import Weights
from qa.question.query import Query
from qa.records import Citation, Passage
from qa.settings import AskSettings
from qa.survey.records import Order, PostStance, Stance, Survey
from qa.survey.request import SurveyRequest

MOST_POSTS = 32
"""How many posts are read, those nearest to the question: with two windows each they take about half a second."""
WINDOWS_OF_POST = 2
_PASSAGES_OF_POST = 2
_LEAST_NEAR = 0.2  # of many posts with a chance of a few per cent each, some would always come near
MOST_ROWS = 50
"""Of more posts, only those that were read have a row."""


@dataclass(frozen=True)
class Thresholds:
    """From which probability a post answers, and comes near."""

    answer: float
    near: float

    @classmethod
    def of(cls, weights: ReadingWeights | Weights, stated: float | None) -> Self:
        """Those of the reader; by the ranking alone, a post answers when that is likelier than not.

        Args:
            weights: What the probabilities come from.
            stated: The setting that goes before the lower one.
        """
        if isinstance(weights, ReadingWeights):
            return cls(weights.answer, max(_LEAST_NEAR, weights.nearest if stated is None else stated))
        near = max(_LEAST_NEAR, weights.threshold if stated is None else stated)
        return cls(max(0.5, near), near)

    def stance(self, probability: float) -> Stance:
        """What a post of a probability does."""
        if probability >= self.answer:
            return Stance.ANSWER
        return Stance.NEAR if probability >= self.near else Stance.SILENT


@dataclass(frozen=True)
class SurveyTask:
    """A question understood, and what it is asked of."""

    request: SurveyRequest
    query: Query
    index: Index
    weights: Weights
    settings: AskSettings
    thresholds: Thresholds


def survey_posts(task: SurveyTask, decide: Callable[[list[Passage]], Decision]) -> Survey:
    """Put a question to every post.

    Args:
        task: The question and the posts.
        decide: How far the passages of one post answer it.
    """
    allowed = task.index.allowed(task.request.filters)
    posts, all_posts = task.index.posts_meeting(task.request.filters)
    of_posts = retrieve_by_post(
        task.query, task.index, task.weights, task.settings, MOST_POSTS, _PASSAGES_OF_POST, allowed
    )
    ranked = sorted((_row(task, decide(passages)) for passages in of_posts), key=lambda row: -row.probability)
    stances = Counter(row.stance for row in ranked)
    counts = {stance: stances[stance] for stance in Stance}
    counts[Stance.SILENT] += posts - len(ranked)
    read = {row.post.id for row in ranked}
    unread = (post for post in all_posts if post.id not in read) if posts <= MOST_ROWS else ()
    rows = tuple(_numbered(_by_date([*ranked, *map(_silent, unread)])))
    return Survey(
        question=task.request.asked,
        question_as_understood=task.query.text,
        filters=task.request.filters,
        rows=rows,
        counts=counts,
        posts_read=len(ranked),
        answer_from=task.thresholds.answer,
        near_from=task.thresholds.near,
        order=task.request.order,
        wanted=_wanted(rows, task.request.order),
        generation=task.index.manifest.generation,
        language=task.query.language,
    )


def _row(task: SurveyTask, decision: Decision) -> PostStance:
    post = decision.passages[0].post
    stance = task.thresholds.stance(decision.probability)
    citations: Sequence[Citation] = ()
    if stance is not Stance.SILENT:
        citations = cite(decision.quotes[:1])
    if not citations:
        stance = Stance.SILENT
    return PostStance(post=post, stance=stance, probability=decision.probability, citation=next(iter(citations), None))


def _silent(post: Post) -> PostStance:
    """The row of a post that no search put forward."""
    return PostStance(post=post, stance=Stance.SILENT, probability=0.0)


def _by_date(rows: Sequence[PostStance]) -> list[PostStance]:
    """The latest first, posts without a date last; posts of one date by probability."""
    return sorted(rows, key=lambda row: row.post.published or "", reverse=True)


def _numbered(rows: Sequence[PostStance]) -> Iterator[PostStance]:
    number = 0
    for row in rows:
        if row.citation is None:
            yield row
            continue
        number += 1
        yield row.model_copy(update={"citation": row.citation.model_copy(update={"marker": f"[{number}]"})})


def _wanted(rows: Sequence[PostStance], order: Order | None) -> PostStance | None:
    """The latest or the first dated post that answers, else that comes near."""
    for stance in (Stance.ANSWER, Stance.NEAR):
        dated = [row for row in rows if row.stance is stance and row.post.published]
        if order is not None and dated:
            return dated[0] if order is Order.LATEST else dated[-1]
    return None
