"""How true the map is to the vectors, how long computing it takes, and how far points move when the corpus changes.

Usage: python -m benchmarks.projection [--shared ../shared] [--sizes 1000,10000,100000] [--json FILE] [--render]

XQuAD-en's vectors, and vectors of `benchmarks.scale_vectors` at each size. Of a thousand passages: which share of the
10 nearest by vector is among the 30 nearest on the map, and which share of the 10 nearest on the map is of the same
post, against the 10 nearest by vector; chance is what points strewn at random would have. Moved is how far the
passages that stay move, as a share of the map's width, when one in a hundred is another one.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, markdown, write_section
from benchmarks.scale import real_vectors
from benchmarks.scale_vectors import VectorMaker
from index.building.reuse import KEY_BYTES
from index.encoders.protocol import Vectors
from index.search.anchors import Keys
from index.search.projection import Projection
from index.search.tsne import Points
from index.search.vectors import map_table, new_table
from index.settings import VectorSettings

_RESULTS = Path("benchmarks/results/projection.json")
_ASKED = 1_000
_BY_VECTOR, _ON_MAP = 10, 30
_PASSAGES_A_POST = 7
_EXCHANGED = 0.01
_FIGURES = (
    "computing, s", "of the 10 nearest among 30 on the map", "the same by chance", "of the same post, on the map",
    "of the same post, by vector", "of the same post, by chance", "moved, median", "moved, 90%",
)  # fmt: skip

Rows = npt.NDArray[np.int64]


def computed(
    place: Path, keys: Keys, vectors: Vectors, before: tuple[Projection, Keys] | None = None
) -> tuple[Projection, float]:
    """A map in a folder of its own, and the seconds it took."""
    place.mkdir(parents=True)
    new_table(place / "table.npy", len(vectors), vectors.shape[1], VectorSettings(exact_up_to=1))[:] = vectors
    table = map_table(place / "table.npy")
    started = time.perf_counter()
    Projection.compute(keys, table, before).save(place)
    return Projection.open(place, table), time.perf_counter() - started


def nearest(rows: Vectors | Points, asked: Rows, count: int, *, by_cosine: bool) -> Rows:
    """The rows nearest to each asked one, itself left out, shape (asked, count)."""
    rows_near = np.empty((len(asked), count), dtype=np.int64)
    for at, row in enumerate(asked):
        far = -(rows @ rows[row]) if by_cosine else ((rows - rows[row]) ** 2).sum(axis=1)
        far[row] = np.inf
        rows_near[at] = np.argpartition(far, count - 1)[:count]
    return rows_near


def faithful(vectors: Vectors, points: Points, posts: Rows) -> dict[str, float]:
    """What the map keeps of the vectors' neighbourhoods."""
    count = len(vectors)
    asked = np.random.default_rng(5).choice(count, min(_ASKED, count), replace=False)
    by_vector = nearest(vectors, asked, _BY_VECTOR, by_cosine=True)
    on_map = nearest(points, asked, _ON_MAP, by_cosine=False)
    closest = nearest(points, asked, _BY_VECTOR, by_cosine=False)
    kept = [np.isin(exact, shown).mean() for exact, shown in zip(by_vector, on_map, strict=True)]
    own = posts[asked][:, None]
    siblings = np.bincount(posts)[posts[asked]] - 1
    return {
        "of the 10 nearest among 30 on the map": float(np.mean(kept)),
        "the same by chance": _ON_MAP / (count - 1),
        "of the same post, on the map": float((posts[closest] == own).mean()),
        "of the same post, by vector": float((posts[by_vector] == own).mean()),
        "of the same post, by chance": float(siblings.mean() / (count - 1)),
    }


def moved(place: Path, projection: Projection, keys: Keys, vectors: Vectors, others: Vectors) -> dict[str, float]:
    """How far the passages that stay have moved on the next generation's map, in its widths."""
    rng = np.random.default_rng(6)
    changed = rng.choice(len(keys), max(1, int(_EXCHANGED * len(keys))), replace=False)
    new_keys, new_vectors = keys.copy(), vectors.copy()
    new_keys[changed] = rng.integers(0, 256, size=(len(changed), KEY_BYTES), dtype=np.uint8)
    new_vectors[changed] = others[: len(changed)]
    again, _ = computed(place, new_keys, new_vectors, (projection, keys))
    stays = np.setdiff1d(np.arange(len(keys)), changed)
    far = np.linalg.norm(again.points[stays] - projection.points[stays], axis=1) / np.ptp(again.points, axis=0).max()
    return {"moved, median": float(np.median(far)), "moved, 90%": float(np.quantile(far, 0.9))}


def measured_on(place: Path, vectors: Vectors, posts: Rows, others: Vectors) -> dict[str, float]:
    """All figures of one corpus."""
    keys = np.random.default_rng(len(vectors)).integers(0, 256, size=(len(vectors), KEY_BYTES), dtype=np.uint8)
    projection, seconds = computed(place / "one", keys, vectors)
    figures = faithful(vectors, np.asarray(projection.points), posts)
    return {"computing, s": seconds, **figures, **moved(place / "two", projection, keys, vectors, others)}


def measured(shared: Path, sizes: list[int], place: Path) -> dict[str, Any]:
    """The real corpus, and every size of a made one."""
    real, _ = real_vectors(shared, place / "real")
    maker, rng = VectorMaker(real), np.random.default_rng(4)
    corpora = {"XQuAD-en": (real.passages, real.articles)}
    for size in sizes:
        posts = np.arange(size) // _PASSAGES_A_POST
        corpora[f"{size:,} chunks"] = (maker.passages(posts, rng), posts)
    figures = {}
    for at, (name, (vectors, posts)) in enumerate(corpora.items()):
        others = maker.passages(np.arange(len(vectors) // 50 + 10), rng)
        figures[name] = measured_on(place / str(at), vectors, posts, others)
        sys.stderr.write(f"{name}: {json.dumps(figures[name])}\n")
    return {"machine": machine_facts(("scikit-learn", "numpy")), "corpora": figures}


def section(figures: dict[str, Any]) -> str:
    """The figures as Markdown."""
    corpora, machine = figures["corpora"], figures["machine"]
    rows = [[name, *(_shown(row[name]) for row in corpora.values())] for name in _FIGURES]
    return "\n\n".join(
        [
            f"`python -m benchmarks.projection`, once, on {machine['cores']} cores of {machine['processor']} with a "
            f"load of {machine['load average'][0]:g}; vectors made but for XQuAD-en, of {_ASKED:,} passages at most. "
            f"Moved: how far passages that stay move, in widths of the map, when {_EXCHANGED:.0%} are others.",
            markdown([["", *corpora], *rows]),
        ]
    )


def _shown(value: float) -> str:
    return f"{value:.2f}" if value >= 1 else f"{value:.2g}"


def main() -> None:
    """Measure, keep the figures, and write them into docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        with tempfile.TemporaryDirectory() as place:
            figures = measured(options.shared, [int(size) for size in options.sizes.split(",")], Path(place))
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    figures = json.loads(options.json.read_text(encoding="utf-8"))
    write_section(PERFORMANCE, "projection", "The map", section(figures))
    print(section(figures))


if __name__ == "__main__":
    main()
