"""Move the two thresholds of questions that are read to a user's own: what is shown as an answer, as the nearest."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.errors import GoldError
from qa.answer import Level
from qa.answering.reread import ReadingWeights
from qa.answering.weights import ReadingThresholds
from qa.evaluation.logistic import fit_logistic
from qa.evaluation.results import Evaluation, Refusals, Row, summarise
from qa.evaluation.tables import text_table, with_interval
from qa.settings import PRECISION, SHOWN

_FEWEST = 20
_FOLDS = 5
_PRIOR = 20.0  # questions' worth of trust in the confidence as it is
_PENALTY = 0.01
_LEAST = 1e-6  # of a probability, so that its log-odds are finite
_FIGURES = (
    "answer_precision",
    "answer_when_answerable",
    "answer_when_unanswerable",
    "answered_when_answerable",
    "recall",
)
_HEAD = ("figure", "now", "calibrated, held out", "calibrated, these questions")
_LEGEND = """\
held out: fitted on four fifths of the questions, measured on the rest, five times; expect this of other questions
these questions: what qa eval prints for them from now on; the thresholds were fitted on them, which flatters"""


@dataclass(frozen=True)
class Targets:
    """What the thresholds are to reach.

    Attributes:
        precision: Share right of what is shown as an answer.
        shown: Share of the answerable questions that are shown as an answer or as the nearest.
    """

    precision: float = PRECISION
    shown: float = SHOWN


@dataclass(frozen=True)
class ReadingCalibration:
    """The thresholds before and after, and the rows of the questions that were read as each would show them.

    Attributes:
        targets: What was to be reached.
        held_out: Each row by thresholds that were fitted without it.
        unread: How many questions were not read.
    """

    before: ReadingWeights
    thresholds: ReadingThresholds
    targets: Targets
    now: tuple[Row, ...]
    held_out: tuple[Row, ...]
    fitted: tuple[Row, ...]
    unread: int

    @property
    def text(self) -> str:
        """The figures of all three as `qa eval` names them, and what the columns mean."""
        columns = [summarise(rows).refusals for rows in (self.now, self.held_out, self.fitted)]
        figures = [
            (str(Refusals.model_fields[name].title), *(with_interval(getattr(column, name)) for column in columns))
            for name in _FIGURES
        ]
        return "\n".join((text_table(_HEAD, figures), _LEGEND, *self._remarks()))

    def _remarks(self) -> Iterable[str]:
        yield (
            f"asked for: {self.targets.precision:g} of what is shown as an answer right, "
            f"{self.targets.shown:g} of the answerable shown as an answer or as the nearest"
        )
        yield (
            f"answer from {self.before.answer:.3f} → {self.thresholds.answer:.3f}, "
            f"nearest from {self.before.nearest:.3f} → {self.thresholds.nearest:.3f}"
        )
        if self.thresholds.answer == 1:
            yield "No threshold reaches the precision asked for: nothing is shown as an answer, at most as the nearest."
        if all(row.answerable for row in self.now):
            yield "The set has no unanswerable question: how many of those would be shown is not measured."
        if self.unread:
            yield f"{self.unread} questions were not read and are left out here; qa eval counts them."


def calibrate_reading(evaluation: Evaluation, reading: ReadingWeights, targets: Targets) -> ReadingCalibration | None:
    """Fit the thresholds on what an assistant made of a gold set; None where too few questions were read.

    Args:
        evaluation: By the assistant that is calibrated.
        reading: Its weights, whose probabilities are divided.
        targets: What to reach.

    Raises:
        GoldError: The index was published anew meanwhile.
    """
    if len(evaluation.generations) > 1:
        seen = ", ".join(map(str, evaluation.generations))
        raise GoldError("the index was built anew meanwhile", where="generations", seen=seen, remedy="Calibrate again.")
    rows = [row for row in evaluation.rows if row.read]
    if len(rows) < _FEWEST or not any(row.answerable for row in rows):
        return None
    thresholds = fit_thresholds(rows, reading.fingerprint, targets)
    return ReadingCalibration(
        before=reading,
        thresholds=thresholds,
        targets=targets,
        now=tuple(rows),
        held_out=tuple(_held_out(rows, reading, targets)),
        fitted=_shown_by(thresholds, reading, rows),
        unread=len(evaluation.rows) - len(rows),
    )


def fit_thresholds(rows: Sequence[Row], weights: str, targets: Targets) -> ReadingThresholds:
    """The lowest threshold of an answer, and the highest of the nearest, at which the targets are met.

    Of a few questions the share right above a threshold jumps; its estimate from `_chances` does not.
    """
    ranked = sorted(rows, key=lambda row: -row.confidence)
    confidences = [row.confidence for row in ranked]
    precisions = np.cumsum(_chances(ranked)) / np.arange(1, len(ranked) + 1)
    answer = _middle(confidences, int(np.sum(precisions >= targets.precision)))
    answerable = [row.confidence for row in ranked if row.answerable]
    needed = max(1, math.ceil(targets.shown * len(answerable) - 1e-9))
    least = answerable[needed - 1] if answerable else 0.0
    nearest = _middle(confidences, sum(confidence >= least for confidence in confidences))
    return ReadingThresholds(answer=answer, nearest=min(answer, nearest), weights=weights)


def _chances(rows: Sequence[Row]) -> npt.NDArray[np.float64]:
    """P(right) of each question: its confidence, with the log-odds stretched and shifted (Platt 1999).

    Beside the questions stand as many as `_PRIOR` that are right as often as the confidence says: a few questions do
    not move it far.
    """
    stated = np.clip([row.confidence for row in rows], _LEAST, 1 - _LEAST)
    log_odds = np.log(stated / (1 - stated))
    right = np.array([row.correct for row in rows])
    sure = np.ones(len(rows), dtype=bool)
    share = _PRIOR / len(rows)
    slopes, shift = fit_logistic(
        np.tile(log_odds, 3)[:, None],
        np.concatenate([right, sure, ~sure]),
        _PENALTY,
        np.concatenate([sure, share * stated, share * (1 - stated)]),
    )
    return np.asarray(1 / (1 + np.exp(-max(0.0, float(slopes[0])) * log_odds - shift)))


def _middle(confidences: Sequence[float], taken: int) -> float:
    """A threshold halfway between the last confidence taken and the next; 1 where none is taken."""
    if taken == 0:
        return 1.0
    following = confidences[taken] if taken < len(confidences) else 0.0
    return (confidences[taken - 1] + following) / 2


def _held_out(rows: Sequence[Row], reading: ReadingWeights, targets: Targets) -> Iterable[Row]:
    for fold in range(_FOLDS):
        rest = [row for number, row in enumerate(rows) if number % _FOLDS != fold]
        yield from _shown_by(fit_thresholds(rest, reading.fingerprint, targets), reading, rows[fold::_FOLDS])


def _shown_by(thresholds: ReadingThresholds, reading: ReadingWeights, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows as an assistant with these thresholds would show them."""
    moved = reading.model_copy(update={"answer": thresholds.answer, "nearest": thresholds.nearest})
    levels = ((row, moved.level(row.confidence)) for row in rows)
    return tuple(
        row.model_copy(update={"level": level, "answered": level is not Level.REFUSAL}) for row, level in levels
    )
