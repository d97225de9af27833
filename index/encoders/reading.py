"""How a passage becomes the text that an encoder reads, and where its sentences' tokens lie in it."""

from __future__ import annotations

from collections.abc import Sequence

from index.encoders.protocol import Encodable


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
