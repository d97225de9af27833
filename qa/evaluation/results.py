"""Frozen records of an evaluation: a row per question and the figures that follow from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import AliasChoices, Field

from index.errors import PostqaError
from index.records import Record
from qa.answer import Level, unstated_level
from qa.evaluation import metrics

POST_RECALL_1 = "post recall@1"
POST_NDCG_10 = "post nDCG@10"
ANSWER_HIT = "answer hit"
DECISION = "decision"
HEADLINES = (
    POST_RECALL_1,
    POST_NDCG_10,
    "quote@1",
    "quote@3",
    "answer@1",
    "answer@3",
    "sentence@1",
    "sentence@3",
    ANSWER_HIT,
    DECISION,
)
"""The measures a change is judged by; a gold set has `quote@k` or `answer@k`, as it has quotes or not."""

MOST_QUOTES = 3
"""How many quotes of an answer count as its proof."""


def first_rank(right: Iterable[object]) -> int | None:
    """The rank of the first right one, from 1; None where none is."""
    return next((rank for rank, hit in enumerate(right, start=1) if hit), None)


class EvaluationError(PostqaError):
    """A stored evaluation cannot be read, or two cannot be compared."""


def _as_the_quote(fields: dict[str, Any]) -> bool:
    return bool(fields.get("right"))


class Quoted(Record):
    """A quote that was offered as proof.

    Attributes:
        proven: `post.body[start:end] == quote` held.
        right: It is the proof the gold asks for.
        sentence: What of it answers, the rest being what that cannot be read without; empty for all of it.
        sentence_right: That alone is the proof the gold asks for.
    """

    post_id: str
    title: str
    start: int
    end: int
    quote: str
    proven: bool
    right: bool
    sentence: str = ""
    sentence_right: bool = Field(default_factory=_as_the_quote)


class TopPassage(Record):
    """A passage near the top of a ranking, its text cut short; files of earlier versions call features signals."""

    post_id: str
    title: str
    text: str
    score: float
    features: dict[str, float] = Field(validation_alias=AliasChoices("features", "signals"))
    relevant: bool


def _as_the_post(fields: dict[str, Any]) -> int | None:
    return fields.get("post_rank")


class Row(Record):
    """One gold question with its answer and ranking.

    Attributes:
        gold: The gold set, where several were asked together.
        level: How the answer was shown.
        read: Whether the reader took part.
        confidence: The answer's own, 0 to 1.
        held_back: What would have been quoted, where an answerable question was refused.
        candidates: The first of what `quote@k` and `answer@k` look at.
        ranking: Ids of the posts, by their first passages; empty in files of earlier versions.
        post_rank: Of the first relevant post, from 1; None where no ranked passage is of one.
        post_passage_rank: Of the first passage of a relevant post, likewise.
        passage_rank: Of the first relevant passage, likewise.
        measures: By name, those that apply to the question; higher is better.
        correct: What `confidence` is the probability of: answerable, and the first quote is right, shown or held back.
        unplaced_quotes: Gold quotes that are not in the gold posts: an error of the gold set or of the posts' text,
            not of the ranking.
        error: Why the question was refused as input; it then counts as a miss.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    gold_posts: tuple[str, ...] = ()
    gold_quotes: tuple[str, ...] = ()
    gold_answers: tuple[str, ...] = ()
    gold: str = ""
    answered: bool
    level: Level = Field(default_factory=unstated_level)
    read: bool = False
    confidence: float
    answer: str
    citations: tuple[Quoted, ...] = ()
    held_back: tuple[Quoted, ...] = ()
    candidates: tuple[Quoted, ...] = ()
    passages: tuple[TopPassage, ...] = ()
    ranking: tuple[str, ...] = ()
    post_rank: int | None = None
    post_passage_rank: int | None = Field(default_factory=_as_the_post)
    passage_rank: int | None = None
    measures: dict[str, float] = Field(default_factory=dict)
    correct: bool = False
    unplaced_quotes: tuple[str, ...] = ()
    milliseconds: float = 0.0
    error: str = ""

    @property
    def refused(self) -> bool:
        """Whether it was judged unanswerable; a question refused as input is no refusal, and no answer either."""
        return not self.answered and not self.error

    @property
    def standing(self) -> str:
        """How it was shown and where its answer was found."""
        places = [("passage", self.passage_rank), ("quote", self.quote_rank), ("sentence", self.sentence_rank)]
        ranks = [f"{name} {rank or 'none'}" for name, rank in places] if self.answerable else []
        return " · ".join((self.level, f"confidence {self.confidence:.2f}", *ranks))

    @property
    def quotes(self) -> tuple[Quoted, ...]:
        """What was quoted or held back; the best-ranked sentences where a run does not state what was held back."""
        return (self.citations or self.held_back or self.candidates)[:MOST_QUOTES]

    @property
    def quote_rank(self) -> int | None:
        """Of the first right quote, from 1; None where no quote is right."""
        return first_rank(quote.right for quote in self.quotes)

    @property
    def sentence_rank(self) -> int | None:
        """Of the first quote whose answering sentence is right, likewise."""
        return first_rank(quote.sentence_right for quote in self.quotes)


