"""The fitted numbers: how features add up to scores and to a confidence."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, ValidationError

from index.encoders.installed.catalog import MULTILINGUAL
from index.encoders.protocol import EncoderIdentity
from index.errors import SettingsError
from index.files import write_file
from index.records import Record
from index.settings import DEFAULT_ENCODER
from qa.question.query import Query
from qa.records import PassageFeatures

CALIBRATION_FILE = "calibration.json"
REMOVE_CALIBRATION = "Remove it, then run qa calibrate again."
WEIGHT_FILES = {DEFAULT_ENCODER: "weights.json", MULTILINGUAL: "weights-multilingual.json"}
"""By the encoder's name: cosines of one lie in another range than those of the other."""


PASSAGE_FEATURES = PassageFeatures._fields[:-1]
"""All but `rerank`."""


class Linear(Record):
    """`intercept + Σ weights[name] · features.name`; a feature without a weight counts nothing."""

    weights: dict[str, float]
    intercept: float = 0.0

    def __call__(self, features: tuple[float | None, ...]) -> float:
        """The weighted sum of features with names."""
        terms: Iterable[float] = (weight * getattr(features, name) for name, weight in self.weights.items())
        return self.intercept + sum(terms)

    def over(self, names: Sequence[str]) -> npt.NDArray[np.float64]:
        """The weights of features in a given order, shape (len(names),)."""
        return np.array([self.weights.get(name, 0.0) for name in names])


class BetaCalibration(Record):
    """Beta calibration of log-odds (Kull, Silva Filho and Flach 2017): `shift + low·ln p − high·ln(1 − p)`.

    With both slopes 1 and no shift it changes nothing. A `high` below 1 keeps the confidence from nearing
    certainty faster than the ranking earns it; slopes that are not negative keep the order.
    """

    low: float = Field(default=1.0, ge=0)
    high: float = Field(default=1.0, ge=0)
    shift: float = 0.0

    def __call__(self, log_odds: float) -> float:
        """The log-odds, calibrated."""
        return self.shift - self.low * softplus(-log_odds) + self.high * softplus(log_odds)


def softplus(value: float) -> float:
    """`ln(1 + e^value)` without overflow: minus the logarithm of a probability with log-odds `-value`."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(value)))


class FittedConfidence(Record):
    """What turns `ConfidenceFeatures` into a confidence, and a confidence into an answer or a refusal.

    Attributes:
        confidence: Log-odds that the corpus answers and the first citation supports it, before calibration.
        beta: Calibrates those log-odds on what was observed.
        threshold: Confidence below which an answer is a refusal.
        provenance: Data, command and figures of the fit.
    """

    confidence: Linear
    beta: BetaCalibration = BetaCalibration()
    threshold: float = Field(ge=0, le=1)
    provenance: dict[str, str] = Field(default_factory=dict)


class ReadingThresholds(Record):
    """What is shown as an answer and as the nearest of a question that was read, moved to a user's own questions.

    Attributes:
        answer, nearest: As those of `qa.answering.reread.ReadingWeights`.
        weights: Fingerprint of the weights whose probabilities they divide.
    """

    answer: float = Field(ge=0, le=1)
    nearest: float = Field(ge=0, le=1)
    weights: str


class Calibration(FittedConfidence):
    """A confidence fitted on a user's own questions, kept beside the index it was fitted for.

    Attributes:
        foreign: It was fitted on questions in another language than the posts, and applies to those alone.
        reading: For questions that are read; None leaves the package's thresholds.
    """

    encoder: EncoderIdentity
    foreign: bool = False
    reading: ReadingThresholds | None = None


class Weights(FittedConfidence):
    """Everything fitted, with where it comes from.

    Attributes:
        passage: Ranks chunks.
        sentence: Ranks the sentences of the best chunks.
        quote_margin: How far below the best a sentence's score may lie for it to be quoted as well.
        centring: Share of its language's mean to subtract from a question in another language than the posts.
        foreign: The weights for such questions; None means these.
    """

    passage: Linear
    sentence: Linear
    quote_margin: float = Field(ge=0)
    centring: float = Field(default=0.0, ge=0, le=1)
    foreign: Weights | None = None

    def of(self, query: Query) -> Weights:
        """The weights for a question: in a language of the posts, or in another."""
        return self.foreign if self.foreign is not None and query.is_foreign else self

    def log_odds(self, features: tuple[float, ...]) -> float:
        """Log-odds that the corpus answers and the first citation supports it, from `ConfidenceFeatures`."""
        return self.beta(self.confidence(features))

    def probability(self, features: tuple[float, ...]) -> float:
        """The same as a probability, 0 to 1."""
        return 0.5 * (1 + math.tanh(self.log_odds(features) / 2))

    def with_confidence(self, confidence: Linear, beta: BetaCalibration) -> Self:
        """These weights with another confidence."""
        return self.model_copy(update={"confidence": confidence, "beta": beta})

    def calibrated(self, calibration: Calibration | None) -> Weights:
        """These weights with the confidence of a calibration, where there is one."""
        if calibration is None:
            return self
        base = (self.foreign or self) if calibration.foreign else self
        names = ("confidence", "beta", "threshold")
        fitted = base.model_copy(update={name: getattr(calibration, name) for name in names})
        return self.model_copy(update={"foreign": fitted}) if calibration.foreign else fitted


def default_weights(encoder: str = DEFAULT_ENCODER) -> Weights:
    """The weights that come with the package for an encoder of a name; the default one's where it has none."""
    return _shipped(WEIGHT_FILES.get(encoder, WEIGHT_FILES[DEFAULT_ENCODER]))


@cache
def _shipped(file: str) -> Weights:
    return Weights.model_validate_json(resources.files("qa.answering").joinpath(file).read_bytes())


def calibration_in(root: Path, encoder: EncoderIdentity) -> Calibration | None:
    """The calibration that lies in an index folder; None where there is none.

    Raises:
        SettingsError: The calibration cannot be read, or was fitted for another encoder.
    """
    path = root / CALIBRATION_FILE
    if not path.is_file():
        return None
    try:
        calibration = Calibration.model_validate_json(path.read_bytes())
    except ValidationError as error:
        what = "the calibration cannot be read"
        raise SettingsError(what, where=path, seen=error, remedy=REMOVE_CALIBRATION) from error
    if calibration.encoder != encoder:
        what = f"the calibration was fitted for {calibration.encoder.name}, the index is read with {encoder.name}"
        raise SettingsError(what, where=path, remedy=REMOVE_CALIBRATION)
    return calibration


def save_calibration(calibration: Calibration, root: Path) -> Path:
    """Write a calibration into an index folder, where `Assistant` finds it; returns the file."""
    path = root / CALIBRATION_FILE
    write_file(path, (calibration.model_dump_json(indent=1) + "\n").encode())
    return path


def save_weights(weights: Weights, path: Path) -> None:
    """Write weights as readable JSON."""
    text = json.dumps(weights.model_dump(), indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
