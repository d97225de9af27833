"""What was measured, as records kept in one file, and figures with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean, median, quantiles
from typing import Any, NamedTuple, Self

import numpy as np
from pydantic import Field
from scipy.stats import binomtest

from index.files import write_file
from index.records import Record

OURS = "postqa"
"""The system that has an encoder of choice and a reader; the others get the first encoder."""

_ROUNDS = 10_000


def label(system: str, encoder: str, reader: str) -> str:
    """What a system is called in tables."""
    return f"{system}, {encoder}, reader {reader}" if system == OURS else system


class Interval(NamedTuple):
    """A figure and where 95 % of it lie."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


class Cell(Record):
    """One system over one corpus.

    Attributes:
        reader: How much this project's reader reads; empty for other systems.
        gold: SHA-256 of the questions.
        hits: By measure, a 1 or 0 for each question.
        median, p95: Milliseconds of a question.
        megabytes: Most memory of asking.
        passages, seconds: Of the build, which systems with one index share.
        measured: When, and how busy the machine was.
    """

    corpus: str
    system: str
    encoder: str
    reader: str = ""
    gold: str
    hits: dict[str, str]
    median: float
    p95: float
    megabytes: float
    passages: int
    seconds: float
    versions: str
    measured: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What it is measured once of."""
        return self.corpus, self.system, self.encoder, self.reader

    @property
    def label(self) -> str:
        """What it is called in tables."""
        return label(self.system, self.encoder, self.reader)

    @property
    def questions(self) -> int:
        """How many were asked."""
        return len(self.hits["passage@1"])

    def outcomes(self, measure: str) -> list[int]:
        """1 or 0 for each question."""
        return [int(hit) for hit in self.hits[measure]]

    def share(self, measure: str) -> Interval | None:
        """Of the questions, with its Wilson interval; None where the system has no such measure."""
        if measure not in self.hits:
            return None
        right = self.hits[measure].count("1")
        low, high = binomtest(right, self.questions).proportion_ci(method="wilson")
        return Interval(right / self.questions, float(low), float(high))


class Results(Record):
    """All cells, and the seconds of cold starts by label."""

    machine: dict[str, Any] = Field(default_factory=dict)
    cells: tuple[Cell, ...] = ()
    starts: dict[str, tuple[float, ...]] = Field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Those measured so far."""
        return cls.model_validate_json(path.read_bytes()) if path.is_file() else cls()

    def has(self, key: tuple[str, str, str, str], gold: str) -> bool:
        """Whether a cell was measured with these questions."""
        return any(cell.key == key and cell.gold == gold for cell in self.cells)

    def added(self, cell: Cell) -> Results:
        """With a cell, in the place of the earlier one where there is one."""
        by_key = {one.key: one for one in self.cells} | {cell.key: cell}
        return self.model_copy(update={"cells": tuple(by_key.values())})

    def write(self, path: Path) -> None:
        """Keep them."""
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, f"{self.model_dump_json(indent=1)}\n".encode())


def times(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile."""
    p95 = quantiles(milliseconds, n=20)[-1] if len(milliseconds) > 1 else milliseconds[0]
    return {"median": round(median(milliseconds), 3), "p95": round(p95, 3)}


def mean_of(cells: Sequence[Cell], measure: str) -> Interval:
    """The mean over corpora of a share, each with the same weight; questions drawn anew within each corpus."""
    random = np.random.default_rng(0)
    shares = [fmean(cell.outcomes(measure)) for cell in cells]
    drawn = [
        random.binomial(cell.questions, share, _ROUNDS) / cell.questions
        for cell, share in zip(cells, shares, strict=True)
    ]
    low, high = np.quantile(np.mean(drawn, axis=0), [0.025, 0.975]).tolist()
    return Interval(fmean(shares), low, high)


def difference(ours: Sequence[int], theirs: Sequence[int]) -> Interval:
    """The mean of paired differences, with its bootstrap interval."""
    random = np.random.default_rng(0)
    differences = np.subtract(ours, theirs)
    drawn = random.choice(differences, size=(_ROUNDS, len(differences))).mean(axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975]).tolist()
    return Interval(float(differences.mean()), low, high)
