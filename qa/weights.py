"""The fitted numbers: how signals add up to scores and to a confidence. Data, not code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import Field

from index.records import Record


class Linear(Record):
    """`intercept + Σ weights[name] · signals[name]`; a signal without a weight counts nothing."""

    weights: dict[str, float]
    intercept: float = 0.0

    def __call__(self, signals: Mapping[str, float]) -> float:
        """The weighted sum of signals."""
        return self.intercept + sum(weight * signals.get(name, 0.0) for name, weight in self.weights.items())


class Weights(Record):
    """Everything fitted, with where it comes from.

    Attributes:
        passage: Ranks chunks.
        sentence: Ranks the sentences of the best chunks.
        confidence: Log-odds that the corpus answers and the first citation supports it.
        threshold: Confidence below which an answer is a refusal.
        quote_margin: How far below the best a sentence's score may lie for it to be quoted as well.
        provenance: Data, command and figures of the fit.
    """

    passage: Linear
    sentence: Linear
    confidence: Linear
    threshold: float = Field(ge=0, le=1)
    quote_margin: float = Field(ge=0)
    provenance: dict[str, str] = Field(default_factory=dict)


@cache
def default_weights() -> Weights:
    """The weights that come with the package."""
    return Weights.model_validate_json(resources.files("qa").joinpath("weights.json").read_bytes())


def save_weights(weights: Weights, path: Path) -> None:
    """Write weights as readable JSON."""
    text = json.dumps(weights.model_dump(), indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
