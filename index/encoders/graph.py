"""BERT's layers as a fused ONNX graph, in 8-bit integers or in floating point.

Built from the weights by name: of torch's exporters the one of today emits attention in a dozen pieces that no
fuser puts together again, and the other is deprecated. What is fused, and why so, was measured
(benchmarks/encoder.py): attention in one operator, GELU with its bias, each matrix product with its rounding
and bias. A layer norm stays beside the sum before it, whose own fused operator (SkipLayerNormalization) takes
three times as long on a processor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from index.encoders.exported import INPUT, OUTPUT
from index.encoders.model_folder import ModelFolder
from index.encoders.quantise import Floats, channel_relief, quantised_columns, quantised_rows

_MICROSOFT = "com.microsoft"  # the operators that ONNX Runtime adds to ONNX's
_OPSET, _IR = 20, 9
_LEAST_GELU = 0.17  # GELU never falls below minus this


class _Graph:
    """Nodes and constants in the order they are added; every value goes by the name of the node that makes it."""

    def __init__(self, quantised: bool) -> None:
        self.quantised = quantised
        self.nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def add(self, operator: str, inputs: Sequence[str], name: str, domain: str = "", **settings: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **settings))
        return name

    def linear(self, x: str, weights: Floats, bias: Floats | None, name: str) -> str:
        """A matrix product, weights (inputs, outputs); in integers each input is rounded to 8 bits as a whole."""
        biases = [] if bias is None else [self.constant(f"{name}.bias", bias)]
        if not self.quantised:
            product = self.add("MatMul", [x, self.constant(f"{name}.weights", weights)], f"{name}.product")
            return self.add("Add", [product, *biases], name) if biases else product
        integers, scales = quantised_columns(weights)
        inputs = [
            x,
            self.constant(f"{name}.weights", integers),
            self.constant(f"{name}.scales", scales),
            self.constant(f"{name}.zero", np.zeros(len(scales), dtype=np.int8)),
        ]
        return self.add("DynamicQuantizeMatMul", [*inputs, *biases], name, _MICROSOFT)

    def relieved(self, x: str, weights: Floats, relief: Floats, name: str) -> tuple[str, Floats]:
        """Large channels made small and their weights large: the same product, in finer steps."""
        if not self.quantised:
            return x, weights
        small = self.add("Mul", [x, self.constant(f"{name}.relief", 1 / relief)], f"{name}.relieved")
        return small, np.asarray(weights * relief[:, None])

    def model(self, hidden: int) -> ModelProto:
        """The finished model: token ids (texts, tokens) to token vectors (texts, tokens, hidden)."""
        ids = helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["texts", "tokens"])
        vectors = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["texts", "tokens", hidden])
        graph = helper.make_graph(self.nodes, "encoder", [ids], [vectors], list(self._constants.values()))
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="postqa")


def bert_graph(weights: Mapping[str, Floats], model: ModelFolder, *, quantised: bool = True) -> ModelProto:
    """The whole graph. Texts of one length at a time and no mask: padding would cost and change the rounding.

    Args:
        weights: By BertModel's own names, without a prefix.
        quantised: In 8-bit integers; else in floating point, exactly as trained.

    Raises:
        KeyError: A weight is not there.
    """
    graph = _Graph(quantised)
    x = _embeddings(graph, weights, model)
    norm = "embeddings.LayerNorm"
    for layer in range(model.layers):
        prefix = f"encoder.layer.{layer}"
        attended = _attention(graph, weights, model, x, norm, prefix)
        norm = f"{prefix}.attention.output.LayerNorm"
        x = _norm(graph, weights, model, (attended, x), norm)
        fed = _feed_forward(graph, weights, x, norm, prefix)
        norm = f"{prefix}.output.LayerNorm"
        x = _norm(graph, weights, model, (fed, x), norm)
    graph.nodes[-1].output[0] = OUTPUT
    return graph.model(weights["embeddings.LayerNorm.bias"].shape[0])


def operators(model: ModelProto) -> dict[str, int]:
    """How often each operator stands in a graph."""
    return dict(sorted(Counter(node.op_type for node in model.graph.node).items()))


def fused_operators(layers: int) -> dict[str, int]:
    """The fused operators that a quantised graph of so many layers must have."""
    return {
        "BiasGelu": layers,
        "DynamicQuantizeMatMul": 4 * layers,
        "LayerNormalization": 2 * layers + 1,
        "MultiHeadAttention": layers,
    }


def _embeddings(graph: _Graph, weights: Mapping[str, Floats], model: ModelFolder) -> str:
    table = weights["embeddings.word_embeddings.weight"]
    if graph.quantised:
        integers, scales = quantised_rows(table)
        rounded = graph.add("Gather", [graph.constant("words", integers), INPUT], "words.rounded")
        scale = graph.add("Gather", [graph.constant("words.scales", scales), INPUT], "words.scale")
        floats = graph.add("Cast", [rounded], "words.float", to=TensorProto.FLOAT)
        words = graph.add("Mul", [floats, scale], "words.vectors")
    else:
        words = graph.add("Gather", [graph.constant("words", table), INPUT], "words.vectors")
    first = model.first_position
    positions = weights["embeddings.position_embeddings.weight"][first : first + model.token_limit]
    # Every token is of the first type: one text is read at a time, never a pair.
    places = graph.constant("positions", positions + weights["embeddings.token_type_embeddings.weight"][0])
    zero, axis = graph.constant("zero", np.array([0])), graph.constant("first-axis", np.array([0]))
    length = graph.add("Shape", [INPUT], "length", start=1, end=2)
    here = graph.add("Slice", [places, zero, length, axis], "positions.here")
    return _norm(graph, weights, model, (words, here), "embeddings.LayerNorm")


def _attention(graph: _Graph, weights: Mapping[str, Floats], model: ModelFolder, x: str, norm: str, prefix: str) -> str:
    own = f"{prefix}.attention.self"
    parts = ("query", "key", "value")
    together = np.concatenate([weights[f"{own}.{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([weights[f"{own}.{part}.bias"] for part in parts])
    x, together = graph.relieved(x, together, _relief(weights, norm), own)
    all_three = graph.linear(x, together, bias, own)
    split = [f"{own}.{part}" for part in parts]
    graph.nodes.append(helper.make_node("Split", [all_three], split, name=f"{own}.split", axis=-1, num_outputs=3))
    attended = graph.add("MultiHeadAttention", split, f"{own}.attended", _MICROSOFT, num_heads=model.heads)
    out = f"{prefix}.attention.output.dense"
    return graph.linear(attended, weights[f"{out}.weight"].T, weights[f"{out}.bias"], out)


def _feed_forward(graph: _Graph, weights: Mapping[str, Floats], x: str, norm: str, prefix: str) -> str:
    wide, narrow = f"{prefix}.intermediate.dense", f"{prefix}.output.dense"
    x, widening = graph.relieved(x, weights[f"{wide}.weight"].T, _relief(weights, norm), wide)
    widened = graph.linear(x, widening, None, wide)
    bias = graph.constant(f"{wide}.bias", weights[f"{wide}.bias"])
    active = graph.add("BiasGelu", [widened, bias], f"{wide}.gelu", _MICROSOFT)
    narrowing, shift = weights[f"{narrow}.weight"].T, weights[f"{narrow}.bias"]
    if not graph.quantised:
        return graph.linear(active, narrowing, shift, narrow)
    # A few tokens are ten times as large as the rest behind GELU: each is brought to the same size, rounded
    # together with the others, and given its size again.
    axis, least = (
        graph.constant("last-axis", np.array([-1])),
        graph.constant("least", np.array(_LEAST_GELU, dtype=np.float32)),
    )
    peak = graph.add("ReduceMax", [active, axis], f"{narrow}.peak", keepdims=1)
    size = graph.add("Max", [peak, least], f"{narrow}.size")
    even = graph.add("Mul", [active, graph.add("Reciprocal", [size], f"{narrow}.inverse")], f"{narrow}.even")
    product = graph.linear(even, narrowing, None, f"{narrow}.product")
    sized = graph.add("Mul", [product, size], f"{narrow}.sized")
    return graph.add("Add", [sized, graph.constant(f"{narrow}.bias", shift)], narrow)


def _norm(graph: _Graph, weights: Mapping[str, Floats], model: ModelFolder, summed: tuple[str, str], name: str) -> str:
    total = graph.add("Add", summed, f"{name}.sum")
    gain = graph.constant(f"{name}.gain", weights[f"{name}.weight"])
    shift = graph.constant(f"{name}.shift", weights[f"{name}.bias"])
    epsilon = model.layer_norm_epsilon
    return graph.add("LayerNormalization", [total, gain, shift], name, axis=-1, epsilon=epsilon)


def _relief(weights: Mapping[str, Floats], norm: str) -> Floats:
    return channel_relief(weights[f"{norm}.weight"], weights[f"{norm}.bias"])
