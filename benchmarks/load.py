"""The server under load: many clients, a rebuild every minute, then far too many clients.

Usage: python -m benchmarks.load [--shared ../shared] [--minutes 10] [--chunks 100000] [--json FILE] [--render]

The corpus is that of `benchmarks.scale`; the server is `qa chat` in a process of its own, the rebuilds are
`qa build` with one post changed, the clients ask over HTTP as fast as they are answered. A lost answer is a request
that came back without one; an error is any status but 200. In the second part a client that is
turned away waits as long as Retry-After says.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import index
from benchmarks.browser import free_port
from benchmarks.machine import machine_facts
from benchmarks.page import markdown, write_section
from benchmarks.scale import build, real_vectors
from benchmarks.scale_vectors import VectorMaker
from index.storage.generation import current_number

_RESULTS = Path("benchmarks/results/load.json")
_PAGE = Path("docs/operations.md")
_QA = str(Path(sys.executable).with_name("qa"))
_CLIENTS = 8
_TOO_MANY = 64
_OVERLOAD_SECONDS = 60


@dataclass
class Replies:
    """What the clients received."""

    statuses: Counter[int] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    generations: set[int] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, status: int, seconds: float, generation: int | None) -> None:
        """Count a reply."""
        with self.lock:
            self.statuses[status] += 1
            if status == 200 and generation is not None:
                self.milliseconds.append(seconds * 1000)
                self.generations.add(generation)

    def figures(self) -> dict[str, Any]:
        """Counts and times."""
        return {
            "answers": self.statuses[200],
            "turned away": self.statuses[503] + self.statuses[429],
            "other statuses": {str(code): n for code, n in self.statuses.items() if code not in (200, 503, 429)},
            "lost": len(self.lost),
            "first lost": self.lost[:1],
            "median ms": statistics.median(self.milliseconds),
            "p95 ms": statistics.quantiles(self.milliseconds, n=20)[-1],
            "generations": len(self.generations),
        }


def client(port: int, questions: list[str], start: int, until: float, replies: Replies) -> None:
    """Ask one question after the other until the time is up."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    at = start
    while time.monotonic() < until:
        asked = json.dumps({"question": questions[at % len(questions)]}).encode()
        at += 1
        begun = time.perf_counter()
        try:
            connection.request("POST", "/v1/ask", asked, {"content-type": "application/json"})
            reply = connection.getresponse()
            data = json.loads(reply.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            replies.lost.append(f"{type(error).__name__}: {error}")
            connection.close()
            continue
        replies.answered(reply.status, time.perf_counter() - begun, data.get("generation"))
        if reply.status in (429, 503):
            time.sleep(float(reply.headers["retry-after"]))
    connection.close()


def asked_by(clients: int, seconds: float, port: int, questions: list[str]) -> Replies:
    """So many clients for so long."""
    replies, until = Replies(), time.monotonic() + seconds
    threads = [
        threading.Thread(target=client, args=(port, questions, number * 17, until, replies))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


@contextmanager
def serving(root: Path, port: int) -> Iterator[int]:
    """The server, ready; gives its process id."""
    server = subprocess.Popen(
        [_QA, "chat", "--index", str(root), "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "QA_QUESTIONS_PER_MINUTE": "0"},
    )  # fmt: skip
    try:
        _ready(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait(30)


def _ready(port: int) -> None:
    for _ in range(600):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


class Rebuilds(threading.Thread):
    """Changes a post and builds again, every so many seconds."""

    def __init__(self, posts: list[dict[str, str]], source: Path, root: Path, until: float, every: float) -> None:
        super().__init__()
        self.seconds: list[float] = []
        self.failed: list[str] = []
        self._posts, self._source, self._root, self._until, self._every = posts, source, root, until, every

    def run(self) -> None:
        """Until the time is up."""
        due = time.monotonic()
        while due < self._until:
            time.sleep(max(0.0, due - time.monotonic()))
            due = max(due + self._every, time.monotonic())
            changed = self._posts[len(self.seconds) * 997 % len(self._posts)]
            changed["text"] += f" This was added by rebuild {len(self.seconds)}."
            write(self._posts, self._source)
            begun = time.monotonic()
            done = subprocess.run(
                [_QA, "build", str(self._source), "--index", str(self._root)],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            self.seconds.append(time.monotonic() - begun)
            if done.returncode:
                self.failed.append(done.stderr)


class Memory(threading.Thread):
    """Samples a process every few seconds: its own memory, and all resident memory with mapped files."""

    def __init__(self, pid: int, until: float) -> None:
        super().__init__()
        self.samples: list[tuple[float, float, float]] = []
        self._pid, self._until = pid, until

    def run(self) -> None:
        """Until the time is up."""
        begun = time.monotonic()
        while time.monotonic() < self._until:
            self.samples.append((time.monotonic() - begun, *self._sample()))
            if len(self.samples) % 15 == 0:
                sys.stderr.write(f"{self.samples[-1]}\n")
            time.sleep(2)

    def _sample(self) -> tuple[float, float]:
        lines = Path(f"/proc/{self._pid}/status").read_text(encoding="ascii").splitlines()
        fields = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("RssAnon", "VmRSS"))}
        return int(fields["RssAnon"]) / 1024, int(fields["VmRSS"]) / 1024

    def figures(self) -> dict[str, Any]:
        """The mean of each minute's samples: of the second minute, of the last, and the growth between them."""
        minutes = [[own for at, own, _ in self.samples if 60 * n <= at < 60 * (n + 1)] for n in range(60)]
        means = [statistics.fmean(samples) for samples in minutes if len(samples) > 5]
        return {
            "own, MB, in the second minute": means[1],
            "own, MB, in the last minute": means[-1],
            "growth": means[-1] / means[1] - 1,
            "own, MB, minute by minute": [round(mean, 1) for mean in means],
            "resident with mapped files, MB, most": max(resident for _, _, resident in self.samples),
        }


def write(posts: list[dict[str, str]], source: Path) -> None:
    """The posts as JSON Lines."""
    source.write_text("".join(f"{json.dumps(post)}\n" for post in posts), encoding="utf-8")


def measured(shared: Path, chunks: int, minutes: float, every: float, place: Path) -> dict[str, Any]:
    """Both parts."""
    root, source = place / "index", place / "posts.jsonl"
    real, words = real_vectors(shared, place / "real")
    build(root, chunks, VectorMaker(real), words)
    questions = np.load(root / "asked.npz")["texts"].tolist()
    opened = index.open(root)
    posts = [{"id": post.id, "title": post.title, "text": post.body, "language": "en"} for post in opened.posts()]
    opened.close()
    port = free_port()
    with serving(root, port) as pid:
        asked_by(_CLIENTS, 5, port, questions)
        until = time.monotonic() + 60 * minutes
        rebuilds, memory = Rebuilds(posts, source, root, until, every), Memory(pid, until)
        rebuilds.start()
        memory.start()
        long = asked_by(_CLIENTS, 60 * minutes, port, questions)
        rebuilds.join()
        memory.join()
        calm = asked_by(_CLIENTS, _OVERLOAD_SECONDS, port, questions)
        crowd = asked_by(_TOO_MANY, _OVERLOAD_SECONDS, port, questions)
    return {
        "machine": machine_facts(("faiss-cpu", "gradio", "uvicorn")),
        "chunks": chunks,
        "minutes": minutes,
        "clients": _CLIENTS,
        "long": long.figures(),
        "rebuilds": {
            "done": len(rebuilds.seconds),
            "failed": len(rebuilds.failed),
            "median s": statistics.median(rebuilds.seconds),
            "last generation": current_number(root),
        },
        "memory": memory.figures(),
        "calm": calm.figures(),
        "overload": {"clients": _TOO_MANY, **crowd.figures()},
        "overload median / calm median": crowd.figures()["median ms"] / calm.figures()["median ms"],
    }


def section(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    rows = [["", f"{results['minutes']:g} minutes, {results['clients']} clients, rebuilds", "calm", "overload"]]
    parts = [results["long"], results["calm"], results["overload"]]
    for name in ("answers", "turned away", "lost", "median ms", "p95 ms", "generations"):
        rows.append([name, *(f"{part[name]:,.0f}" for part in parts)])
    others = [", ".join(part["other statuses"]) or "none" for part in parts]
    rows.append(["other statuses", *others])
    rebuilds, memory = results["rebuilds"], results["memory"]
    return "\n\n".join(
        [
            f"Measured by `python -m benchmarks.load` on {results['machine']['cores']} cores of "
            f"{results['machine']['processor']}, {results['chunks']:,} chunks; calm are {results['clients']} clients, "
            f"overload {results['overload']['clients']}.",
            markdown(rows),
            f"{rebuilds['done']} rebuilds, {rebuilds['failed']} failed, {rebuilds['median s']:.0f} s each beside the "
            f"clients. Memory of the server's own: {memory['own, MB, in the second minute']:.0f} MB in the second "
            f"minute, {memory['own, MB, in the last minute']:.0f} MB in the last ({memory['growth']:+.1%}); at most "
            f"{memory['resident with mapped files, MB, most']:.0f} MB resident with the mapped files. Overloaded, an "
            f"answer's median takes {results['overload median / calm median']:.2f} times as long as calm.",
        ]
    )


def main() -> None:
    """Measure, keep the figures, and write them into docs/operations.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", type=float, default=60, help="seconds from one rebuild to the next")
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        with tempfile.TemporaryDirectory() as place:
            results = measured(options.shared, options.chunks, options.minutes, options.every, Path(place))
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = json.loads(options.json.read_text(encoding="utf-8"))
    write_section(_PAGE, "load", "Under load", section(results))
    print(section(results))


if __name__ == "__main__":
    main()