class Figure(Record):
    """A mean over the n questions that the measure applies to, with its standard error and its 95 % interval."""

    mean: float
    standard_error: float | None
    n: int
    low: float
    high: float


class Refusals(Record):
    """How well answerable and unanswerable questions are told apart; None where a figure is undefined.

    Attributes:
        precision: Share of the refused questions that are unanswerable.
        recall: Share of the unanswerable questions that are refused.
        answered_when_answerable: Share of the answerable questions that are answered, outright or by the nearest.
        answer_precision: Share right of what is shown as an answer outright.
        answer_when_answerable: Share of the answerable questions that are shown an answer outright.
        answer_when_unanswerable: Share of the unanswerable questions that are shown an answer outright.
        auroc: Of `confidence`, answerable against unanswerable.
        calibration_error: Of `confidence` against `Row.correct`, ten bins of equal width; 0 is best.
        calibration_error_equal_mass: The same over ten bins of equal size.
        brier: Mean squared error of `confidence` against `Row.correct`; 0 is best.
        risk_coverage_area: Mean risk over all coverages, the most confident first; 0 is best.
    """

    precision: Figure | None = Field(title="refusals: precision")
    recall: Figure | None = Field(title="refusals: recall (refused when unanswerable)")
    answered_when_answerable: Figure | None = Field(title="answered when answerable")
    answer_precision: Figure | None = Field(title="shown as answer: right")
    answer_when_answerable: Figure | None = Field(title="shown as answer when answerable")
    answer_when_unanswerable: Figure | None = Field(title="shown as answer when unanswerable")
    auroc: Figure | None = Field(title="AUROC of confidence")
    calibration_error: float = Field(title="expected calibration error (10 equal widths)")
    calibration_error_equal_mass: float = Field(title="expected calibration error (10 equal sizes)")
    brier: float = Field(title="Brier")
    risk_coverage_area: float = Field(title="area under risk-coverage")


class Summary(Record):
    """The figures over a group of rows.

    Attributes:
        measures: Means by the rows' measure names, in the rows' order.
        citations, proven: How many quotes were cited, and how many of them the post really holds.
        median_ms, p95_ms: Of one `ask()`, in milliseconds.
    """

    questions: int
    answerable: int
    measures: dict[str, Figure]
    refusals: Refusals
    citations: int
    proven: int
    median_ms: float
    p95_ms: float


class Evaluation(Record):
    """What an assistant made of a gold set.

    Attributes:
        sha256: Of the gold set's bytes.
        dropped: Questions of the gold set that could not be judged.
        generations: The index generations the answers came from: one, unless a build came between.
        encoder: The encoder's name, where the assistant offers it.
        reader: How much was read, with which weights and thresholds, likewise.
        calibration: The gold set that the assistant was calibrated on, likewise.
        fingerprint: All that an answer follows from, by name: version, corpus, weights, thresholds and so on.
    """

    gold: str
    sha256: str = ""
    dropped: int = 0
    generations: tuple[int, ...] = ()
    encoder: str = ""
    reader: str = ""
    calibration: str = ""
    fingerprint: dict[str, str] = Field(default_factory=dict)
    rows: tuple[Row, ...] = Field(min_length=1)

    @property
    def setup(self) -> str:
        """What was asked: generation, encoder, reader and calibration, as far as they are known."""
        parts = (
            f"index generation {', '.join(map(str, self.generations)) or 'unknown'}",
            f"encoder {self.encoder}" if self.encoder else "",
            f"reader {self.reader}" if self.reader else "",
            f"calibrated on {self.calibration}" if self.calibration else "",
        )
        return ", ".join(part for part in parts if part)

    @property
    def stated(self) -> dict[str, str]:
        """What a run states of how it was made, by name."""
        own = {"encoder": self.encoder, "reader": self.reader, "calibration": self.calibration}
        generations = {"index generation": ", ".join(map(str, self.generations))}
        return generations | {name: value for name, value in (own | self.fingerprint).items() if value}

    @cached_property
    def overall(self) -> Summary:
        """The figures over all questions."""
        return summarise(self.rows)

    @cached_property
    def kinds(self) -> dict[str, Summary]:
        """The figures of each kind of question, in order of first appearance."""
        names = dict.fromkeys(row.kind for row in self.rows)
        return {name: summarise([row for row in self.rows if row.kind == name]) for name in names}


