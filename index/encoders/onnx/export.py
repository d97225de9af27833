"""From a sentence-transformers folder to the fused 8-bit model: weights read, graph built and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnx import save_model
from safetensors import SafetensorError, safe_open

from index.encoders.onnx.bert_graph import bert_graph, operators
from index.encoders.onnx.export_format import FACTS_FILE, INPUT, MODEL_FILE, OUTPUT, WEIGHTS_FILE, ExportFacts
from index.encoders.onnx.model_config import ModelFolder
from index.encoders.onnx.quantize import Floats
from index.encoders.onnx.session import open_session
from index.encoders.onnx.tokenizer import model_tokenizer
from index.errors import EncoderUnsupported

TABLES_FILE = "tables.bin"
"""Large tables lie in a file of their own, to be mapped."""

Ids = npt.NDArray[np.int64]
"""Token ids of one text, shape (1, tokens)."""

_MAX_BYTES = 2**31 - 2**24  # of one ONNX file
_MIN_COSINE = 0.98  # all-MiniLM-L6-v2 reaches 0.999; below this rankings would differ from the float model's
_SAMPLE_CHARACTERS, _SAMPLES = 600, 24
_WORDS = "embeddings.word_embeddings.weight"
_LARGE = 2**25  # bytes: a vocabulary of many languages; of its rows only those read are loaded into memory


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
    if sum(tensor.nbytes for tensor in tensors.values()) > _MAX_BYTES:
        raise _refused(model.path, "its weights are larger than one ONNX file can hold")
    samples = sample_tokens(model)
    try:
        ranges, vectors = _measured(tensors, model, samples)
        graph = bert_graph(tensors, model, ranges)
    except KeyError as error:
        raise _refused(model.path, f"it has no weights of the name {error}") from error
    save_model(graph, target / MODEL_FILE, save_as_external_data=True, location=TABLES_FILE, size_threshold=_LARGE)
    session = open_session(target / MODEL_FILE)
    quantised = np.stack([session.run([OUTPUT], {INPUT: ids})[0][0].mean(axis=0) for ids in samples])
    lengths = np.linalg.norm(quantised, axis=1) * np.linalg.norm(vectors, axis=1)
    cosine = float(((quantised * vectors).sum(axis=1) / lengths).mean())
    if not cosine >= _MIN_COSINE:
        raise _refused(model.path, f"8 bits lose too much of this model: cosine {cosine:.3f}")
    facts = ExportFacts(
        weights=weights,
        onnxruntime=onnxruntime.__version__,
        layers=model.layers,
        operators=operators(graph),
        cosine=round(cosine, 4),
    )
    (target / FACTS_FILE).write_text(facts.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return facts


def read_weights(path: Path) -> dict[str, Floats]:
    """The tensors of a model by BertModel's own names, in float32.

    Raises:
        EncoderUnsupported: There is no BERT in the file, or numpy does not know its type of numbers.
    """
    try:
        with safe_open(path, framework="np") as file:
            names = list(file.keys())
            prefix = next((name.removesuffix(_WORDS) for name in names if name.endswith(_WORDS)), None)
            if prefix is None:
                raise _refused(path, "it has no word embeddings as BERT has")
            own = [name for name in names if name.startswith(prefix)]
            return {name.removeprefix(prefix): np.asarray(file.get_tensor(name), dtype=np.float32) for name in own}
    except TypeError as error:  # bfloat16
        raise _refused(path, f"its weights cannot be read: {error}") from error
    except SafetensorError as error:
        raise ValueError(f"{path.name}: {error}") from error


def sample_tokens(model: ModelFolder) -> list[Ids]:
    """Pieces of the posts that come with the package, as token ids."""
    posts = sorted((resources.files("index") / "samples" / "posts").iterdir(), key=lambda post: post.name)
    texts = [post.read_text(encoding="utf-8") for post in posts]
    pieces = [text[start : start + _SAMPLE_CHARACTERS] for text in texts for start in (0, _SAMPLE_CHARACTERS)]
    encodings = model_tokenizer(model).encode_batch(pieces[:_SAMPLES])
    return [np.array([encoding.ids[: model.token_limit]]) for encoding in encodings]


def _measured(
    tensors: Mapping[str, Floats], model: ModelFolder, samples: Sequence[Ids]
) -> tuple[dict[str, Floats], Floats]:
    """The range of every channel behind a layer norm, and the samples' vectors (n, hidden), in floating point.

    Only the words of the samples are in the table: 250,000 words take 380 MB in floating point, and a graph holds
    them several times while it is made.
    """
    words = np.unique(np.concatenate(samples, axis=1))
    plain = bert_graph({**tensors, _WORDS: tensors[_WORDS][words]}, model, None)
    session = open_session(plain.SerializeToString())
    names = [output.name for output in session.get_outputs()]
    ranges: dict[str, Floats] = {}
    vectors = []
    for ids in samples:
        values = dict(zip(names, session.run(None, {INPUT: np.searchsorted(words, ids)}), strict=True))
        vectors.append(values.pop(OUTPUT)[0].mean(axis=0))
        for name, value in values.items():
            ranges[name] = np.maximum(ranges.get(name, np.float32(0)), np.abs(value[0]).max(axis=0))
    return ranges, np.stack(vectors)


def _refused(where: Path, what: str) -> EncoderUnsupported:
    return EncoderUnsupported(
        f"the model cannot be exported to 8 bits: {what}",
        where=where,
        remedy="Use the float backend: QA_BACKEND=float.",
    )
