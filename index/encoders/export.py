"""From a sentence-transformers folder to the fused 8-bit model: its weights read, its graph built and tried."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnxruntime
from safetensors import SafetensorError, safe_open

from index.encoders.exported import FACTS_FILE, INPUT, MODEL_FILE, OUTPUT, RECIPE, WEIGHTS_FILE, ExportFacts
from index.encoders.graph import bert_graph, fused_operators, operators
from index.encoders.model_folder import ModelFolder
from index.encoders.quantise import Floats
from index.encoders.session import open_session
from index.errors import EncoderUnsupported

_LEAST_COSINE = 0.98  # all-MiniLM-L6-v2 comes to 0.998; below this rankings would differ from the float model's
_TRIED_LENGTHS = (8, 24, 64)  # tokens
_TRIED_TOKENS = 4_096
_ANCHOR = "embeddings.word_embeddings.weight"


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
    written = target / MODEL_FILE
    found = _write(tensors, model, written)
    missing = {name: count for name, count in fused_operators(model.layers).items() if found.get(name) != count}
    if missing:
        raise _refused(model.path, f"not all of its operators could be fused: {missing} expected, {found} found")
    cosine = agreement(written, tensors, model)
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


def agreement(quantised: Path, tensors: Mapping[str, Floats], model: ModelFolder) -> float:
    """Mean cosine of texts' vectors in 8 bits and in floating point, over random tokens, the same every time."""
    few = {**tensors, _ANCHOR: tensors[_ANCHOR][:_TRIED_TOKENS]}  # a vocabulary can be most of a model
    plain = bert_graph(few, model, quantised=False).SerializeToString()
    sessions = open_session(quantised), open_session(plain)
    draw = np.random.default_rng(0)
    cosines = []
    for length in _TRIED_LENGTHS:
        ids = draw.integers(len(few[_ANCHOR]), size=(1, min(length, model.token_limit)))
        one, other = (session.run([OUTPUT], {INPUT: ids})[0][0].mean(axis=0) for session in sessions)
        cosines.append(float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other))))
    return float(np.mean(cosines))


def _write(tensors: Mapping[str, Floats], model: ModelFolder, path: Path) -> dict[str, int]:
    """Write the 8-bit graph; returns how often each operator stands in it."""
    try:
        graph = bert_graph(tensors, model)
    except KeyError as error:
        raise _refused(model.path, f"it has no weights of the name {error}") from error
    path.write_bytes(graph.SerializeToString())
    return operators(graph)


def _refused(where: Path, what: str) -> EncoderUnsupported:
    return EncoderUnsupported(
        f"the fast encoder cannot be made: {what}", where=where, remedy="Use the float backend: QA_BACKEND=float."
    )
