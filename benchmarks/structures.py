"""Why large corpora get the structure they get: FAISS's structures side by side, and what the large form costs.

Usage: python -m benchmarks.structures [--shared ../shared] [--vectors 100000] [--json FILE] [--render]

First part: vectors of `benchmarks.scale_vectors`; of each structure the seconds to fill it, its bytes (the table
of the vectors, which is there in any case, not counted), milliseconds of a search on one thread and recall@10 with
the best 300 scored again from the table. Second part: XQuAD-en asked with every vector compared, and in the form
of a large corpus: an inverted file over the passages, sentences scored but not searched.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import faiss
import numpy as np

import index
from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, markdown, write_section
from benchmarks.scale import real_vectors
from benchmarks.scale_vectors import VectorMaker
from index.encoders.protocol import Vectors
from index.search.faiss_store import factory
from index.settings import BuildSettings, VectorSettings
from qa.assistant import Assistant
from qa.evaluation.gold import read_gold
from qa.evaluation.runner import evaluate

_RESULTS = Path("benchmarks/results/structures.json")
_ASKED = 200
_RESCORED = VectorSettings().rescored
_LOOKED_INTO = VectorSettings().probed
_SHOWN = ("post recall@1", "post nDCG@10", "answer@1", "answer@3")


def structures(count: int, dimension: int) -> dict[str, str]:
    """FAISS's factory string of each structure, by what it is."""
    ours = factory(count, dimension)
    lists = ours.split(",")[0]
    return {
        "exact": "Flat",
        "graph": "HNSW32",
        "exact, 8 bits a value": "SQ8",
        "inverted file": f"{lists},Flat",
        "inverted file, 8 bits a value": f"{lists},SQ8",
        "inverted file, 1 bit a value": f"{lists},RaBitQ",
        "inverted file, product codes (used)": ours,
    }


def compared(name: str, vectors: Vectors, asked: Vectors, exact: list[set[int]]) -> dict[str, float | str]:
    """One structure's figures."""
    begun = time.perf_counter()
    made = faiss.index_factory(vectors.shape[1], name, faiss.METRIC_INNER_PRODUCT)
    made.train(vectors[:: max(1, len(vectors) // 65_536)])
    made.add(vectors)
    filled = time.perf_counter() - begun
    if "IVF" in name:
        inverted = faiss.extract_index_ivf(made)
        inverted.nprobe = max(1, round(_LOOKED_INTO * inverted.nlist))
    elif "HNSW" in name:
        faiss.downcast_index(made).hnsw.efSearch = _RESCORED
    faiss.omp_set_num_threads(1)
    milliseconds, shares = [], []
    for question, best in zip(asked, exact, strict=True):
        begun = time.perf_counter()
        rows = made.search(question[None], _RESCORED)[1][0]
        rows = rows[rows >= 0]
        top = rows[np.argsort(-(vectors[rows] @ question))[:10]]
        milliseconds.append((time.perf_counter() - begun) * 1000)
        shares.append(len(best & set(top.tolist())) / 10)
    faiss.omp_set_num_threads(0)
    return {
        "structure": name,
        "filled in, s": filled,
        "MB": faiss.serialize_index(made).nbytes / 1e6,
        "search, median ms": statistics.median(milliseconds),
        "recall@10": float(np.mean(shares)),
    }


def large_form(shared: Path, place: Path) -> dict[str, dict[str, float]]:
    """XQuAD-en in the exact form and in the large one."""
    gold = read_gold(shared / "data/xquad-en/questions.jsonl")
    found = {}
    for name, settings in (("exact", VectorSettings()), ("large", VectorSettings(exact_up_to=1))):
        root = place / name
        index.build([shared / "data/xquad-en/corpus.jsonl"], root, settings=BuildSettings(vectors=settings))
        with Assistant(root) as assistant:
            measures = evaluate(assistant, gold).overall.measures
        found[name] = {shown: measures[shown].mean for shown in _SHOWN}
    return found


def measured(shared: Path, count: int, place: Path) -> dict[str, Any]:
    """Both parts."""
    maker, rng = VectorMaker(real_vectors(shared, place / "real")[0]), np.random.default_rng(3)
    vectors = maker.passages(np.arange(count) // 7, rng)
    near = vectors[rng.choice(count, _ASKED, replace=False)]
    asked = maker.questions(maker.sentences(near, rng), rng)
    exact = [set(np.argpartition(-(vectors @ question), 9)[:10].tolist()) for question in asked]
    rows = {}
    for about, name in structures(count, vectors.shape[1]).items():
        try:
            rows[about] = compared(name, vectors, asked, exact)
        except RuntimeError as error:  # a structure that this FAISS does not make
            rows[about] = {"structure": name, "cannot be made": str(error).splitlines()[0]}
    return {
        "machine": machine_facts(("faiss-cpu", "numpy")),
        "vectors": count,
        "looked into": _LOOKED_INTO,
        "rescored": _RESCORED,
        "structures": rows,
        "form": large_form(shared, place),
    }


def section(found: dict[str, Any]) -> str:
    """The figures as Markdown."""
    names = ("structure", "filled in, s", "MB", "search, median ms", "recall@10")
    rows = [["", *names]]
    for about, row in found["structures"].items():
        cells = (row.get(name, "–") for name in names)
        rows.append([about, *(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells)])
    form = found["form"]
    forms = [["XQuAD-en", *form], *([name, *(f"{row[name]:.3f}" for row in form.values())] for name in _SHOWN)]
    return "\n\n".join(
        [
            f"`python -m benchmarks.structures`, {found['vectors']:,} made vectors of {_ASKED} questions' "
            f"neighbourhoods, on one thread; {found['looked into']:.0%} of an inverted file's lists are looked into, "
            f"and the best {found['rescored']} are scored again from the table.",
            markdown(rows),
            "What the large form costs in answers, every vector of XQuAD-en compared or not:",
            markdown(forms),
        ]
    )


def main() -> None:
    """Measure, keep the figures, and write them into docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        with tempfile.TemporaryDirectory() as place:
            found = measured(options.shared, options.vectors, Path(place))
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    found = json.loads(options.json.read_text(encoding="utf-8"))
    write_section(PERFORMANCE, "structures", "Structures for many vectors", section(found))
    print(section(found))


if __name__ == "__main__":
    main()
