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
    return [_read_question(question, passages, tokens, read) for question in questions]


def _read_question(question: Question, passages: Mapping[str, StoredPassage], tokens: Tokens, read: Read) -> Measured:
    listed = question.retrieved or [Candidate(key, 0.0, ()) for key in (*question.gold, *question.same)]
    cut: list[Candidate] = []
    if question.gold and question.answerable:
        near = [Candidate(key, 0.0, ()) for key in question.near]
        cut = [*(candidate for candidate in listed if candidate.key in question.gold), *near]
    whole = [_inputs(question, candidate, passages[candidate.key], tokens) for candidate in listed]
    removed = [_inputs(question, candidate, passages[candidate.key], tokens, removed=True) for candidate in cut]
    scores = iter(read([reads for windows in (*whole, *removed) for reads, _ in windows]))
    units = [
        _best_scores(question, candidate, windows, scores) for candidate, windows in zip(listed, whole, strict=True)
    ]
    without = None
    if removed:
        kept = [score for windows in removed for _ in windows for score in next(scores)]
        pairs = zip(units, listed, strict=True)
        others = [unit.reader for own, candidate in pairs if candidate.key not in question.gold for unit in own]
        without = max([*kept, *others], default=_NOTHING)
    return Measured(question, tuple(unit for own in units for unit in own), without)


def _inputs(
    question: Question, candidate: Candidate, passage: StoredPassage, tokens: Tokens, *, removed: bool = False
) -> list[tuple[ReaderInput, list[Unit]]]:
    """Inputs over a passage, with or without the units that answer; a unit's `start` is its place in the passage."""
    gold = question.gold.get(candidate.key, ()) if removed else ()
    units = [replace(unit, start=at) for at, unit in enumerate(passage.units) if at not in gold]
    windows = cut_windows(passage.context, units, tokens.ids)
    question_ids = tokens.ids(question.question)
    return [
        (reader_input(question_ids, window, tokens.special), [unit for unit in window.units if unit.is_scored])
        for window in windows
    ]


def _best_scores(
    question: Question,
    candidate: Candidate,
    windows: Sequence[tuple[ReaderInput, list[Unit]]],
    scores: Iterator[list[float]],
) -> list[Scored]:
    """Each unit with its best score among the windows that hold it."""
    best: dict[int, Scored] = {}
    for _, units in windows:
        for unit, score in zip(units, next(scores), strict=True):
            if unit.start not in best or best[unit.start].reader < score:
                best[unit.start] = _scored(question, candidate, unit, score)
    return list(best.values())


def _scored(question: Question, candidate: Candidate, unit: Unit, score: float) -> Scored:
    ranking = candidate.unit_scores[unit.start] if candidate.unit_scores else 0.0
    return Scored(score, ranking, unit.start in question.gold.get(candidate.key, ()))


def figures(measured: Sequence[Measured]) -> dict[str, float]:
    """Answering unit among the first one and three, for several weights of the ranking, and AUROC of the best score."""
    answerable = [result for result in measured if result.question.answerable]
    near_misses = [result for result in measured if not result.question.answerable]
    values: dict[str, float] = {"questions": len(answerable)}
    values |= _hits("ranking", answerable, lambda unit: unit.ranking)
    for weight in RANKING_WEIGHTS:
        values |= _hits(f"reader+{weight:g}", answerable, partial(_weighed, weight=weight))
    values["found"] = _mean([any(unit.is_gold for unit in result.units) for result in answerable])
    removed = [result.without for result in answerable if result.without is not None]
    if removed:
        values["auroc removed"] = auroc([result.best for result in answerable if result.without is not None], removed)
    if near_misses:
        values["near misses"] = len(near_misses)
        values["auroc"] = auroc(*([result.best for result in some] for some in (answerable, near_misses)))
        values["auroc confidence"] = auroc(
            *([result.question.confidence for result in some] for some in (answerable, near_misses))
        )
    return {name: round(value, 4) for name, value in values.items()}


def _weighed(unit: Scored, weight: float) -> float:
    return unit.reader + weight * unit.ranking


def _hits(name: str, measured: Sequence[Measured], score: Callable[[Scored], float]) -> dict[str, float]:
    ranked = [sorted(result.units, key=lambda unit: -score(unit)) for result in measured]
    return {f"{name} @{k}": _mean([any(unit.is_gold for unit in units[:k]) for units in ranked]) for k in (1, 3)}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def auroc(above: Sequence[float], below: Sequence[float]) -> float:
    """Probability that one of the first scores is higher than one of the second; ties count half."""
    wins = sum((high > low) + (high == low) / 2 for high in above for low in below)
    return wins / (len(above) * len(below)) if above and below else 0.5


def sample(questions: Sequence[Question], count: int, seed: int = 0) -> list[Question]:
    """So many questions, the same ones every time."""
    return list(questions) if len(questions) <= count else random.Random(seed).sample(list(questions), count)
