"""Run every system in turn, several times over, and write what was measured.

Usage: python -m benchmarks.peers.run CORPUS QUESTIONS [--python PATH] [--repeat 5] [--json FILE] [--page FILE]

Systems run interleaved, each phase in a process of its own, so that the machine's moods meet all alike; medians
are reported. `--python` is an interpreter with the extra `peers`; systems it cannot import are named and left
out. CORPUS has lines with `id`, `title`, `text`; QUESTIONS is a gold set that names posts by id.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, markdown, write_section
from benchmarks.peers.systems import SYSTEMS
from index.encoders.installed.loading import default_model_folder
from qa.evaluation import metrics
from qa.evaluation.gold import read_gold

_WORKER = Path(__file__).with_name("worker.py")
_OURS = "postqa"
_PLAIN = "sentence-transformers + FAISS"
_ENVIRONMENT = {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
_RESULTS = Path("benchmarks/results/peers.json")
Measured = dict[str, list[dict[str, Any]]]


def worker(name: str, phase: str, python: str, arguments: Sequence[str]) -> dict[str, Any] | None:
    """What one phase of one system measured, with its wall time; None where it cannot run."""
    begun = time.perf_counter()
    done = subprocess.run(
        [python, str(_WORKER), name, phase, *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **_ENVIRONMENT},
    )  # fmt: skip
    if done.returncode != 0:
        sys.stderr.write(f"{name}, {phase}: {done.stderr.strip().splitlines()[-1:]}\n")
        return None
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return {**found, "wall seconds": time.perf_counter() - begun}


def cold_ask(folder: Path, question: str) -> dict[str, Any]:
    """This project's start as its users see it: the command `qa ask`, up to the printed answer."""
    begun = time.perf_counter()
    done = subprocess.run(
        [str(Path(sys.executable).with_name("qa")), "ask", question, "--index", str(folder / "postqa")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode not in {0, 1} or not done.stdout.strip():
        raise RuntimeError(f"qa ask failed: {done.stderr}")
    return {"wall seconds": time.perf_counter() - begun}


def measured(corpus: Path, questions: Path, python: str, repeat: int) -> Measured:
    """Every phase of every system, `repeat` times, one system after the other."""
    found: Measured = defaultdict(list)
    first = json.loads(questions.read_text(encoding="utf-8").splitlines()[0])["question"]
    with tempfile.TemporaryDirectory() as place:
        for _ in range(repeat):
            for name in SYSTEMS:
                folder = Path(place) / name.split()[0].strip(",")
                shutil.rmtree(folder, ignore_errors=True)  # what a build left would spare the next one its work
                folder.mkdir()
                interpreter = sys.executable if name == _OURS else python
                arguments = [str(default_model_folder()), str(corpus), str(questions), str(folder)]
                run: dict[str, Any] = {"build": worker(name, "build", interpreter, arguments)}
                if run["build"] is None:
                    continue
                run["start"] = (
                    cold_ask(folder, first) if name == _OURS else worker(name, "start", interpreter, arguments)
                )
                run["ask"] = worker(name, "ask", interpreter, arguments)
                found[name].append(run)
                sys.stderr.write(f"{name}: {_in_short(run)}\n")
    return found


def _in_short(run: dict[str, Any]) -> str:
    return (
        f"start {run['start']['wall seconds']:.2f} s, {run['build']['passages'] / run['build']['seconds']:.1f} "
        f"passages/s, question {statistics.median(run['ask']['milliseconds']):.2f} ms"
    )


def figures(runs: Sequence[dict[str, Any]], wanted: Sequence[Sequence[str]]) -> dict[str, float]:
    """Medians over a system's runs; quality from the first, for it does not vary."""
    gains = [
        [float(post in posts) for post in found] for found, posts in zip(runs[0]["ask"]["found"], wanted, strict=True)
    ]
    return {
        "cold start to answer, s": statistics.median(run["start"]["wall seconds"] for run in runs),
        "passages/s": statistics.median(run["build"]["passages"] / run["build"]["seconds"] for run in runs),
        "question median, ms": statistics.median(statistics.median(run["ask"]["milliseconds"]) for run in runs),
        "question p95, ms": statistics.median(_p95(run["ask"]["milliseconds"]) for run in runs),
        "peak memory of asking, MB": statistics.median(run["ask"]["peak megabytes"] for run in runs),
        "recall@1": statistics.fmean(metrics.recall_at(gain, 1, 1) for gain in gains),
        "nDCG@8": statistics.fmean(metrics.ndcg_at(gain, [1.0], 8) for gain in gains),
    }


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def ratios(systems: dict[str, dict[str, float]]) -> dict[str, float]:
    """This project against the plain pair, in the same run: more is better."""
    ours, plain = systems[_OURS], systems[_PLAIN]
    return {
        "start": plain["cold start to answer, s"] / ours["cold start to answer, s"],
        "passages/s": ours["passages/s"] / plain["passages/s"],
        "question": plain["question median, ms"] / ours["question median, ms"],
        "memory": plain["peak memory of asking, MB"] / ours["peak memory of asking, MB"],
    }


def table(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    systems: dict[str, dict[str, float]] = results["systems"]
    names = list(next(iter(systems.values())))
    rows = [[system, *(f"{row[name]:.3g}" for name in names)] for system, row in systems.items()]
    about = (
        f"Medians of {results['repeat']} interleaved runs on {results['machine']['cores']} cores of "
        f"{results['machine']['processor']}; {results['passages']} passages, {results['questions']} questions, "
        "the same weights everywhere. This project makes the whole answer, with sentence evidence, quotes and "
        "refusal; the others retrieve."
    )
    against = "; ".join(f"{name} {value:.1f} times" for name, value in results["ratios"].items())
    return "\n".join([about, "", markdown([["", *names], *rows]), "", f"postqa against {_PLAIN}: {against}.", ""])


def main() -> None:
    """Measure, print, and write the results and the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--python", default=sys.executable, help="an interpreter with the extra `peers`")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--page", type=Path, default=PERFORMANCE)
    options = parser.parse_args()
    runs = measured(options.corpus, options.questions, options.python, options.repeat)
    wanted = [question.post_ids for question in read_gold(options.questions).questions]
    systems = {name: figures(found, wanted) for name, found in runs.items()}
    results = {
        "machine": machine_facts(),
        "versions": {name: found[0]["build"]["versions"] for name, found in runs.items()},
        "repeat": options.repeat,
        "passages": runs[_OURS][0]["build"]["passages"],
        "questions": len(wanted),
        "systems": systems,
        "ratios": ratios(systems) if _PLAIN in systems else {},
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    text = table(results)
    write_section(options.page, "peers", "Beside others", text)
    print(text)


if __name__ == "__main__":
    main()
