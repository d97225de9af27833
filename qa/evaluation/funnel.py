"""Where answers are lost: how many questions reach each step from the passages to what is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from qa.answer import Level
from qa.evaluation.results import MOST_QUOTES, Evaluation, Row

FIRST_PASSAGES = 8
"""Among how many passages the answer counts as found: as many as an answer carries."""

ALL = "all"


class Step(NamedTuple):
    """A step that a question reaches or does not.

    Attributes:
        name: The head of its column.
        meaning: When a question reaches it.
    """

    name: str
    meaning: str
    reached: Callable[[Row], bool]


def _is_found(row: Row) -> bool:
    return (row.passage_rank or math.inf) <= FIRST_PASSAGES


def _is_chosen(row: Row) -> bool:
    return row.quote_rank is not None


def _is_shown(row: Row) -> bool:
    return row.level in (Level.ANSWER, Level.NEAREST)


STEPS = (
    Step(
        f"post in {FIRST_PASSAGES}",
        f"one of the first {FIRST_PASSAGES} passages is of a post that answers",
        lambda row: (row.post_passage_rank or math.inf) <= FIRST_PASSAGES,
    ),
    Step(
        f"passage in {FIRST_PASSAGES}",
        f"one of the first {FIRST_PASSAGES} passages shares text with a gold quote, or holds a gold answer where the "
        "gold has no quotes",
        _is_found,
    ),
    Step(
        f"quote in {MOST_QUOTES}",
        f"one of the first {MOST_QUOTES} quotes, shown or held back by a refusal, is right: it and a gold quote share "
        "half of the shorter, or it holds a gold answer where the gold has no quotes",
        _is_chosen,
    ),
    Step("quote first", "the first quote is right", lambda row: row.quote_rank == 1),
    Step("answer", "shown as an answer", lambda row: row.level is Level.ANSWER),
    Step("nearest", "shown as the nearest that the posts say", lambda row: row.level is Level.NEAREST),
    Step("refused", "not shown: the posts do not say", lambda row: not _is_shown(row)),
)
"""What an answerable question goes through; the last three are the levels, of which it has one."""

LEVELS = STEPS[-3:]

OUTCOMES = (
    Step(
        "not found",
        f"no quote is right, and the answer is not in the first {FIRST_PASSAGES} passages",
        lambda row: not _is_found(row) and not _is_chosen(row),
    ),
    Step(
        "found but not chosen",
        f"the answer is in the first {FIRST_PASSAGES} passages, and no quote is right",
        lambda row: _is_found(row) and not _is_chosen(row),
    ),
    Step(
        "chosen but refused",
        "a quote is right, and the refusal held it back",
        lambda row: _is_chosen(row) and not _is_shown(row),
    ),
    Step(
        "answered",
        "a quote is right and shown, as an answer or as the nearest",
        lambda row: _is_chosen(row) and _is_shown(row),
    ),
)
"""Where an answerable question ends: in exactly one of these."""


class Counts(NamedTuple):
    """How many questions of a group are asked, and how many of them reach each step."""

    group: str
    asked: int
    reached: tuple[int, ...]


class Funnel(NamedTuple):
    """A table of counts: all questions, then each kind, then each gold set where there are several."""

    title: str
    rows: Sequence[Row]
    steps: Sequence[Step]
    sections: tuple[tuple[Counts, ...], ...]

    @property
    def head(self) -> tuple[str, ...]:
        """The heads of its columns."""
        return "kind", "asked", *(step.name for step in self.steps)

    @property
    def cells(self) -> list[list[tuple[str, ...]]]:
        """Its sections' rows; counts of all questions with their share."""
        return [[_cells(counts) for counts in section] for section in self.sections]

    @property
    def questions(self) -> dict[str, list[Row]]:
        """The questions that reach each step."""
        return {step.name: [row for row in self.rows if step.reached(row)] for step in self.steps}

    @property
    def lists(self) -> dict[str, list[Row]]:
        """Where each question is: those that a step on the way loses, and those that end in each of the others."""
        on_the_way = [] if self.steps is not STEPS else STEPS[: -len(LEVELS)]
        lost = {f"without {step.name}": [row for row in self.rows if not step.reached(row)] for step in on_the_way}
        ends = {name: rows for name, rows in self.questions.items() if f"without {name}" not in lost}
        return {name: rows for name, rows in (lost | ends).items() if rows}


def funnels(evaluation: Evaluation) -> list[Funnel]:
    """The answerable questions by step and by outcome, and the others by level; empty tables are left out."""
    answerable = [row for row in evaluation.rows if row.answerable]
    others = [row for row in evaluation.rows if not row.answerable]
    made = (
        ("Answerable questions, step by step", answerable, STEPS),
        ("Where answerable questions end", answerable, OUTCOMES),
        ("Unanswerable questions", others, LEVELS),
    )
    return [Funnel(title, rows, steps, _sections(rows, steps)) for title, rows, steps in made if rows]


def outcome(row: Row) -> str:
    """Where a question ends: an answerable one by its outcome, another by its level."""
    return next(step.name for step in (OUTCOMES if row.answerable else LEVELS) if step.reached(row))


def _sections(rows: Sequence[Row], steps: Sequence[Step]) -> tuple[tuple[Counts, ...], ...]:
    kinds, golds = (dict.fromkeys(names) for names in ((row.kind for row in rows), (row.gold for row in rows)))
    sections = (
        [_count(ALL, rows, steps)],
        [_count(kind, [row for row in rows if row.kind == kind], steps) for kind in kinds],
        [_count(gold, [row for row in rows if row.gold == gold], steps) for gold in golds if gold],
    )
    return tuple(tuple(section) for section in sections if section)


def _count(group: str, rows: Sequence[Row], steps: Sequence[Step]) -> Counts:
    return Counts(group, len(rows), tuple(sum(map(step.reached, rows)) for step in steps))


def _cells(counts: Counts) -> tuple[str, ...]:
    shares = [f" ({number / counts.asked:.0%})" if counts.group == ALL else "" for number in counts.reached]
    return counts.group, str(counts.asked), *(f"{n}{share}" for n, share in zip(counts.reached, shares, strict=True))
