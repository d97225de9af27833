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

from index.encoders.onnx.export_format import INPUT, OUTPUT
from index.encoders.onnx.model_config import ModelFolder
from index.encoders.onnx.quantize import Floats, channel_relief, quantised_columns, quantised_rows

_MICROSOFT = "com.microsoft"  # the operators that ONNX Runtime adds to ONNX's
_OPSET, _IR = 20, 9
_LEAST_GELU = 0.17  # GELU never falls below minus this


class _Graph:
    """Nodes and constants in the order they are added; every value goes by the name of the node that makes it."""

    def __init__(self, reach: Reach | None) -> None:
        self.reach = reach
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
        if self.reach is None:
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

    def relieved(self, x: str, weights: Floats, name: str) -> tuple[str, Floats]:
        """Large channels made small and their weights large: the same product, in finer steps."""
        if self.reach is None:
            return x, weights
        relief = channel_relief(self.reach[x])
        small = self.add("Mul", [x, self.constant(f"{name}.relief", 1 / relief)], f"{name}.relieved")
        return small, np.asarray(weights * relief[:, None])

    def model(self, hidden: int, outputs: Sequence[str]) -> ModelProto:
        """The finished model: token ids (texts, tokens) to token vectors (texts, tokens, hidden)."""
        ids = helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["texts", "tokens"])
        sizes = ("texts", "tokens", hidden)
        vectors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes) for name in outputs]
        graph = helper.make_graph(self.nodes, "encoder", [ids], vectors, list(self._constants.values()))
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="postqa")


Reach = Mapping[str, Floats]
"""By the names of layer norms, the largest absolute value of each channel behind them."""


def bert_graph(weights: Mapping[str, Floats], model: ModelFolder, reach: Reach | None) -> ModelProto:
    """The whole graph. Texts of one length at a time and no mask: padding would cost and change the rounding.

    Args:
        weights: By BertModel's own names, without a prefix.
        reach: For 8-bit integers; None gives the graph in floating point, exactly as trained, with the layer
            norms before matrix products as further outputs: what their reach is measured on.

    Raises:
        KeyError: A weight is not there.
    """
    graph = _Graph(reach)
    x = _embeddings(graph, weights, model)
    norms = []
    for layer in range(model.layers):
        prefix = f"encoder.layer.{layer}"
        attended = _attention(graph, weights, model, x, prefix)
        between = _norm(graph, weights, model, (attended, x), f"{prefix}.attention.output.LayerNorm")
        fed = _feed_forward(graph, weights, between, prefix)
        norms += [x, between]
        x = _norm(graph, weights, model, (fed, between), f"{prefix}.output.LayerNorm")
    graph.nodes[-1].output[0] = OUTPUT
    outputs = [OUTPUT] if reach is not None else [OUTPUT, *norms]
    return graph.model(weights["embeddings.LayerNorm.bias"].shape[0], outputs)


def operators(model: ModelProto) -> dict[str, int]:
    """How often each operator stands in a graph."""
    return dict(sorted(Counter(node.op_type for node in model.graph.node).items()))


def fused_operators(layers: int) -> dict[str, int]:
    """The fused operators that a quantised graph of so many layers must have."""
    return {
        "DynamicQuantizeMatMul": 4 * layers,
        "FastGelu": layers,
        "LayerNormalization": 2 * layers + 1,
        "MultiHeadAttention": layers,
    }


def _embeddings(graph: _Graph, weights: Mapping[str, Floats], model: ModelFolder) -> str:
    table = weights["embeddings.word_embeddings.weight"]
    if graph.reach is not None:
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


def _attention(graph: _Graph, weights: Mapping[str, Floats], model: ModelFolder, x: str, prefix: str) -> str:
    own = f"{prefix}.attention.self"
    parts = ("query", "key", "value")
    together = np.concatenate([weights[f"{own}.{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([weights[f"{own}.{part}.bias"] for part in parts])
    x, together = graph.relieved(x, together, own)
    all_three = graph.linear(x, together, bias, own)
    split = [f"{own}.{part}" for part in parts]
    graph.nodes.append(helper.make_node("Split", [all_three], split, name=f"{own}.split", axis=-1, num_outputs=3))
    attended = graph.add("MultiHeadAttention", split, f"{own}.attended", _MICROSOFT, num_heads=model.heads)
    out = f"{prefix}.attention.output.dense"
    return graph.linear(attended, weights[f"{out}.weight"].T, weights[f"{out}.bias"], out)


def _feed_forward(graph: _Graph, weights: Mapping[str, Floats], x: str, prefix: str) -> str:
    wide, narrow = f"{prefix}.intermediate.dense", f"{prefix}.output.dense"
    x, widening = graph.relieved(x, weights[f"{wide}.weight"].T, wide)
    widened = graph.linear(x, widening, None, wide)
    bias = graph.constant(f"{wide}.bias", weights[f"{wide}.bias"])
    # Rounded to 8 bits, GELU by its tanh formula (Hendrycks and Gimpel 2016) is as good, and a third faster.
    gelu = "BiasGelu" if graph.reach is None else "FastGelu"
    active = graph.add(gelu, [widened, bias], f"{wide}.gelu", _MICROSOFT)
    narrowing, shift = weights[f"{narrow}.weight"].T, weights[f"{narrow}.bias"]
    if graph.reach is None:
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
