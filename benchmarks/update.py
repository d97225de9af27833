"""One post changed among ten thousand: what is encoded, and how the time compares with the full build.

Usage: python -m benchmarks.update [--shared ../shared] [--posts 10000] [--repeat 5] [--json FILE]

The posts are drawn from the sentences of XQuAD-en's paragraphs, three each; the encoder is the default one. The
full build is measured once; then a post is changed and the corpus built again, several times over.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import index
from benchmarks.machine import machine_facts
from index.records import BuildReport

_RESULTS = Path("benchmarks/results/update.json")
Post = dict[str, str]


def drawn_posts(shared: Path, count: int) -> list[Post]:
    """Posts of three sentences each, the same at every run."""
    lines = (shared / "data/xquad-en/corpus.jsonl").read_text(encoding="utf-8").splitlines()
    sentences = [one for line in lines for one in re.split(r"(?<=[.!?])\s+", json.loads(line)["text"])]
    chance = random.Random(1)  # noqa: S311  # a draw that repeats, not a secret
    return [
        {
            "id": f"post-{number}",
            "title": f"Note {number}: {chance.choice(sentences)[:40]}",
            "text": " ".join(chance.choice(sentences) for _ in range(3)),
        }
        for number in range(count)
    ]


def timed_build(posts: list[Post], folder: Path) -> tuple[float, BuildReport]:
    """Seconds of a build, and its report."""
    source = folder / "posts.jsonl"
    source.write_text("".join(f"{json.dumps(post)}\n" for post in posts), encoding="utf-8")
    started = time.perf_counter()
    report = index.build([source], folder / "index")
    return time.perf_counter() - started, report


def measured(posts: list[Post], repeat: int) -> dict[str, Any]:
    """The full build once, and an update of one post several times."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        full, first = timed_build(posts, folder)
        updates, encoded = [], []
        for number in range(repeat):
            changed = posts[number * 997 % len(posts)]
            changed["text"] = f"This is what changed at {number}. {changed['text']}"
            seconds, report = timed_build(posts, folder)
            updates.append(seconds)
            encoded.append(report.encoded)
    return {
        "posts": len(posts),
        "chunks": first.chunks,
        "full build, s": full,
        "update of one post, s": updates,
        "update, median s": statistics.median(updates),
        "chunks encoded at each update": encoded,
        "update as a share of the full build": statistics.median(updates) / full,
    }


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    options = parser.parse_args()
    figures = {"machine": machine_facts(), **measured(drawn_posts(options.shared, options.posts), options.repeat)}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
