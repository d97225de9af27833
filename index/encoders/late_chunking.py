"""Late chunking, which both encoders share: a passage and its sentences get vectors from one forward pass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.encoders.plain_letters import plain_letters
from index.encoders.protocol import DocumentVectors, Encodable, EncoderIdentity, Vectors

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


Encoded = tuple[Vectors, Vectors]
"""An input's own vector, shape (1, d), and those of its sentences, shape (sentences, d), of any length."""


class LateChunkingEncoder(ABC):
    """Passage vectors as the model makes them; sentence vectors from the same forward pass.

    A sentence's vector is the mean of its tokens' vectors as they stand in the passage ("late chunking",
    Günther et al. 2024), so it knows the title and the sentences around it and costs no further pass.
    """

    def __init__(self, identity: EncoderIdentity) -> None:
        self._identity = identity

    @property
    def identity(self) -> EncoderIdentity:
        """Name, weights' hash, dimension, limit, prompts and backend."""
        return self._identity

    @abstractmethod
    def _offsets(self, text: str, *, whole: bool) -> Offsets:
        """Offsets of a text's tokens: all of them but special ones, or those within the limit."""

    @abstractmethod
    def _encode(self, inputs: Sequence[EncoderInput]) -> list[Encoded]:
        """The vectors of every input, in the order of the inputs."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of every token of a text: not truncated, special tokens left out."""
        return [(start, end) for start, end in self._offsets(plain_letters(text), whole=True) if end > start]

    def read_span(self, passage: Encodable) -> int:
        """How many leading characters of `passage.text` lie within the token limit, context included."""
        read = encoder_input(self._identity.document_prompt, passage)
        return max(
            0, max((end for _, end in self._offsets(plain_letters(read.text), whole=False)), default=0) - read.start
        )

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, d), of unit length."""
        return self._vectors([EncoderInput(self._identity.query_prompt + query) for query in queries]).passages

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors of passages (n, d) and of all their sentences in order (m, d), of unit length."""
        return self._vectors([encoder_input(self._identity.document_prompt, passage) for passage in passages])

    def _vectors(self, inputs: Sequence[EncoderInput]) -> DocumentVectors:
        empty = np.zeros((0, self._identity.dimension), dtype=np.float32)
        plain = [read._replace(text=plain_letters(read.text)) for read in inputs]
        passages, sentences = zip((empty, empty), *self._encode(plain), strict=True)
        return DocumentVectors(unit_rows(np.concatenate(passages)), unit_rows(np.concatenate(sentences)))
