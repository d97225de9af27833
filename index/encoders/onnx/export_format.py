"""What the exporter writes and the 8-bit encoder reads: names, the recipe's number, and the facts kept beside."""

from __future__ import annotations

import hashlib

from index.encoders.onnx.model_config import ModelFolder
from index.records import Record

INPUT, OUTPUT = "token_ids", "token_vectors"
WEIGHTS_FILE = "model.safetensors"
MODEL_FILE = "model.onnx"
FACTS_FILE = "facts.json"

RECIPE = 1
"""Raised with every change to the graph or its rounding: earlier exports are then replaced."""


class ExportFacts(Record):
    """Facts about an export.

    Attributes:
        weights: SHA-256 of the weights it was made from.
        operators: How often each operator occurs in the graph.
        cosine: Mean cosine of sample texts' vectors in 8 bits with those in floating point.
    """

    recipe: int = RECIPE
    weights: str
    onnxruntime: str
    layers: int
    operators: dict[str, int]
    cosine: float


def export_key(model: ModelFolder, weights: str) -> str:
    """The name of a model's export: what its graph depends on, and nothing else.

    Neither the tokenizer, which is read from the model's own folder, nor ONNX Runtime's version: the graph
    uses operators of a fixed opset and is kept as written.
    """
    shape = (model.layers, model.heads, model.layer_norm_epsilon, model.first_position, model.token_limit)
    return hashlib.sha256(repr((RECIPE, weights, shape)).encode()).hexdigest()[:32]
