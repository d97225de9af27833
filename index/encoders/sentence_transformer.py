"""The reference encoder: any sentence-transformers model, in floating point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.encoders.pooling import joined, sentence_means, unit
from index.encoders.protocol import DocumentVectors, Encodable, EncoderIdentity, Vectors
from index.errors import EncoderError

# Passages sorted by length, few at a time: on a processor, padding costs more than small batches do.
_BATCH = 8


class SentenceTransformerEncoder:
    """Passage vectors as the model makes them; sentence vectors out of the same forward pass.

    A sentence's vector is the mean of its tokens' vectors as they stand in the passage ("late chunking",
    Günther et al. 2024), so it knows the title and the sentences around it and costs no further pass.
    """

    def __init__(self, folder: Path, *, name: str, weights: str) -> None:
        transformers_logging.disable_progress_bar()  # loading takes a moment and is nobody's business
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._model.eval()
        self._tokenizer: Any = self._model.tokenizer
        self._lock = Lock()
        if not getattr(self._tokenizer, "is_fast", False):
            raise EncoderError(
                "the model's tokenizer cannot tell where its tokens lie",
                where=folder,
                remedy="Use a model with a tokenizer.json (a fast tokenizer).",
            )
        prompts = self._model.prompts or {}
        self._identity = EncoderIdentity(
            name=name,
            weights=weights,
            dimension=int(self._model.get_embedding_dimension() or 0),
            token_limit=int(self._model.max_seq_length or self._tokenizer.model_max_length),
            query_prompt=prompts.get("query") or "",
            document_prompt=prompts.get("document") or prompts.get("passage") or "",
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Name, weights' hash, dimension, limit and prompts."""
        return self._identity

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of every token of a text: not cut, special tokens left out."""
        encoding = self._tokenized(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        return [(start, end) for start, end in encoding["offset_mapping"] if end > start]

    def read_span(self, passage: Encodable) -> int:
        """How many leading characters of `passage.text` lie within the token limit, context included."""
        text, offset = joined(self._identity.document_prompt, passage)
        encoding = self._tokenized(
            text, return_offsets_mapping=True, truncation=True, max_length=self._identity.token_limit
        )
        end = max((end for _, end in encoding["offset_mapping"]), default=0)
        return max(0, end - offset)

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, d), of unit length."""
        prompted = [self._identity.query_prompt + query for query in queries]
        with _one_thread():
            batches = [self._forward(prompted[at : at + _BATCH])[0] for at in range(0, len(prompted), _BATCH)]
        return unit(np.concatenate(batches)) if batches else self._empty()

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors of passages (n, d) and of all their sentences in order (m, d), of unit length."""
        whole: list[Vectors] = [self._empty()] * len(passages)
        parts: list[Vectors] = [self._empty()] * len(passages)
        for batch in self._batches(passages):
            texts = [joined(self._identity.document_prompt, passages[at]) for at in batch]
            pooled, tokens, offsets = self._forward([text for text, _ in texts])
            for row, at in enumerate(batch):
                whole[at] = pooled[row : row + 1]
                parts[at] = sentence_means(tokens[row], offsets[row], passages[at].sentences, texts[row][1])
        empty = self._empty()
        return DocumentVectors(unit(np.concatenate([empty, *whole])), unit(np.concatenate([empty, *parts])))

    def _batches(self, passages: Sequence[Encodable]) -> Iterator[list[int]]:
        order = sorted(range(len(passages)), key=lambda at: len(passages[at].context) + len(passages[at].text))
        for start in range(0, len(order), _BATCH):
            yield order[start : start + _BATCH]

    def _forward(self, texts: list[str]) -> tuple[Vectors, Vectors, list[list[tuple[int, int]]]]:
        """Pooled vectors (n, d), token vectors (n, t, d) and each token's character offsets."""
        features = dict(
            self._tokenized(
                texts,
                padding=True,
                truncation=True,
                max_length=self._identity.token_limit,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
        )
        offsets = features.pop("offset_mapping").tolist()
        with torch.inference_mode():
            output = self._model(features)
        return output["sentence_embedding"].numpy(), output["token_embeddings"].numpy(), offsets

    def _tokenized(self, text: str | list[str], **how: Any) -> Any:  # the tokenizer carries no types
        # A tokenizer keeps the truncation of its last call: threads that share it would cut each other's texts.
        with self._lock:
            return self._tokenizer(text, **how)

    def _empty(self) -> Vectors:
        return np.zeros((0, self._identity.dimension), dtype=np.float32)


@contextmanager
def _one_thread() -> Iterator[None]:
    """A question is too short to share between cores: beside other work, threads only wait for each other."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
