"""The reference encoder: any sentence-transformers model, in floating point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.encoders.late_chunking import Encoded, EncoderInput, LateChunkingEncoder, Offsets, sentence_means
from index.encoders.protocol import EncoderIdentity, Vectors
from index.errors import EncoderError

# Texts sorted by length, few at a time: on a CPU, padding costs more than small batches do.
_BATCH = 8


class SentenceTransformerEncoder(LateChunkingEncoder):
    """A sentence-transformers model on the CPU; may be shared by threads."""

    def __init__(self, folder: Path, *, name: str, weights: str) -> None:
        transformers_logging.disable_progress_bar()
        self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._model.eval()
        self._tokenizer: Any = self._model.tokenizer
        self._lock = Lock()
        if not getattr(self._tokenizer, "is_fast", False):
            remedy = "Use a model with a tokenizer.json (a fast tokenizer)."
            raise EncoderError("the model's tokenizer does not give offsets of tokens", where=folder, remedy=remedy)
        prompts = self._model.prompts or {}
        super().__init__(
            EncoderIdentity(
                name=name,
                weights=weights,
                dimension=int(self._model.get_embedding_dimension() or 0),
                token_limit=int(self._model.max_seq_length or self._tokenizer.model_max_length),
                query_prompt=prompts.get("query") or "",
                document_prompt=prompts.get("document") or prompts.get("passage") or "",
            )
        )

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, d), of unit length."""
        with _one_thread():
            return super().encode_query(queries)

    def _offsets(self, text: str, *, whole: bool) -> Offsets:
        options = {"add_special_tokens": False, "truncation": False, "verbose": False} if whole else {}
        offsets: Offsets = self._tokens(text, **options)["offset_mapping"]
        return offsets

    def _encode(self, inputs: Sequence[EncoderInput]) -> list[Encoded]:
        order = sorted(range(len(inputs)), key=lambda number: len(inputs[number].text))
        encoded: dict[int, Encoded] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            features = dict(self._tokens([inputs[number].text for number in batch], padding=True, return_tensors="pt"))
            offsets = features.pop("offset_mapping").tolist()
            with torch.inference_mode():
                output = self._model(features)
            pooled, tokens = output["sentence_embedding"].numpy(), output["token_embeddings"].numpy()
            for row, number in enumerate(batch):
                encoded[number] = pooled[row : row + 1], sentence_means(tokens[row], offsets[row], inputs[number])
        return [encoded[number] for number in range(len(inputs))]

    def _tokens(self, text: str | list[str], **options: Any) -> Any:  # the tokenizer carries no types
        usual = {"return_offsets_mapping": True, "truncation": True, "max_length": self.identity.token_limit}
        # A tokenizer keeps the truncation of its last call: threads that share it would cut each other's texts.
        with self._lock:
            return self._tokenizer(text, **{**usual, **options})


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread for torch: a question is too short to share between cores, and beside other work threads wait."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)
