"""A passage as the text that an encoder reads, and vectors of its sentences from the vectors of its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.encoders.protocol import Encodable, Vectors

Offsets = Sequence[tuple[int, int]]
"""Start and end in characters, one pair a token or sentence."""


class EncoderInput(NamedTuple):
    """What an encoder reads for a passage or a query.

    Attributes:
        start: Where in the text the passage itself begins (characters).
        sentences: Offsets into the passage's own text, in order.
    """

    text: str
    start: int = 0
    sentences: Offsets = ()


def encoder_input(prompt: str, passage: Encodable) -> EncoderInput:
    """A passage behind the prompt and its context."""
    before = prompt + (f"{passage.context}. " if passage.context else "")
    return EncoderInput(before + passage.text, len(before), passage.sentences)


def sentence_means(tokens: Vectors, offsets: Offsets, read: EncoderInput) -> Vectors:
    """Each sentence's vector as the mean of its tokens' vectors, shape (sentences, d), of any length.

    Args:
        tokens: The vectors of the input's tokens, shape (t, d).
        offsets: The tokens' offsets in the input; special and padding tokens are empty.
        read: The input.
    """
    means = np.zeros((len(read.sentences), tokens.shape[1]), dtype=np.float32)
    for row, (first, last) in enumerate(read.sentences):
        inside = [
            token
            for token, (start, end) in enumerate(offsets)
            if end > start and start < last + read.start and end > first + read.start
        ]
        # A sentence of characters the tokenizer drops has no token: it is given the passage's first.
        begin, until = (inside[0], inside[-1] + 1) if inside else (0, 1)
        means[row] = tokens[begin:until].mean(axis=0)
    return means


def unit_rows(vectors: Vectors) -> Vectors:
    """Rows scaled to unit length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
