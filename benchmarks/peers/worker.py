"""One system in a process of its own.

Usage: python benchmarks/peers/worker.py SYSTEM PHASE MODEL CORPUS QUESTIONS FOLDER

Phases: `build` indexes the corpus, `start` opens the index and prints what one question finds, `ask` asks all
questions. The last line of the output is JSON; what it says of memory is in megabytes (10^6).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from systems import SYSTEMS  # type: ignore[import-not-found]  # beside this file, for interpreters without the project

_K = 8  # as many passages as an answer of this project carries


def read(path: str) -> list[dict[str, Any]]:
    """The lines of a JSON Lines file."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line.strip()]


def build(system: Any, corpus: str, folder: Path) -> dict[str, Any]:
    """Index the corpus; seconds without loading the models, of the encoder and of what tells languages apart."""
    rows = [{"id": row["id"], "title": row.get("title", row["id"]), "text": row["text"]} for row in read(corpus)]
    system.load_to_build()
    begun = time.perf_counter()
    system.build(rows, folder)
    return {"passages": len(rows), "seconds": time.perf_counter() - begun, "versions": system.describe()}


def ask(system: Any, questions: str, folder: Path) -> dict[str, Any]:
    """Ask every question one after the other."""
    system.load()
    system.open(folder)
    rows = read(questions)
    system.search(rows[0]["question"], _K)
    milliseconds, found = [], []
    for row in rows:
        begun = time.perf_counter()
        found.append(system.search(row["question"], _K))
        milliseconds.append((time.perf_counter() - begun) * 1000)
    return {"milliseconds": milliseconds, "found": found}


def start(system: Any, questions: str, folder: Path) -> dict[str, Any]:
    """From nothing to what one question finds."""
    system.load()
    system.open(folder)
    return {"found": system.search(read(questions)[0]["question"], _K)}


def main() -> None:
    """Run one phase and print what it measured."""
    name, phase, model, corpus, questions, folder = sys.argv[1:7]
    system = SYSTEMS[name](model)
    where = Path(folder)
    if phase == "build":
        measured = build(system, corpus, where)
    else:
        measured = {"ask": ask, "start": start}[phase](system, questions, where)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    sys.stdout.write("\n" + json.dumps({**measured, "peak megabytes": peak}) + "\n")


if __name__ == "__main__":
    main()
