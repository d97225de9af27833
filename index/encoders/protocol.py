"""What an encoder is: its identity, its tokens, and vectors of queries and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.records import Record

Vectors = npt.NDArray[np.float32]
"""Rows of unit length, shape (n, dimension)."""


FLOAT = "float"
INT8 = "onnx-int8"


class EncoderIdentity(Record):
    """What makes two encoders the same: an index opens only under the identity it was built with.

    Attributes:
        weights: SHA-256 of the weights' file.
        token_limit: Most tokens of one input, special ones included; what is beyond would be cut.
        backend: What computes the vectors: `float`, the model as it was trained, or `onnx-int8`.
    """

    name: str
    weights: str
    dimension: int
    token_limit: int
    query_prompt: str = ""
    document_prompt: str = ""
    backend: str = FLOAT


@dataclass(frozen=True)
class Encodable:
    """A passage as the encoder reads it.

    Attributes:
        context: What is read before the text but never quoted: title and heading path.
        text: The passage.
        sentences: Character offsets into `text` of the pieces that get a vector of their own.
    """

    context: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DocumentVectors:
    """Vectors of passages, shape (n, d), and of all their sentences in order, shape (m, d)."""

    passages: Vectors
    sentences: Vectors


@runtime_checkable
class Encoder(Protocol):
    """Reads queries and passages independently, into vectors whose inner product is a score.

    >>> class LengthEncoder:
    ...     identity = EncoderIdentity(name="length", weights="1", dimension=2, token_limit=256)
    ...     def token_spans(self, text): return [(at, at + 1) for at in range(len(text))]
    ...     def read_span(self, passage): return min(len(passage.text), 256 - len(passage.context))
    ...     def encode_query(self, queries):
    ...         angles = np.array([len(query) / 256 for query in queries], dtype=np.float32)
    ...         return np.stack([np.cos(angles), np.sin(angles)], axis=1)
    ...     def encode_document(self, passages):
    ...         sentences = [passage.text[start:end] for passage in passages for start, end in passage.sentences]
    ...         texts = [passage.text for passage in passages]
    ...         return DocumentVectors(self.encode_query(texts), self.encode_query(sentences))
    >>> isinstance(LengthEncoder(), Encoder)
    True

    docs/extending.md registers one by a name.
    """

    @property
    def identity(self) -> EncoderIdentity:
        """Name, weights' hash, dimension, limit, prompts and backend."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of every token of a text: not truncated, special tokens left out."""

    def read_span(self, passage: Encodable) -> int:
        """How many leading characters of `passage.text` lie within the token limit, context included."""

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of queries, shape (n, d), of unit length."""

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors of passages and of all their sentences in order, of unit length."""
