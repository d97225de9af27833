"""How a passage becomes the text that an encoder reads, and its sentences' vectors come out of the same pass."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.encoders.protocol import Encodable, Vectors


def joined(prompt: str, passage: Encodable) -> tuple[str, int]:
    """The text an encoder reads for a passage, and where in it the passage itself begins (characters)."""
    before = prompt + (f"{passage.context}. " if passage.context else "")
    return before + passage.text, len(before)


def sentence_token_ranges(
    offsets: Sequence[tuple[int, int]], sentences: Sequence[tuple[int, int]], shift: int
) -> list[tuple[int, int]]:
    """For each sentence the half-open range of tokens that lie in it; at least one token.

    Args:
        offsets: Each token's character offsets in the joined text; special and padding tokens are empty.
        sentences: Character offsets into the passage's own text, in order.
        shift: Where the passage begins in the joined text.
    """
    ranges = []
    for start, end in sentences:
        inside = [
            at
            for at, (first, last) in enumerate(offsets)
            if last > first and first < end + shift and last > start + shift
        ]
        # A sentence of characters the tokenizer drops has no token: it is given the passage's first.
        ranges.append((inside[0], inside[-1] + 1) if inside else (0, 1))
    return ranges


def sentence_means(
    tokens: Vectors, offsets: Sequence[tuple[int, int]], sentences: Sequence[tuple[int, int]], shift: int
) -> Vectors:
    """Each sentence's vector as the mean of its tokens' vectors (t, d), shape (sentences, d), of any length."""
    ranges = sentence_token_ranges(offsets, sentences, shift)
    rows = [tokens[first:last].mean(axis=0) for first, last in ranges]
    return np.stack(rows) if rows else np.zeros((0, tokens.shape[1]), dtype=np.float32)


def unit(vectors: Vectors) -> Vectors:
    """Rows brought to unit length."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.ascontiguousarray(vectors / np.maximum(lengths, 1e-12), dtype=np.float32)
