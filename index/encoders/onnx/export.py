"""From a sentence-transformers folder to the fused 8-bit model: its weights read, its graph built and tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnx import ModelProto, save_model
from safetensors import SafetensorError, safe_open

from index.encoders.onnx.bert_graph import bert_graph, fused_operators, operators
from index.encoders.onnx.export_format import (
    FACTS_FILE,
    INPUT,
    MODEL_FILE,
    OUTPUT,
    RECIPE,
    TABLES_FILE,
    WEIGHTS_FILE,
    ExportFacts,
)
from index.encoders.onnx.model_config import ModelFolder
from index.encoders.onnx.quantize import Floats
from index.encoders.onnx.session import open_session
from index.encoders.onnx.tokenizer import model_tokenizer
from index.errors import EncoderUnsupported

Ids = npt.NDArray[np.int64]
"""Token ids of one text, shape (1, tokens)."""

_LARGEST = 2**31 - 2**24  # bytes
_LEAST_COSINE = 0.98  # all-MiniLM-L6-v2 comes to 0.999; below this rankings would differ from the float model's
_PIECE, _PIECES = 600, 24  # characters; pieces of posts
_ANCHOR = "embeddings.word_embeddings.weight"
_LARGE = 2**25  # bytes: a vocabulary of many languages; of its rows only those read come into memory


def export(model: ModelFolder, weights: str, target: Path) -> ExportFacts:
    """Write the 8-bit model of a folder, and the facts about it, into another folder.

    Args:
        model: The folder, as read.
        weights: SHA-256 of its weights, to be kept with the facts.
        target: The folder to write into.

    Raises:
        EncoderUnsupported: The weights are not those of a BERT-like model, or 8 bits lose too much of it.
    """
    tensors = read_weights(model.path / WEIGHTS_FILE)
    if sum(tensor.nbytes for tensor in tensors.values()) > _LARGEST:
        raise _refused(model.path, "its weights are larger than one ONNX file can hold")
    texts = sample_tokens(model)
    try:
        few, renumbered = _with_few_words(tensors, texts)
        reach, vectors = tried(bert_graph(few, model, None), renumbered)
        graph = bert_graph(tensors, model, reach)
    except KeyError as error:
        raise _refused(model.path, f"it has no weights of the name {error}") from error
    found = operators(graph)
    missing = {name: count for name, count in fused_operators(model.layers).items() if found.get(name) != count}
    if missing:
        raise _refused(model.path, f"not all of its operators could be fused: {missing} expected, {found} found")
    written = target / MODEL_FILE
    save_model(graph, written, save_as_external_data=True, location=TABLES_FILE, size_threshold=_LARGE)
    cosine = agreement(written, texts, vectors)
    if not cosine >= _LEAST_COSINE:
        raise _refused(model.path, f"8 bits lose too much of this model: cosine {cosine:.3f}")
    facts = ExportFacts(
        recipe=RECIPE,
        weights=weights,
        onnxruntime=onnxruntime.__version__,
        layers=model.layers,
        operators=found,
        cosine=round(cosine, 4),
    )
    (target / FACTS_FILE).write_text(facts.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return facts


def read_weights(path: Path) -> dict[str, Floats]:
    """The tensors of a model by BertModel's own names, in float32.

    Raises:
        EncoderUnsupported: There is no BERT in the file, or its numbers are of a kind numpy does not know.
    """
    try:
        with safe_open(path, framework="np") as file:
            names = list(file.keys())
            anchor = next((name for name in names if name.endswith(_ANCHOR)), None)
            if anchor is None:
                raise _refused(path, "it has no word embeddings as BERT has")
            prefix = anchor.removesuffix(_ANCHOR)
            own = [name for name in names if name.startswith(prefix)]
            return {name.removeprefix(prefix): np.asarray(file.get_tensor(name), dtype=np.float32) for name in own}
    except TypeError as error:  # bfloat16
        raise _refused(path, f"its weights cannot be read: {error}") from error
    except SafetensorError as error:
        raise ValueError(f"{path.name}: {error}") from error


def sample_tokens(model: ModelFolder) -> list[Ids]:
    """Pieces of the posts that come with the package as token ids: what a model is tried on."""
    tokenizer = model_tokenizer(model)
    posts = sorted((resources.files("index") / "samples" / "posts").iterdir(), key=lambda post: post.name)
    starts = [text[at : at + _PIECE] for text in map(_read_text, posts) for at in (0, _PIECE)]
    return [np.array([encoding.ids[: model.token_limit]]) for encoding in tokenizer.encode_batch(starts[:_PIECES])]


def _with_few_words(tensors: Mapping[str, Floats], texts: Sequence[Ids]) -> tuple[dict[str, Floats], list[Ids]]:
    """The same weights with only the words of some texts, and the texts with those words' new numbers.

    In floating point a table of 250,000 words is 380 MB, and a graph holds it several times while it is made.
    """
    used = np.unique(np.concatenate(texts, axis=1))
    return {**tensors, _ANCHOR: tensors[_ANCHOR][used]}, [np.searchsorted(used, ids) for ids in texts]


def tried(plain: ModelProto, texts: Sequence[Ids]) -> tuple[dict[str, Floats], list[Floats]]:
    """The reach of every channel behind a layer norm, and the texts' vectors, both in floating point."""
    session = open_session(plain.SerializeToString())
    names = [output.name for output in session.get_outputs()]
    reach: dict[str, Floats] = {}
    vectors = []
    for ids in texts:
        found = dict(zip(names, session.run(None, {INPUT: ids}), strict=True))
        vectors.append(found.pop(OUTPUT)[0].mean(axis=0))
        for name, values in found.items():
            reach[name] = np.maximum(reach.get(name, np.float32(0)), np.abs(values[0]).max(axis=0))
    return reach, vectors


def agreement(quantised: Path, texts: Sequence[Ids], vectors: Sequence[Floats]) -> float:
    """Mean cosine of texts' vectors in 8 bits with those given, in floating point."""
    session = open_session(quantised)
    cosines = []
    for ids, plain in zip(texts, vectors, strict=True):
        rounded = session.run([OUTPUT], {INPUT: ids})[0][0].mean(axis=0)
        cosines.append(float(rounded @ plain / (np.linalg.norm(rounded) * np.linalg.norm(plain))))
    return float(np.mean(cosines))


def _read_text(post: Traversable) -> str:
    return post.read_text(encoding="utf-8")


def _refused(where: Path, what: str) -> EncoderUnsupported:
    return EncoderUnsupported(
        f"the fast encoder cannot be made: {what}", where=where, remedy="Use the float backend: QA_BACKEND=float."
    )
