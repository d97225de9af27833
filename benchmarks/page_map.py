"""The page over a large corpus, in a real browser: the map's first paint, a frame while it moves, and finding posts.

Usage: python -m benchmarks.page_map [--shared ../shared] [--chunks 100000] [--json FILE] [--render]

The corpus is that of `benchmarks.scale`; the browser is Debian's chromium without a window and without a graphics
processor, at 1280 by 900. First paint is from the click on the tab to the points on the canvas, the fetch included;
a frame is the time the page's own code takes to draw every point again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from selenium.webdriver.common.by import By

from benchmarks.browser import browser, free_port, until
from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, markdown, write_section
from benchmarks.scale import build, real_vectors
from benchmarks.scale_vectors import VectorMaker
from qa.assistant import Assistant

_RESULTS = Path("benchmarks/results/page-map.json")
_FIRST = """const done = arguments[0], begun = performance.now();
document.getElementById("pq-tab-map-button").click();
const look = () => document.querySelector("pq-map")?.dataset.points ? done(performance.now() - begun)
  : requestAnimationFrame(look);
look();"""
_FRAMES = """const [factor, done] = arguments, map = document.querySelector("pq-map"), spent = [];
map.plane.view = map.plane.zoomed(factor);
const step = () => {
  if (spent.length === 60) return done(spent);
  map.pan(spent.length % 2 ? 9 : -9, 4);
  requestAnimationFrame(() => requestAnimationFrame(() => { spent.push(Number(map.dataset.frame)); step(); }));
};
step();"""
_PICKS = """const { plane } = document.querySelector("pq-map"), begun = performance.now();
plane.showAll();
for (let n = 0; n < 2000; n += 1) plane.nearest(plane.size[0] * (n % 40) / 40, plane.size[1] * (n / 2000), 12);
return (performance.now() - begun) / 2000;"""
_WORDS = ("note", "of the", "term12", "note 77")


def in_browser(address: str) -> dict[str, float]:
    """Times that a reader of the page waits."""
    driver = browser()
    driver.set_script_timeout(120)
    try:
        driver.get(address)
        until(driver, lambda: driver.find_elements(By.ID, "pq-tab-map-button"))
        time.sleep(2)  # the page's own start is not measured
        first = float(driver.execute_async_script(_FIRST))
        frames = {zoom: driver.execute_async_script(_FRAMES, zoom) for zoom in (1, 4)}
        return {
            "first paint after the click, ms": first,
            "frame of the whole map, median ms": statistics.median(frames[1]),
            "frame of the whole map, p95 ms": statistics.quantiles(frames[1], n=20)[-1],
            "frame at fourfold zoom, median ms": statistics.median(frames[4]),
            "point under the pointer, ms": float(driver.execute_script(_PICKS)),
        }
    finally:
        driver.quit()


def fetched(port: int) -> dict[str, float]:
    """Times of the server for the list of posts, and the size of the map's points."""
    queries = {f"posts with “{words}”": f"words={words.replace(' ', '+')}" for words in _WORDS}
    times = {
        f"{name}, median ms": statistics.median(_get(port, f"/page/posts?{query}")[0] for _ in range(9))
        for name, query in {**queries, "posts from the 10,000th on": "offset=10000"}.items()
    }
    return {**times, "the map's points, MB": _get(port, "/page/map")[1] / 1e6}


def _get(port: int, path: str) -> tuple[float, int]:
    """Milliseconds and bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    connection.request("GET", path)
    size = len(connection.getresponse().read())
    connection.close()
    return (time.perf_counter() - begun) * 1000, size


def measured(shared: Path, chunks: int, place: Path) -> dict[str, Any]:
    """Build, serve, measure."""
    from qa.server.app import create_app  # noqa: PLC0415
    from qa.server.run import start  # noqa: PLC0415  # the page's library takes seconds
    from qa.server.settings import server_settings  # noqa: PLC0415

    real, words = real_vectors(shared, place / "real")
    build(place / "index", chunks, VectorMaker(real), words)
    settings = server_settings(port=free_port(), questions_per_minute=0)
    with Assistant(place / "index") as assistant:
        served = start(create_app(assistant, settings), settings)
        try:
            figures = {**in_browser(served.address), **fetched(settings.port)}
        finally:
            served.close()
        posts = assistant.index.manifest.posts
    sys.stderr.write(f"{json.dumps(figures)}\n")
    return {"machine": machine_facts(("gradio", "selenium")), "chunks": chunks, "posts": posts, "figures": figures}


def section(results: dict[str, Any]) -> str:
    """The figures as Markdown."""
    machine = results["machine"]
    rows = [[name, f"{value:.3g}"] for name, value in results["figures"].items()]
    return "\n\n".join(
        [
            f"`python -m benchmarks.page_map`, once, {results['chunks']:,} passages of {results['posts']:,} posts, "
            f"chromium without a graphics processor on {machine['cores']} cores of {machine['processor']} with a load "
            f"of {machine['load average'][0]:g}; 60 frames each.",
            markdown([["", "measured"], *rows]),
        ]
    )


def main() -> None:
    """Measure, keep the figures, and write them into docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--chunks", type=int, default=100_000)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        with tempfile.TemporaryDirectory() as place:
            results = measured(options.shared, options.chunks, Path(place))
        options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    results = json.loads(options.json.read_text(encoding="utf-8"))
    write_section(PERFORMANCE, "page-map", "The page over a large corpus", section(results))
    print(section(results))


if __name__ == "__main__":
    main()
