"""The 8-bit encoder: a fused model in ONNX Runtime; neither torch nor transformers is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from tokenizers import Encoding

from index.encoders.late_chunking import Encoded, EncoderInput, LateChunkingEncoder, Offsets, sentence_means
from index.encoders.onnx.cpu import usable_cores
from index.encoders.onnx.export_format import INPUT, OUTPUT
from index.encoders.onnx.model_config import ModelFolder
from index.encoders.onnx.session import open_session
from index.encoders.onnx.tokenizer import closing_tokens, model_tokenizer
from index.encoders.protocol import INT8, EncoderIdentity


class OnnxEncoder(LateChunkingEncoder):
    """An exported model; may be shared by threads.

    Every text is read alone, so its vectors depend on nothing else; as many at a time as there are cores, each
    on one thread: that is faster here than batches, which cost padding and wait for each other.
    """

    def __init__(self, model: ModelFolder, exported: Path, *, name: str, weights: str, workers: int = 0) -> None:
        self._pooling = model.pooling
        self._workers = workers or usable_cores()
        self._tokenizer = model_tokenizer(model)
        self._closing = closing_tokens(self._tokenizer)
        self._session = open_session(exported)
        super().__init__(
            EncoderIdentity(
                name=name,
                weights=weights,
                dimension=self._session.get_outputs()[0].shape[-1],
                token_limit=model.token_limit,
                query_prompt=model.query_prompt,
                document_prompt=model.document_prompt,
                backend=INT8,
            )
        )

    def _offsets(self, text: str, *, whole: bool) -> Offsets:
        encoding = self._tokenizer.encode(text, add_special_tokens=not whole)
        return encoding.offsets if whole else self._within_limit(encoding)[1]

    def _encode(self, inputs: Sequence[EncoderInput]) -> list[Encoded]:
        if len(inputs) == 1:  # a question: no threads
            return [self._forward(self._tokenizer.encode(inputs[0].text), inputs[0])]
        encodings = self._tokenizer.encode_batch([read.text for read in inputs])
        longest_first = sorted(range(len(inputs)), key=lambda row: -len(encodings[row]))  # so that all end together
        with ThreadPoolExecutor(self._workers) as pool:
            futures = {row: pool.submit(self._forward, encodings[row], inputs[row]) for row in longest_first}
        return [futures[row].result() for row in range(len(inputs))]

    def _forward(self, encoding: Encoding, read: EncoderInput) -> Encoded:
        ids, offsets = self._within_limit(encoding)
        tokens = self._session.run([OUTPUT], {INPUT: np.asarray([ids], dtype=np.int64)})[0][0]
        pooled = tokens[:1] if self._pooling == "cls" else tokens.mean(axis=0, keepdims=True)
        return pooled, sentence_means(tokens, offsets, read)

    def _within_limit(self, encoding: Encoding) -> tuple[list[int], Offsets]:
        """A text's tokens cut to the limit, the closing special ones kept: ids and character offsets."""
        ids, offsets, limit = encoding.ids, encoding.offsets, self.identity.token_limit
        if len(ids) <= limit:
            return ids, offsets
        kept, closing = limit - self._closing, len(ids) - self._closing
        return ids[:kept] + ids[closing:], offsets[:kept] + offsets[closing:]
