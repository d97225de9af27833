"""The mean vector of questions in a language, which is subtracted before they are compared with posts.

A multilingual encoder gives texts of one language a common direction, which says nothing about their subject. A
question in another language than the posts is nearer to every post that happens to point that way. Ten everyday
questions are enough to estimate the direction (measured in docs/languages.md).
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np

from index.encoders import Encoder, EncoderIdentity, Vectors

_means: dict[tuple[EncoderIdentity, str], Vectors] = {}
"""Computed so far."""


def centred(vector: Vectors, language: str, encoder: Encoder, share: float) -> Vectors:
    """A question's vector minus a share of its language's mean, shape (d,), of unit length.

    Args:
        vector: Shape (d,), of unit length.
        language: Two-letter code; one without typical questions leaves the vector as it is.
        encoder: The one that made it.
        share: Of the mean, 0 to 1.
    """
    mean = _mean(language, encoder) if share else None
    if mean is None:
        return vector
    moved = vector - np.float32(share) * mean
    return np.asarray(moved / max(float(np.linalg.norm(moved)), 1e-12), dtype=np.float32)


def typicality(vector: Vectors, language: str, encoder: Encoder) -> float:
    """Cosine of a question's vector with its language's mean: high where it asks about nothing specific."""
    mean = _mean(language, encoder)
    return 0.0 if mean is None else float(vector @ mean / np.linalg.norm(mean))


def _mean(language: str, encoder: Encoder) -> Vectors | None:
    """The mean vector of a language's typical questions; None where there are none."""
    questions, key = _typical_questions().get(language), (encoder.identity, language)
    if questions is None:
        return None
    if key not in _means:
        _means[key] = np.asarray(encoder.encode_query(questions).mean(axis=0))
    return _means[key]


@cache
def _typical_questions() -> dict[str, list[str]]:
    return dict(json.loads(resources.files("qa.question").joinpath("typical_questions.json").read_bytes()))
