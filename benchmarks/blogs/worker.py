"""Another system in a process of its own: `python -m benchmarks.blogs.worker PHASE SYSTEM MODEL FOLDER QUESTIONS`.

Phases: `build` indexes the folder's passages, `start` opens the index and asks one question, `ask` asks all. The last
line of the output is JSON; megabytes are 10^6 bytes.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.blogs.systems import ROWS, SYSTEMS, System, read_lines

_K = 8  # as many passages as an answer of this project carries


def build(system: System, folder: Path) -> dict[str, Any]:
    """Index the passages; the seconds are without loading the model."""
    rows = read_lines(folder / ROWS)
    system.load()
    begun = time.perf_counter()
    system.build(rows, folder)
    return {"passages": len(rows), "seconds": time.perf_counter() - begun}


def start(system: System, folder: Path, question: str) -> dict[str, Any]:
    """From nothing to what one question finds."""
    system.load()
    system.open(folder)
    return {"ranking": system.search(question, _K)}


def ask(system: System, folder: Path, questions: list[str]) -> dict[str, Any]:
    """Ask every question one after the other, the first one twice; then settle the rankings."""
    start(system, folder, questions[0])
    milliseconds, rankings = [], []
    for question in questions:
        begun = time.perf_counter()
        rankings.append(system.search(question, _K))
        milliseconds.append((time.perf_counter() - begun) * 1000)
    peak = peak_megabytes()
    settled = [system.settled(question, ids)[:_K] for question, ids in zip(questions, rankings, strict=True)]
    rows = [[int(one) for one in ids] for ids in settled]
    return {"milliseconds": milliseconds, "megabytes": peak, "rankings": rows, "versions": system.describe()}


def peak_megabytes() -> float:
    """The most memory of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> None:
    """Run one phase and print what it measured."""
    phase, name, model, place, gold = sys.argv[1:6]
    system, folder = SYSTEMS[name](model), Path(place)
    questions = [row["question"] for row in read_lines(Path(gold))]
    if phase == "build":
        measured = build(system, folder)
    else:
        measured = ask(system, folder, questions) if phase == "ask" else start(system, folder, questions[0])
    sys.stdout.write("\n" + json.dumps(measured) + "\n")


if __name__ == "__main__":
    main()
