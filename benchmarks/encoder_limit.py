"""How near the encoder comes to the processor's limit for 8-bit matrix products, and what takes the rest."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from index.encoders.onnx.cpu import usable_cores
from index.encoders.onnx.export_format import INPUT, OUTPUT
from index.encoders.onnx.session import open_session

_MICROSOFT = "com.microsoft"
_GROUPS = {
    "DynamicQuantizeMatMul": "matrix products, with rounding of their inputs",
    "MultiHeadAttention": "attention between tokens",
    "FastGelu": "GELU",
    "LayerNormalization": "layer norm",
    "Split": "attention between tokens",
    "Add": "sums and scaling",
    "Mul": "sums and scaling",
    "Max": "sums and scaling",
    "ReduceMax": "sums and scaling",
    "Reciprocal": "sums and scaling",
}


def shapes(hidden: int, inner: int) -> dict[tuple[int, int], int]:
    """The matrices (inputs, outputs) of one layer and how often each is used."""
    return {(hidden, 3 * hidden): 1, (hidden, hidden): 1, (hidden, inner): 1, (inner, hidden): 1}


def matrix_limit(tokens: int, layers: int, hidden: int = 384, inner: int = 1_536) -> dict[str, float]:
    """Passages a second with the integer products alone, on all cores at once."""
    seconds, rounding, operations = 0.0, 0.0, 0
    for (inputs, outputs), times in shapes(hidden, inner).items():
        product, rounded = _product_model(inputs, outputs), _rounding_model(inputs)
        bytes_ = np.random.default_rng(0).integers(256, size=(tokens, inputs)).astype(np.uint8)
        floats = np.random.default_rng(0).normal(size=(tokens, inputs)).astype(np.float32)
        seconds += times * layers * _all_cores(product, {"x": bytes_})
        rounding += times * layers * _all_cores(rounded, {"x": floats})
        operations += times * layers * 2 * tokens * inputs * outputs
    cores = usable_cores()
    return {
        "tokens a passage": tokens,
        "integer operations a passage": operations,
        "bare products, GOPS on all cores": cores * operations / seconds / 1e9,
        "bare products, ms a passage": seconds * 1000,
        "rounding of inputs, ms a passage": rounding * 1000,
        "passages per second at most": cores / seconds,
    }


def by_operator(model: Path, ids: Sequence[list[int]]) -> dict[str, float]:
    """Milliseconds a passage in each group of operators, on one thread, as ONNX Runtime's profiler counts them."""
    with tempfile.TemporaryDirectory() as folder:
        session = open_session(model, profile=f"{folder}/profile")
        for text in ids:
            session.run([OUTPUT], {INPUT: np.array([text])})
        events = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    spent: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("kernel_time"):
            spent[_GROUPS.get(event["args"]["op_name"], "the rest")] += event["dur"]
    return {name: microseconds / 1000 / len(ids) for name, microseconds in spent.most_common()}


def batching(model: Path, tokens: int = 128, texts: int = 96) -> dict[str, float]:
    """Texts of one length a second: alone or in batches, one thread each, as many at once as there are cores."""
    session = open_session(model)
    ids = np.random.default_rng(0).integers(1_000, 20_000, size=(texts, tokens))
    speeds = {}
    for size in (1, 4, 16):
        batches = [ids[at : at + size] for at in range(0, texts, size)]
        with ThreadPoolExecutor(usable_cores()) as pool:
            run = lambda batch: session.run([OUTPUT], {INPUT: batch})  # noqa: E731  # one line, used on the next
            speeds[f"batches of {size}"] = texts / _best(lambda: list(pool.map(run, batches)), 3)  # noqa: B023
    return speeds


def layer_norms(tokens: int, hidden: int = 384) -> dict[str, float]:
    """Microseconds of one layer norm with its residual: in one operator, and as a sum and a layer norm."""
    draw = np.random.default_rng(0)
    feed = {name: draw.normal(size=(1, tokens, hidden)).astype(np.float32) for name in ("x", "skip")}
    fused = [helper.make_node("SkipLayerNormalization", ["x", "skip", "gain", "shift"], ["y"], domain=_MICROSOFT)]
    plain = [
        helper.make_node("Add", ["x", "skip"], ["sum"]),
        helper.make_node("LayerNormalization", ["sum", "gain", "shift"], ["y"]),
    ]
    weights = {"gain": np.ones(hidden, np.float32), "shift": np.zeros(hidden, np.float32)}
    nodes = {"SkipLayerNormalization": fused, "Add and LayerNormalization": plain}
    times = {}
    for name, each in nodes.items():
        session = _session(each, dict.fromkeys(feed, TensorProto.FLOAT), weights)
        times[name] = _best(lambda: session.run(None, feed), 200) * 1e6  # noqa: B023
    return times


def _product_model(inputs: int, outputs: int) -> Any:
    weights = np.random.default_rng(1).integers(-63, 64, size=(inputs, outputs)).astype(np.int8)
    node = helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    return _session([node], {"x": TensorProto.UINT8}, {"w": weights})


def _rounding_model(inputs: int) -> Any:
    node = helper.make_node("DynamicQuantizeLinear", ["x"], ["y", "scale", "zero"])
    return _session([node], {"x": TensorProto.FLOAT}, {})


def _session(nodes: Sequence[Any], inputs: dict[str, int], weights: dict[str, Any]) -> Any:
    arguments = [helper.make_tensor_value_info(name, kind, None) for name, kind in inputs.items()]
    results = [helper.make_empty_tensor_value_info("y")]
    constants = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(list(nodes), "bare", arguments, results, constants)
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_MICROSOFT, 1)]
    return open_session(helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString())


def _all_cores(session: Any, feed: dict[str, Any]) -> float:
    """Seconds of one run while every core runs the same."""
    turns = 20

    def run(_: int) -> None:
        for _turn in range(turns):
            session.run(None, feed)

    with ThreadPoolExecutor(usable_cores()) as pool:
        return _best(lambda: list(pool.map(run, range(usable_cores()))), 5) / turns


def _best(run: Callable[[], object], times: int) -> float:
    """Seconds of the fastest of several runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begun)
    return min(taken)
