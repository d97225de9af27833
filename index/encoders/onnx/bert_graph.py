"""BERT's layers as a fused ONNX graph, in 8-bit integers or in floating point.

Built from the weights by name: of torch's exporters the current one emits attention in a dozen operators that no
fuser puts together again, and the other is deprecated. What is fused was measured (benchmarks/encoder.py):
attention in one operator, GELU with its bias, each matrix product with its quantisation and bias. A layer norm
stays beside the sum before it: their fused operator (SkipLayerNormalization) takes three times as long on a CPU.
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
from index.encoders.onnx.quantize import Floats, quantised_columns, quantised_rows, smoothing_factors

Ranges = Mapping[str, Floats]
"""By the names of layer norms, the largest absolute value of each of their output channels."""

_MICROSOFT = "com.microsoft"  # the operators that ONNX Runtime adds to ONNX's
_OPSET, _IR = 20, 9
_GELU_BOUND = 0.17  # GELU is never below minus this


def bert_graph(weights: Mapping[str, Floats], model: ModelFolder, ranges: Ranges | None) -> ModelProto:
    """The whole graph: token ids (texts, tokens) to token vectors (texts, tokens, hidden).

    Texts have one length and no mask: padding would cost time and change the rounding.

    Args:
        weights: By BertModel's own names, without a prefix.
        ranges: For 8-bit integers; None gives the graph in floating point, exactly as trained, with the layer
            norms before matrix products as further outputs: what the ranges are measured on.

    Raises:
        KeyError: A weight is missing.
    """
    graph = _Graph(weights, model, ranges)
    x = graph.embeddings()
    norms = []
    for layer in range(model.layers):
        prefix = f"encoder.layer.{layer}"
        attended = graph.attention(x, prefix)
        between = graph.norm(attended, x, f"{prefix}.attention.output.LayerNorm")
        norms += [x, between]
        x = graph.norm(graph.feed_forward(between, prefix), between, f"{prefix}.output.LayerNorm")
    graph.nodes[-1].output[0] = OUTPUT
    return graph.finished([OUTPUT] if ranges is not None else [OUTPUT, *norms])


def operators(model: ModelProto) -> dict[str, int]:
    """How often each operator occurs in a graph."""
    return dict(sorted(Counter(node.op_type for node in model.graph.node).items()))


class _Graph:
    """Nodes and constants in the order they are added; a value has the name of the node that makes it."""

    def __init__(self, weights: Mapping[str, Floats], model: ModelFolder, ranges: Ranges | None) -> None:
        self.weights, self.model, self.ranges = weights, model, ranges
        self.nodes: list[NodeProto] = []
        self._constants: dict[str, TensorProto] = {}

    def embeddings(self) -> str:
        table = self.weights["embeddings.word_embeddings.weight"]
        if self.ranges is not None:
            integers, scales = quantised_rows(table)
            rounded = self._add("Gather", [self._constant("words", integers), INPUT], "words.rounded")
            scale = self._add("Gather", [self._constant("words.scales", scales), INPUT], "words.scale")
            floats = self._add("Cast", [rounded], "words.float", to=TensorProto.FLOAT)
            words = self._add("Mul", [floats, scale], "words.vectors")
        else:
            words = self._add("Gather", [self._constant("words", table), INPUT], "words.vectors")
        first = self.model.first_position
        positions = self.weights["embeddings.position_embeddings.weight"][first : first + self.model.token_limit]
        # Every token is of the first type: one text is read at a time, never a pair.
        typed = self._constant("positions", positions + self.weights["embeddings.token_type_embeddings.weight"][0])
        zero, axis = self._constant("zero", np.array([0])), self._constant("first-axis", np.array([0]))
        length = self._add("Shape", [INPUT], "length", start=1, end=2)
        return self.norm(
            words, self._add("Slice", [typed, zero, length, axis], "positions.here"), "embeddings.LayerNorm"
        )

    def attention(self, x: str, prefix: str) -> str:
        own, out = f"{prefix}.attention.self", f"{prefix}.attention.output.dense"
        parts = [f"{own}.{part}" for part in ("query", "key", "value")]
        columns = np.concatenate([self.weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        x, columns = self._smoothed(x, columns, own)
        joined = self._linear(x, columns, bias, own)
        self.nodes.append(helper.make_node("Split", [joined], parts, name=f"{own}.split", axis=-1, num_outputs=3))
        attended = self._add("MultiHeadAttention", parts, f"{own}.attended", _MICROSOFT, num_heads=self.model.heads)
        return self._linear(attended, self.weights[f"{out}.weight"].T, self.weights[f"{out}.bias"], out)

    def feed_forward(self, x: str, prefix: str) -> str:
        wide, narrow = f"{prefix}.intermediate.dense", f"{prefix}.output.dense"
        x, widening = self._smoothed(x, self.weights[f"{wide}.weight"].T, wide)
        widened = self._linear(x, widening, None, wide)
        inputs = [widened, self._constant(f"{wide}.bias", self.weights[f"{wide}.bias"])]
        # In 8 bits GELU by its tanh formula (Hendrycks and Gimpel 2016) is as good, and a third faster.
        active = self._add("BiasGelu" if self.ranges is None else "FastGelu", inputs, f"{wide}.gelu", _MICROSOFT)
        narrowing, bias = self.weights[f"{narrow}.weight"].T, self.weights[f"{narrow}.bias"]
        if self.ranges is None:
            return self._linear(active, narrowing, bias, narrow)
        # Behind GELU a few tokens are ten times as large as the rest: each is scaled to the same size, rounded
        # together with the others, and scaled back.
        axis = self._constant("last-axis", np.array([-1]))
        bound = self._constant("least", np.array(_GELU_BOUND, dtype=np.float32))
        peak = self._add("ReduceMax", [active, axis], f"{narrow}.peak", keepdims=1)
        size = self._add("Max", [peak, bound], f"{narrow}.size")
        even = self._add("Mul", [active, self._add("Reciprocal", [size], f"{narrow}.inverse")], f"{narrow}.even")
        product = self._linear(even, narrowing, None, f"{narrow}.product")
        sized = self._add("Mul", [product, size], f"{narrow}.sized")
        return self._add("Add", [sized, self._constant(f"{narrow}.bias", bias)], narrow)

    def norm(self, x: str, y: str, name: str) -> str:
        """The layer norm of a sum."""
        total = self._add("Add", [x, y], f"{name}.sum")
        gain = self._constant(f"{name}.gain", self.weights[f"{name}.weight"])
        bias = self._constant(f"{name}.shift", self.weights[f"{name}.bias"])
        return self._add(
            "LayerNormalization", [total, gain, bias], name, axis=-1, epsilon=self.model.layer_norm_epsilon
        )

    def finished(self, outputs: Sequence[str]) -> ModelProto:
        ids = helper.make_tensor_value_info(INPUT, TensorProto.INT64, ["texts", "tokens"])
        sizes = ("texts", "tokens", len(self.weights["embeddings.LayerNorm.bias"]))
        vectors = [helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes) for name in outputs]
        graph = helper.make_graph(self.nodes, "encoder", [ids], vectors, list(self._constants.values()))
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="postqa")

    def _constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def _add(self, operator: str, inputs: Sequence[str], name: str, domain: str = "", **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def _linear(self, x: str, weights: Floats, bias: Floats | None, name: str) -> str:
        """A matrix product, weights (inputs, outputs); in integers each input is rounded to 8 bits as a whole."""
        biases = [] if bias is None else [self._constant(f"{name}.bias", bias)]
        if self.ranges is None:
            product = self._add("MatMul", [x, self._constant(f"{name}.weights", weights)], f"{name}.product")
            return self._add("Add", [product, *biases], name) if biases else product
        integers, scales = quantised_columns(weights)
        columns = self._constant(f"{name}.weights", integers), self._constant(f"{name}.scales", scales)
        zero = self._constant(f"{name}.zero", np.zeros(len(scales), dtype=np.int8))
        return self._add("DynamicQuantizeMatMul", [x, *columns, zero, *biases], name, _MICROSOFT)

    def _smoothed(self, x: str, weights: Floats, name: str) -> tuple[str, Floats]:
        """Large channels made small and their weights large: the same product, in finer steps."""
        if self.ranges is None:
            return x, weights
        factors = smoothing_factors(self.ranges[x])
        small = self._add("Mul", [x, self._constant(f"{name}.relief", 1 / factors)], f"{name}.relieved")
        return small, np.asarray(weights * factors[:, None])
