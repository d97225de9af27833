"""The 8-bit encoder compared with the float one: quality, speed, and the limit of the machine.

Usage: python -m benchmarks.encoder [--shared ../shared] [--step 1] [--runs 5] [--json FILE]

Speed is measured in separate processes, the two backends in turn; medians of the runs.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.encoder_limit import batching, by_operator, layer_norms, matrix_limit
from benchmarks.encoder_quality import Figures, TestSet, compared, encodables, test_sets, without_each
from benchmarks.machine import machine_facts
from index.encoders.installed.loading import DEFAULT_WEIGHTS, default_model_folder, load_encoder
from index.encoders.late_chunking import encoder_input
from index.encoders.onnx.cache import cached_export
from index.encoders.onnx.export_format import FACTS_FILE, MODEL_FILE, export_key
from index.encoders.onnx.model_config import read_model_folder
from index.encoders.protocol import FLOAT, INT8

_RESULTS = Path("benchmarks/results/encoder.json")
_PACKAGES = ("onnxruntime", "onnx", "tokenizers", "torch", "transformers", "sentence-transformers", "numpy")
_PASSAGES = 192
_MAX_LOSS, _MIN_OVERLAP = 0.005, 0.95


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--step", type=int, default=1, help="ask every n-th question of XQuAD")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sets = test_sets(arguments.shared, Path(folder), arguments.step)
        english = sets[0]
        results: dict[str, Any] = {
            "machine": machine_facts(_PACKAGES),
            "quality": {corpus.name: compared(corpus) for corpus in sets},
            "without each measure": without_each(english, load_encoder(backend=FLOAT)),
            "speed": speed(english, Path(folder), arguments.runs),
        }
    results["limit"] = limit(english, results["speed"][INT8]["passages per second"])
    results["holds"] = holds(results["quality"])
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(_rounded(results), indent=1) + "\n", encoding="utf-8")
    print(json.dumps(_rounded(results), indent=1))


def holds(quality: dict[str, Figures]) -> dict[str, bool]:
    """Whether the 8-bit encoder is good enough to be the default."""
    return {
        "nDCG@10 loss at most 0.005": all(figures["nDCG@10 loss"] <= _MAX_LOSS for figures in quality.values()),
        "top-10 overlap at least 0.95": all(
            figures[name] >= _MIN_OVERLAP
            for figures in quality.values()
            for name in ("top-10 overlap, dense", "top-10 overlap, whole ranking")
        ),
    }


def speed(corpus: TestSet, folder: Path, runs: int) -> dict[str, Any]:
    """Medians over the runs of each backend, and the ratio of the two."""
    passages = encodables(corpus.indexes[INT8])
    read = [{"context": p.context, "text": p.text, "sentences": p.sentences} for p in passages[:_PASSAGES]]
    texts = {"passages": read, "questions": [question.question for question in corpus.questions[:100]]}
    file = folder / "texts.json"
    file.write_text(json.dumps(texts), encoding="utf-8")
    measured: dict[str, list[dict[str, float]]] = {FLOAT: [], INT8: []}
    for _ in range(runs):
        for backend, rows in measured.items():
            rows.append(_worker(backend, file))
    medians = {backend: _medians(rows) for backend, rows in measured.items()}
    ratios = {
        "passages per second": medians[INT8]["passages per second"] / medians[FLOAT]["passages per second"],
        "question ms": medians[FLOAT]["question ms"] / medians[INT8]["question ms"],
        "memory MB after questions": medians[INT8]["memory MB after questions"]
        / medians[FLOAT]["memory MB after questions"],
    }
    return {**medians, "runs": runs, "passages": len(read), "int8 against float": ratios}


def limit(corpus: TestSet, measured: float) -> dict[str, Any]:
    """The machine's limit, the share of it that is reached, and the time by operator."""
    model = read_model_folder(default_model_folder())
    encoder = load_encoder(backend=INT8)
    texts = [encoder_input("", passage).text for passage in encodables(corpus.indexes[INT8])[:_PASSAGES]]
    ids = [encoder._tokenizer.encode(text).ids[: model.token_limit] for text in texts]  # type: ignore[attr-defined]
    tokens = round(statistics.mean(len(each) for each in ids))
    with cached_export(export_key(model, DEFAULT_WEIGHTS), _exported_before) as folder:
        peak = matrix_limit(tokens, model.layers)
        return {
            **peak,
            "share of the limit": measured / peak["passages per second at most"],
            "ms a passage by operator, one thread": by_operator(folder / MODEL_FILE, ids),
            "texts of 128 tokens per second": batching(folder / MODEL_FILE),
            "layer norm with its residual, microseconds": layer_norms(tokens),
            "operators": json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))["operators"],
        }


def _exported_before(_: Path) -> None:
    raise AssertionError("loading the encoder has exported it")


def _worker(backend: str, texts: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.encoder_worker", backend, str(texts)]
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _medians(rows: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, float):
        return float(f"{value:.4g}")
    return value


if __name__ == "__main__":
    main()
