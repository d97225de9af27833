"""What both encoders do alike: vectors of passages and of their sentences from one forward pass."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from index.encoders.pooling import EncoderInput, Offsets, encoder_input, unit_rows
from index.encoders.protocol import DocumentVectors, Encodable, EncoderIdentity, Vectors


class EncodedText(NamedTuple):
    """An input after the forward pass; vectors may have any length.

    Attributes:
        number: Which of the inputs given.
        pooled: Its vector, shape (1, d).
        sentences: The vectors of its sentences, shape (sentences, d).
    """

    number: int
    pooled: Vectors
    sentences: Vectors


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
    def _token_offsets(self, text: str) -> Offsets:
        """Offsets of all tokens: not truncated, special tokens left out."""

    @abstractmethod
    def _read_offsets(self, text: str) -> Offsets:
        """Offsets of the tokens within the limit, special ones included."""

    @abstractmethod
    def _encode(self, inputs: Sequence[EncoderInput]) -> Iterable[EncodedText]:
        """Every input after the forward pass, in any order."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of every token of a text: not truncated, special tokens left out."""
        return [(start, end) for start, end in self._token_offsets(text) if end > start]

    def read_span(self, passage: Encodable) -> int:
        """How many leading characters of `passage.text` lie within the token limit, context included."""
        read = encoder_input(self._identity.document_prompt, passage)
        return max(0, max((end for _, end in self._read_offsets(read.text)), default=0) - read.start)

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, d), of unit length."""
        return self._vectors([EncoderInput(self._identity.query_prompt + query) for query in queries]).passages

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors of passages (n, d) and of all their sentences in order (m, d), of unit length."""
        return self._vectors([encoder_input(self._identity.document_prompt, passage) for passage in passages])

    def _vectors(self, inputs: Sequence[EncoderInput]) -> DocumentVectors:
        encoded = sorted(self._encode(inputs), key=lambda text: text.number)
        empty = np.zeros((0, self._identity.dimension), dtype=np.float32)
        pooled = np.concatenate([empty, *(text.pooled for text in encoded)])
        sentences = np.concatenate([empty, *(text.sentences for text in encoded)])
        return DocumentVectors(unit_rows(pooled), unit_rows(sentences))
