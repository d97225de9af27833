"""Where questions of a language lie: what all have in common is taken off before they are compared with posts.

A multilingual encoder gives texts of one language a direction of their own, which says nothing about what they
are about. A question in another language than the posts is nearer to every post that happens to lean that way.
Ten everyday questions are enough to tell the direction (measured in docs/languages.md).
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np

from index.encoders import Encoder, EncoderIdentity, Vectors

_known: dict[tuple[EncoderIdentity, str], Vectors] = {}
"""Centres worked out so far."""


def centred(vector: Vectors, language: str, encoder: Encoder, share: float) -> Vectors:
    """A question's vector without a share of its language's centre, shape (d,), of unit length.

    Args:
        vector: Shape (d,), of unit length.
        language: Two-letter code; one without typical questions leaves the vector as it is.
        encoder: The one that made it.
        share: How much of the centre is taken off, 0 to 1.
    """
    centre = _centre(language, encoder) if share else None
    if centre is None:
        return vector
    moved = vector - np.float32(share) * centre
    return np.asarray(moved / max(float(np.linalg.norm(moved)), 1e-12), dtype=np.float32)


def typicality(vector: Vectors, language: str, encoder: Encoder) -> float:
    """Cosine of a question's vector with its language's centre: how little it asks about in particular."""
    centre = _centre(language, encoder)
    return 0.0 if centre is None else float(vector @ centre / np.linalg.norm(centre))


def _centre(language: str, encoder: Encoder) -> Vectors | None:
    """The mean vector of a language's typical questions; None where there are none."""
    questions, key = _typical_questions().get(language), (encoder.identity, language)
    if questions is None:
        return None
    if key not in _known:
        _known[key] = np.asarray(encoder.encode_query(questions).mean(axis=0))
    return _known[key]


@cache
def _typical_questions() -> dict[str, list[str]]:
    return dict(json.loads(resources.files("qa.question").joinpath("typical_questions.json").read_bytes()))
