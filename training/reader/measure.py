"""How well a reader does on questions that it was not trained on."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from qa.reading.inputs import ReaderInput, reader_input
from qa.reading.windows import Unit, cut_windows
from training.reader.shelf import Candidate, Question, StoredPassage
from training.reader.tokens import Tokens

Read = Callable[[Sequence[ReaderInput]], list[list[float]]]
"""Of each input the scores of its scored units; 0 is as good as "none of these"."""

_NOTHING = -20.0  # the score of a question without any window
RANKING_WEIGHTS = (0.0, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Scored:
    """A unit with the reader's score and the ranking's, and whether it answers."""

    reader: float
    ranking: float
    is_gold: bool


@dataclass(frozen=True)
class Measured:
    """A question read: its units, and the best score where its answer was taken out (None: not tried)."""

    question: Question
    units: tuple[Scored, ...]
    without: float | None

    @property
    def best(self) -> float:
        """The reader's best score."""
        return max((unit.reader for unit in self.units), default=_NOTHING)


def read_questions(
    questions: Iterable[Question], passages: Mapping[str, StoredPassage], tokens: Tokens, read: Read
) -> list[Measured]:
    """Read every question's passages, and those that answer once more without the units that do."""
    measured = []
    for one in questions:
        listed = one.retrieved or [Candidate(key, 0.0, ()) for key in (*one.gold, *one.same)]
        told = [_units_read(one, found, passages[found.key], tokens) for found in listed]
        removed = []
        if one.gold and one.answerable:
            near = [Candidate(key, 0.0, ()) for key in one.near]
            again = [found for found in listed if found.key in one.gold]
            removed = [_units_read(one, found, passages[found.key], tokens, removed=True) for found in [*again, *near]]
        scores = iter(read([reads for windows in (*told, *removed) for reads, _ in windows]))
        units = [_best_scores(one, found, windows, scores) for found, windows in zip(listed, told, strict=True)]
        rest = [unit for own, found in zip(units, listed, strict=True) if found.key not in one.gold for unit in own]
        without = None
        if removed:
            left = [score for windows in removed for _ in windows for score in next(scores)]
            without = max([*left, *(unit.reader for unit in rest)], default=_NOTHING)
        measured.append(Measured(one, tuple(unit for own in units for unit in own), without))
    return measured


def _units_read(
    one: Question, found: Candidate, passage: StoredPassage, tokens: Tokens, *, removed: bool = False
) -> list[tuple[ReaderInput, list[Unit]]]:
    """Inputs over a passage, with or without the units that answer; a unit's `start` is its place in the passage."""
    gold = one.gold.get(found.key, ()) if removed else ()
    units = [replace(unit, start=at) for at, unit in enumerate(passage.units) if at not in gold]
    windows = cut_windows(passage.context, units, tokens.ids)
    asked = tokens.ids(one.question)
    return [
        (reader_input(asked, window, tokens.special), [unit for unit in window.units if unit.is_scored])
        for window in windows
    ]


def _best_scores(
    one: Question, found: Candidate, windows: Sequence[tuple[ReaderInput, list[Unit]]], scores: Iterator[list[float]]
) -> list[Scored]:
    """Each unit with its best score among the windows that hold it."""
    best: dict[int, Scored] = {}
    for _, units in windows:
        for unit, score in zip(units, next(scores), strict=True):
            if unit.start not in best or best[unit.start].reader < score:
                best[unit.start] = _scored(one, found, unit, score)
    return list(best.values())


def _scored(one: Question, found: Candidate, unit: Unit, score: float) -> Scored:
    ranking = found.unit_scores[unit.start] if found.unit_scores else 0.0
    return Scored(score, ranking, unit.start in one.gold.get(found.key, ()))


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """Answering unit among the first one and three, for several weights of the ranking, and AUROC of the best score."""
    asked = [one for one in measured if one.question.answerable]
    told: dict[str, float] = {"questions": len(asked)}
    told |= _hits("ranking", asked, lambda unit: unit.ranking)
    for weight in RANKING_WEIGHTS:
        told |= _hits(f"reader+{weight:g}", asked, partial(_weighed, weight=weight))
    near = [one for one in measured if not one.question.answerable]
    told["found"] = _mean([any(unit.is_gold for unit in one.units) for one in asked])
    removed = [one.without for one in asked if one.without is not None]
    if removed:
        told["auroc removed"] = auroc([one.best for one in asked if one.without is not None], removed)
    if near:
        told["near misses"] = len(near)
        told["auroc"] = auroc([one.best for one in asked], [one.best for one in near])
        told["auroc confidence"] = auroc(
            [one.question.confidence for one in asked], [one.question.confidence for one in near]
        )
    return {name: round(value, 4) for name, value in told.items()}


def _weighed(unit: Scored, weight: float) -> float:
    return unit.reader + weight * unit.ranking


def _hits(name: str, measured: Sequence[Measured], score: Callable[[Scored], float]) -> dict[str, float]:
    ranked = [sorted(one.units, key=lambda unit: -score(unit)) for one in measured]
    return {f"{name} @{k}": _mean([any(unit.is_gold for unit in units[:k]) for units in ranked]) for k in (1, 3)}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def auroc(above: Sequence[float], below: Sequence[float]) -> float:
    """Probability that one of the first scores is higher than one of the second; ties count half."""
    wins = sum((one > other) + (one == other) / 2 for one in above for other in below)
    return wins / (len(above) * len(below)) if above and below else 0.5


def sample(questions: Sequence[Question], count: int, seed: int = 0) -> list[Question]:
    """So many questions, the same ones every time."""
    return list(questions) if len(questions) <= count else random.Random(seed).sample(list(questions), count)
