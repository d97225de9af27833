"""What the charts of an evaluation show, as numbers; `templates/charts.html` draws them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor, log10
from typing import NamedTuple

import numpy as np

from qa.evaluation import metrics
from qa.evaluation.results import HEADLINES, Evaluation, Figure

_RANKS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 100))
_CURVE_TOPS = (0.04, 0.08, 0.2, 0.4, 0.8, 1.0)  # their quarters are round numbers
_MOST_POINTS = 200


class Columns(NamedTuple):
    """A histogram: a count and a label for each column; marks are labelled lines at a share of the width."""

    title: str
    x_name: str
    counts: Sequence[int]
    labels: Sequence[str]
    marks: Sequence[tuple[str, float]] = ()

    @property
    def top(self) -> float:
        """The axis' upper end: its quarters are whole numbers, and marks have room for their labels."""
        return 4 * round_step(max(max(self.counts, default=0) * (1.3 if self.marks else 1) / 4, 1))


class Curve(NamedTuple):
    """A line through points of [0, 1] × [0, top]; sizes give points a dot."""

    title: str
    x_name: str
    y_name: str
    points: Sequence[tuple[float, float]]
    top: float = 1.0
    diagonal: bool = False
    sizes: Sequence[int] = ()


def kind_bars(evaluation: Evaluation) -> Iterator[tuple[str, dict[str, Figure]]]:
    """Each headline measure with its figures by kind of question."""
    for name in HEADLINES:
        figures = {kind: summary.measures.get(name) for kind, summary in evaluation.kinds.items()}
        if known := {kind: figure for kind, figure in figures.items() if figure}:
            yield name, known


def rank_columns(evaluation: Evaluation) -> Columns:
    """Ranks of the first relevant passage of the answerable questions."""
    ranks = [row.passage_rank for row in evaluation.rows if row.answerable]
    counts = [sum(low <= rank <= high for rank in ranks if rank) for low, high in _RANKS]
    labels = [f"{low}" if low == high else f"{low}–{high}" for low, high in _RANKS]
    return Columns("Rank of the first relevant passage", "rank", [*counts, ranks.count(None)], [*labels, "none"])


def risk_curve(evaluation: Evaluation) -> Curve:
    """Risk at coverage, thinned to a few hundred points."""
    points = metrics.risk_coverage(*_confidences(evaluation))
    thinned = [*points[:: max(1, len(points) // _MOST_POINTS)], points[-1]]
    top = next(top for top in _CURVE_TOPS if top >= max(point.risk for point in points))
    return Curve("Risk at coverage", "coverage: share answered", "risk: share wrong", thinned, top)


def reliability_curve(evaluation: Evaluation) -> Curve:
    """The share of right answers by confidence."""
    bins = metrics.equal_width_bins(*_confidences(evaluation))
    points = [(each.confidence, each.accuracy) for each in bins]
    sizes = [each.size for each in bins]
    return Curve("Reliability", "confidence", "share right", points, diagonal=True, sizes=sizes)


def time_columns(evaluation: Evaluation) -> Columns:
    """Milliseconds of one answer."""
    times = [row.milliseconds for row in evaluation.rows if not row.error] or [0.0]
    median, p95 = evaluation.overall.median_ms, evaluation.overall.p95_ms
    # One slow first question would squeeze the rest into a column: the last column holds all above.
    longest = min(max(times), 1.5 * p95)
    width = round_step(max(longest, 0.001) / 20)
    size = int(longest / width) + 1
    counts, _ = np.histogram(np.clip(times, 0, size * width), bins=size, range=(0, size * width))
    labels = [f"{number * width:g}" if number % 5 == 0 else "" for number in range(size)]
    marks = [(f"{name} {value:.1f} ms", value / (size * width)) for name, value in (("median", median), ("p95", p95))]
    return Columns("Time of one answer", "milliseconds, from", counts.tolist(), labels, marks)


def round_step(least: float) -> float:
    """The smallest of … 0.1, 0.2, 0.5, 1, 2, 5, 10 … that is no smaller than `least`, above 0."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= least)


def _confidences(evaluation: Evaluation) -> tuple[list[float], list[bool]]:
    return [row.confidence for row in evaluation.rows], [row.correct for row in evaluation.rows]
