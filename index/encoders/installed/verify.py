"""Checks of an encoder before it is added: sentences in many scripts, compared with another engine and each other."""

from __future__ import annotations

from importlib import resources
from itertools import chain

import numpy as np

from index.encoders.installed.addable import Engine
from index.encoders.protocol import Encoder
from index.errors import EncoderError

_LINES = resources.files("index.encoders.installed").joinpath("sentences.tsv").read_text(encoding="utf-8").splitlines()
SENTENCES = tuple(chain.from_iterable(zip(*(line.split("\t") for line in _LINES), strict=True)))
"""Two sentences, first one and then the other in English, Spanish, German, Russian, Arabic, Chinese, Japanese, Thai and
Hindi."""


def check_meaning(encoder: Encoder, where: object) -> None:
    """Every sentence must be nearer to each of its translations than to any of the other sentence's.

    Raises:
        EncoderError: One is not: the tokenizer and the weights do not belong together.
    """
    vectors = encoder.encode_query(SENTENCES)
    cosines = vectors @ vectors.T
    is_second = np.arange(len(SENTENCES)) >= len(_LINES)
    is_translation = is_second[:, None] == is_second
    margins = np.where(is_translation, cosines, np.inf).min(axis=1) - np.where(is_translation, -1, cosines).max(axis=1)
    what = "a sentence is nearer to another than to its translation"
    _require((margins > 0).all(), what, where, SENTENCES[int(np.argmin(margins))])


def check_agreement(encoder: Encoder, engine: Engine, min_cosine: float, where: object) -> float:
    """Compare tokens and vectors with another engine; gives the least cosine.

    Raises:
        EncoderError: A sentence has another number of tokens, or a cosine is below the least one.
    """
    special = 2
    prompt = encoder.identity.query_prompt
    for sentence in SENTENCES:
        ours, theirs = len(encoder.token_spans(prompt + sentence)) + special, engine.tokens(sentence)
        _require(ours == theirs, f"{ours} tokens, and {theirs} in {engine.name}", where, sentence)
    cosines = (encoder.encode_query(SENTENCES) * engine.vectors(SENTENCES)).sum(axis=1)
    lowest = float(cosines.min())
    what = f"cosine {lowest:.4f} with {engine.name}, {min_cosine} wanted"
    _require(lowest >= min_cosine, what, where, SENTENCES[int(np.argmin(cosines))])
    return lowest


def _require(holds: bool | np.bool_, what: str, where: object, sentence: str) -> None:
    if not holds:
        remedy = "Nothing was added; report this."
        raise EncoderError(f"the encoder is refused: {what}", where=where, seen=sentence, remedy=remedy)
