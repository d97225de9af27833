"""What 8 bits cost: the same corpora indexed with either backend, asked the same questions."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import index
from index.encoders import Encodable, Encoder
from index.encoders.installed.loading import DEFAULT_WEIGHTS, default_model_folder, load_encoder
from index.encoders.onnx.encoder import OnnxEncoder
from index.encoders.onnx.export import export
from index.encoders.onnx.export_format import MODEL_FILE
from index.encoders.onnx.model_config import read_model_folder
from index.encoders.protocol import FLOAT, INT8, Vectors
from index.reader import Index
from index.text.context import encodable
from qa.assistant import Assistant
from qa.evaluation.gold import GoldQuestion, GoldSet, read_gold
from qa.evaluation.results import POST_NDCG_10
from qa.evaluation.runner import evaluate

Figures = dict[str, Any]
_DEPTH = 10


@dataclass(frozen=True)
class TestSet:
    """A corpus with its questions, indexed by both backends."""

    name: str
    questions: tuple[GoldQuestion, ...]
    indexes: dict[str, Index]


def test_sets(shared: Path, folder: Path, step: int) -> list[TestSet]:
    """Build every set at hand by both backends; of XQuAD every `step`-th question is asked."""
    samples = Path(index.__file__).parent / "samples"
    sources = {
        "XQuAD English": (shared / "data/xquad-en/corpus.jsonl", shared / "data/xquad-en/questions.jsonl", step),
        "XQuAD Spanish": (shared / "data/xquad-es/corpus.jsonl", shared / "data/xquad-es/questions.jsonl", step),
        "sample posts": (samples / "posts", samples / "gold.jsonl", 1),
        "real posts": (shared / "corpus", shared / "gold/ai-blog-posts.dev.jsonl", 1),
    }
    sets = []
    for name, (source, gold, every) in sources.items():
        indexes = {}
        for backend in (FLOAT, INT8):
            out = folder / f"{name}-{backend}"
            index.build([source], out, encoder=load_encoder(backend=backend))
            indexes[backend] = index.open(out)
        sets.append(TestSet(name, read_gold(gold).questions[::every], indexes))
    return sets


def compared(corpus: TestSet) -> Figures:
    """nDCG@10 of the whole ranking by either backend, and how much of the two top tens is the same."""
    assistants = {backend: Assistant(opened) for backend, opened in corpus.indexes.items()}
    gold = GoldSet(name=corpus.name, questions=corpus.questions)
    ndcg = {name: evaluate(each, gold).overall.measures[POST_NDCG_10].mean for name, each in assistants.items()}
    texts = [question.question for question in corpus.questions]
    queries = {backend: load_encoder(backend=backend).encode_query(texts) for backend in corpus.indexes}
    dense = {name: [_dense_top(opened, row) for row in queries[name]] for name, opened in corpus.indexes.items()}
    whole = {name: [_whole_top(assistant, text) for text in texts] for name, assistant in assistants.items()}
    tables = {backend: opened.structures.vectors for backend, opened in corpus.indexes.items()}
    return {
        "questions": len(texts),
        "chunks": len(tables[FLOAT]),
        "nDCG@10 float": ndcg[FLOAT],
        "nDCG@10 int8": ndcg[INT8],
        "nDCG@10 loss": ndcg[FLOAT] - ndcg[INT8],
        "top-10 overlap, dense": overlap(dense[FLOAT], dense[INT8]),
        "top-10 overlap, whole ranking": overlap(whole[FLOAT], whole[INT8]),
        "cosine of passages": _cosines(tables[FLOAT], tables[INT8]),
        "cosine of questions": _cosines(queries[FLOAT], queries[INT8]),
    }


def overlap(ones: Sequence[set[Any]], others: Sequence[set[Any]]) -> float:
    """Mean share of the first's members that are the other's too."""
    return float(np.mean([len(one & other) / len(one) for one, other in zip(ones, others, strict=True) if one]))


def without_each(corpus: TestSet, shared_encoder: Encoder) -> dict[str, Figures]:
    """The dense ranking's overlap when one of the measures taken against rounding is left out."""
    plain = _read(corpus, shared_encoder)
    tops = _tops(*plain)
    figures = {}
    for name, patches in _VARIANTS.items():
        with tempfile.TemporaryDirectory() as folder:
            model = read_model_folder(default_model_folder())
            with _patched(patches):
                export(model, DEFAULT_WEIGHTS, Path(folder))
            encoder = OnnxEncoder(model, Path(folder) / MODEL_FILE, name=name, weights=DEFAULT_WEIGHTS)
            passages, queries = _read(corpus, encoder)
        figures[name] = {
            "top-10 overlap, dense": overlap(tops, _tops(passages, queries)),
            "cosine of passages": _cosines(plain[0], passages),
        }
    return figures


_NO_SMOOTHING = {"index.encoders.onnx.bert_graph.smoothing_factors": np.ones_like}
_NO_SCALING = {"index.encoders.onnx.bert_graph._GELU_BOUND": 1e3}  # every token is divided by the same number
_NARROW = {"index.encoders.onnx.quantize._SINGLE": 63, "index.encoders.onnx.quantize._PAIR": 1e9}
_WIDE = {"index.encoders.onnx.quantize._PAIR": 1e9}
_VARIANTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "large channels not relieved": _NO_SMOOTHING,
    "tokens behind GELU not evened": _NO_SCALING,
    "neither": {**_NO_SMOOTHING, **_NO_SCALING},
    "every weight below 64": _NARROW,
    "weights to 127, sums may overflow": _WIDE,
    "plain 8 bits: neither, weights to 127": {**_NO_SMOOTHING, **_NO_SCALING, **_WIDE},
}


def _patched(patches: dict[str, Any]) -> ExitStack:
    stack = ExitStack()
    for name, value in patches.items():
        stack.enter_context(mock.patch(name, value))
    return stack


def encodables(opened: Index) -> list[Encodable]:
    """An index's chunks as its encoder reads them."""
    identity, context_tokens = opened.manifest.encoder, opened.manifest.settings.chunks.context_tokens
    encoder = load_encoder(identity.name, identity.backend)
    rows = range(len(opened.structures.chunk_posts))
    return [encodable(post.title, chunk, encoder.token_spans, context_tokens) for post, chunk in opened.chunks(rows)]


def _read(corpus: TestSet, encoder: Encoder) -> tuple[Vectors, Vectors]:
    texts = [question.question for question in corpus.questions]
    return encoder.encode_document(encodables(corpus.indexes[INT8])).passages, encoder.encode_query(texts)


def _tops(passages: Vectors, queries: Vectors) -> list[set[int]]:
    return [set(np.argsort(-(passages @ query), kind="stable")[:_DEPTH].tolist()) for query in queries]


def _dense_top(opened: Index, query: Vectors) -> set[int]:
    return set(opened.structures.nearest.search(query, _DEPTH)[0].tolist())


def _whole_top(assistant: Assistant, text: str) -> set[tuple[str, int]]:
    return {(passage.post.id, passage.start) for passage in assistant.search(text, k=_DEPTH)}


def _cosines(ones: Vectors, others: Vectors) -> Figures:
    cosines = (ones * others).sum(axis=1)
    return {"mean": float(cosines.mean()), "least": float(cosines.min())}
