"""The fast encoder: a fused 8-bit model in ONNX Runtime; neither torch nor transformers is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tokenizers import Encoding

from index.encoders.onnx.cpu import usable_cores
from index.encoders.onnx.export_format import INPUT, OUTPUT
from index.encoders.onnx.model_config import ModelFolder
from index.encoders.onnx.session import open_session
from index.encoders.onnx.tokenizer import closing_tokens, model_tokenizer
from index.encoders.pooling import joined, sentence_means, unit
from index.encoders.protocol import INT8, DocumentVectors, Encodable, EncoderIdentity, Vectors


class OnnxEncoder:
    """Passage vectors as the model makes them; sentence vectors out of the same forward pass.

    Every text is read alone, so its vectors depend on nothing but itself; as many at a time as there are
    cores, each on one thread: that is faster here than batches are, which cost padding and wait for each other.
    """

    def __init__(self, model: ModelFolder, exported: Path, *, name: str, weights: str, workers: int = 0) -> None:
        self._model = model
        self._workers = workers or usable_cores()
        self._tokenizer = model_tokenizer(model)
        self._closing = closing_tokens(self._tokenizer)
        self._session = open_session(exported)
        self._identity = EncoderIdentity(
            name=name,
            weights=weights,
            dimension=self._session.get_outputs()[0].shape[-1],
            token_limit=model.token_limit,
            query_prompt=model.query_prompt,
            document_prompt=model.document_prompt,
            backend=INT8,
        )

    @property
    def identity(self) -> EncoderIdentity:
        """Name, weights' hash, dimension, limit, prompts and backend."""
        return self._identity

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Character offsets of every token of a text: not cut, special tokens left out."""
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        return [(start, end) for start, end in offsets if end > start]

    def read_span(self, passage: Encodable) -> int:
        """How many leading characters of `passage.text` lie within the token limit, context included."""
        text, shift = joined(self._identity.document_prompt, passage)
        _, offsets = self._within_limit(self._tokenizer.encode(text))
        return max(0, max((end for _, end in offsets), default=0) - shift)

    def encode_query(self, queries: Sequence[str]) -> Vectors:
        """Vectors of questions, shape (n, d), of unit length."""
        texts = [self._identity.query_prompt + query for query in queries]
        rows = [self._pooled(self._token_vectors(self._tokenizer.encode(text))[0]) for text in texts]
        return unit(np.stack(rows)) if rows else self._empty()

    def encode_document(self, passages: Sequence[Encodable]) -> DocumentVectors:
        """Vectors of passages (n, d) and of all their sentences in order (m, d), of unit length."""
        texts = [joined(self._identity.document_prompt, passage) for passage in passages]
        encodings = self._tokenizer.encode_batch([text for text, _ in texts])
        longest_first = sorted(range(len(passages)), key=lambda at: -len(encodings[at]))  # so all end together

        def read(at: int) -> tuple[int, Vectors, Vectors]:
            tokens, offsets = self._token_vectors(encodings[at])
            means = sentence_means(tokens, offsets, passages[at].sentences, texts[at][1])
            return at, self._pooled(tokens)[None], means

        with ThreadPoolExecutor(self._workers) as pool:
            done = sorted(pool.map(read, longest_first), key=lambda row: row[0])
        whole = np.concatenate([self._empty(), *(row for _, row, _ in done)])
        parts = np.concatenate([self._empty(), *(rows for _, _, rows in done)])
        return DocumentVectors(unit(whole), unit(parts))

    def _token_vectors(self, encoding: Encoding) -> tuple[Vectors, list[tuple[int, int]]]:
        """Vectors of the tokens within the limit, shape (t, d), and the tokens' character offsets."""
        ids, offsets = self._within_limit(encoding)
        vectors = self._session.run([OUTPUT], {INPUT: np.asarray([ids], dtype=np.int64)})[0][0]
        return vectors, offsets

    def _within_limit(self, encoding: Encoding) -> tuple[list[int], list[tuple[int, int]]]:
        """A text's tokens cut to the limit, the closing special ones kept: ids and character offsets."""
        ids, offsets = encoding.ids, encoding.offsets
        if len(ids) <= self._model.token_limit:
            return ids, offsets
        kept, closing = self._model.token_limit - self._closing, len(ids) - self._closing
        return ids[:kept] + ids[closing:], offsets[:kept] + offsets[closing:]

    def _pooled(self, tokens: Vectors) -> Vectors:
        return np.asarray(tokens[0] if self._model.pooling == "cls" else tokens.mean(axis=0))

    def _empty(self) -> Vectors:
        return np.zeros((0, self._identity.dimension), dtype=np.float32)