def summarise(rows: Sequence[Row]) -> Summary:
    """The figures over these rows, at least one.

    A measure's mean is over the questions it applies to: a ranking measure over the answerable ones,
    `quote@k` over those with gold quotes; a question without a result counts 0.
    """
    names = dict.fromkeys(name for row in rows for name in row.measures)
    quotes = [quote for row in rows for quote in row.citations]
    times = [row.milliseconds for row in rows if not row.error] or [0.0]
    return Summary(
        questions=len(rows),
        answerable=sum(row.answerable for row in rows),
        measures={name: figure([r.measures[name] for r in rows if name in r.measures]) for name in names},
        refusals=_refusals(rows),
        citations=len(quotes),
        proven=sum(quote.proven for quote in quotes),
        median_ms=float(np.median(times)),
        p95_ms=float(np.percentile(times, 95)),
    )


def figure(values: Sequence[float]) -> Figure:
    """The mean of at least one value, with its interval."""
    return _bounded(metrics.mean(values), metrics.standard_error_of_mean(values), len(values))


def _bounded(mean: float, standard_error: float | None, n: int, trials: float | None = None) -> Figure:
    """A figure with Wilson's interval of as many trials, which are its questions unless stated."""
    low, high = metrics.wilson_interval(mean, trials or n)
    return Figure(mean=mean, standard_error=standard_error, n=n, low=low, high=high)


def _refusals(rows: Sequence[Row]) -> Refusals:
    confidences, correct = [row.confidence for row in rows], [row.correct for row in rows]
    return Refusals(
        precision=_proportion([not row.answerable for row in rows if row.refused]),
        recall=_proportion([row.refused for row in rows if not row.answerable]),
        answered_when_answerable=_proportion([row.answered for row in rows if row.answerable]),
        answer_precision=_proportion([row.correct for row in rows if row.level is Level.ANSWER]),
        answer_when_answerable=_proportion([row.level is Level.ANSWER for row in rows if row.answerable]),
        answer_when_unanswerable=_proportion([row.level is Level.ANSWER for row in rows if not row.answerable]),
        auroc=_auroc(rows),
        calibration_error=metrics.calibration_error(metrics.equal_width_bins(confidences, correct)),
        calibration_error_equal_mass=metrics.calibration_error(metrics.equal_mass_bins(confidences, correct)),
        brier=metrics.brier(confidences, correct),
        risk_coverage_area=metrics.risk_coverage_area(metrics.risk_coverage(confidences, correct)),
    )


def _proportion(outcomes: Sequence[bool]) -> Figure | None:
    if not outcomes:
        return None
    share = metrics.mean(outcomes)
    return _bounded(share, metrics.standard_error_of_proportion(share, len(outcomes)), len(outcomes))


def _auroc(rows: Sequence[Row]) -> Figure | None:
    positive = [row.confidence for row in rows if row.answerable]
    negative = [row.confidence for row in rows if not row.answerable]
    area = metrics.auroc(positive, negative)
    if area is None:
        return None
    error = metrics.auroc_standard_error(positive, negative)
    # As many trials as would give a share this standard error; the smaller class where it is 0 or unknown.
    trials = area * (1 - area) / error**2 if error and 0 < area < 1 else min(len(positive), len(negative))
    return _bounded(area, error, len(rows), trials)
