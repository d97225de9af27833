"""How soon the server ends when it is told to while pages are open.

Usage: python -m benchmarks.shutdown [--pages 10] [--repeat 5] [--json FILE]

A page is a client that has fetched the page and holds its heartbeat's stream open, as a browser does. The time is from
SIGTERM to the end of the process. The posts are the samples.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import tempfile
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import index
from benchmarks.browser import Running, running, until_listening
from benchmarks.machine import machine_facts
from benchmarks.page import write_section
from qa.cli.build_commands import sample_posts

_RESULTS = Path("benchmarks/results/shutdown.json")
_PAGE = Path("docs/operations.md")


def open_page(app: Running, name: str) -> HTTPConnection:
    """Fetch the page, then hold its heartbeat open; returns when the stream has begun."""
    connection = HTTPConnection(app.address.removeprefix("http://").rstrip("/"), timeout=60)
    connection.request("GET", "/")
    connection.getresponse().read()
    connection.request("GET", f"/gradio_api/heartbeat/{name}")
    connection.getresponse().readline()
    return connection


def seconds_to_end(app: Running, pages: int) -> float:
    """Seconds from SIGTERM to the end of the process, with so many pages open."""
    until_listening(app)
    with ExitStack() as stack:
        for page in range(pages):
            stack.enter_context(closing(open_page(app, f"page{page}")))
        begun = time.perf_counter()
        app.process.send_signal(signal.SIGTERM)
        app.process.wait(120)
        return time.perf_counter() - begun


def measured(pages: int, repeat: int) -> dict[str, Any]:
    """The times of some servers, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "index"
        index.build([sample_posts()], root)
        seconds = []
        for _ in range(repeat):
            with running(root) as app:
                seconds.append(seconds_to_end(app, pages))
    return {
        "machine": machine_facts(["gradio", "uvicorn"]),
        "pages": pages,
        "seconds": seconds,
        "median s": statistics.median(seconds),
    }


def section(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    return (
        f"`python -m benchmarks.shutdown`: with {results['pages']} pages open the server ends "
        f"{results['median s']:.2f} s after SIGTERM (median of {len(results['seconds'])}, at most "
        f"{max(results['seconds']):.2f} s; {results['machine']['cores']} cores of {results['machine']['processor']})."
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    options = parser.parse_args()
    results = measured(options.pages, options.repeat)
    options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_section(_PAGE, "shutdown", "Ending", section(results))
    print(section(results))


if __name__ == "__main__":
    main()
