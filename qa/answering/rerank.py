"""Optional reranking: a cross-encoder reads the question and each of the best passages together."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, runtime_checkable

from index.encoders.onnx.export_format import WEIGHTS_FILE
from index.encoders.optional import SENTENCE_TRANSFORMERS, optional_import
from index.errors import EncoderError
from index.plugins import ExtensionPoint, is_name
from qa.records import Passage

_HEAD = "ForSequenceClassification"  # how transformers names a model that scores a text instead of embedding it
_REMEDY = "Name a folder that CrossEncoder.save_pretrained wrote, with one label and safetensors weights."


RERANKERS = ExtensionPoint("postqa.rerankers")
"""Each entry is a function without arguments that gives a `Reranker`. docs/extending.md shows one."""


@runtime_checkable
class Reranker(Protocol):
    """Scores texts against a question, reading both together."""

    def scores(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """One score a text, in their order, 0 to 1; higher is better."""


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one label; may be shared by threads.

    Raises:
        EncoderError: The model cannot be loaded, or it has several labels.
    """

    def __init__(self, folder: Path) -> None:
        with optional_import("a cross-encoder", SENTENCE_TRANSFORMERS):  # takes seconds: torch is loaded
            from safetensors import SafetensorError  # noqa: PLC0415
            from sentence_transformers import CrossEncoder  # noqa: PLC0415
            from torch.nn import Sigmoid  # noqa: PLC0415

        try:
            self._model: Any = CrossEncoder(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
                activation_fn=Sigmoid(),  # many models leave it out, and then their scores have no bounds
            )
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            raise EncoderError("the reranker cannot be loaded", where=folder, seen=error, remedy=_REMEDY) from error
        labels = int(self._model.num_labels)
        if labels != 1:
            raise EncoderError("the reranker has several labels", where=folder, seen=labels, remedy=_REMEDY)
        self._model.eval()
        self._lock = Lock()

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text, in their order, 0 to 1; what is beyond the model's limit is not read."""
        if not texts:
            return []
        # A tokenizer keeps the truncation of its last call: threads that share it would cut each other's texts.
        with self._lock:
            scores = self._model.predict([(question, text) for text in texts], show_progress_bar=False)
        return [float(score) for score in scores]


@lru_cache(maxsize=2)
def load_reranker(name: str) -> Reranker:
    """Load the reranker of a plug-in, or a cross-encoder from a folder; the same name gives the same object.

    Raises:
        EncoderError: There is no such folder, it holds no cross-encoder with one label, or pickled weights only.
        PluginError: The plug-in of this name does not work.
    """
    if is_name(name) and (factory := RERANKERS.load(name)) is not None:
        reranker: Reranker = RERANKERS.make(name, factory, Reranker)
        return reranker
    place = Path(name).expanduser()
    if not place.is_dir():
        raise EncoderError("there is no such folder", where="setting 'reranker'", seen=name, remedy=_REMEDY)
    if not (place / WEIGHTS_FILE).is_file():
        remedy = f"{_REMEDY} Pickled weights are never loaded."
        raise EncoderError(f"there is no {WEIGHTS_FILE}", where=place, remedy=remedy)
    _require_head(place)
    return CrossEncoderReranker(place)


def rerank(question: str, passages: Sequence[Passage], reranker: Reranker, weight: float, depth: int) -> list[Passage]:
    """The first `depth` passages in the order that the reranker's scores give them, then the rest as they were.

    Args:
        passages: Best first.
        weight: What a reranker's score of 1 adds to a passage's score.
    """
    first = list(passages[:depth])
    scores = reranker.scores(question, [_with_context(passage) for passage in first])
    scored = [_with(passage, float(score), weight) for passage, score in zip(first, scores, strict=True)]
    return [*sorted(scored, key=lambda passage: -passage.score), *passages[depth:]]


def _with_context(passage: Passage) -> str:
    """A passage behind its title and headings, as the encoder reads it: its subject is often only there."""
    return f"{' > '.join((passage.post.title, *passage.headings))}. {passage.shown}"


def _with(passage: Passage, score: float, weight: float) -> Passage:
    features = passage.features._replace(rerank=score)
    return passage.model_copy(update={"features": features, "score": passage.score + weight * score})


def _require_head(folder: Path) -> None:
    """An embedding model would load as well, with a head of random numbers: refuse it before."""
    path = folder / "config.json"
    try:
        architectures = json.loads(path.read_bytes())["architectures"]
        names = [str(name) for name in architectures]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderError("the model's kind cannot be read", where=path, seen=error, remedy=_REMEDY) from error
    if not any(name.endswith(_HEAD) for name in names):
        seen = ", ".join(names) or None
        raise EncoderError("the folder holds no cross-encoder", where=path, seen=seen, remedy=_REMEDY)
