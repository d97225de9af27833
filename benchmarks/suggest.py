"""How soon the best sentence stands under the box after the pause of whoever types, in a real browser.

Usage: python -m benchmarks.suggest [--shared ../shared] [--index FOLDER] [--json FILE]

The posts are those of the shared corpora, with XQuAD and a part of MedQuAD, a paragraph a post: more than 1,000. The
questions are the corpora's gold ones for which something is shown. A time is from the end of the pause to the frame
after the list has changed: request, answer and drawing.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from selenium import webdriver

import index
from benchmarks.browser import ENTRY, browser, running, until, until_listening
from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, markdown, write_section
from qa.assistant import Assistant
from qa.evaluation.gold import read_gold

_RESULTS = Path("benchmarks/results/suggest.json")
_CORPORA = ("corpus", "data/xquad-en/corpus.jsonl")
_MEDQUAD = 120  # paragraphs
_GOLD = ("til", "jekyll", "ai-blog-posts")
_PAUSE = 250  # milliseconds, as in suggest.js
# Typed as Svelte hears it; the clock starts when the pause is over.
_TYPE = """const [question, pause, done] = arguments, field = document.querySelector('#pq-question-box textarea');
const list = document.getElementById('pq-suggestions'), wait = window.setTimeout;
let begun;
document.querySelector('pq-suggest').restsUntil = 0; // a slow reply is measured, and none is left out after it
window.setTimeout = (step, delay) => wait(() => { if (delay === pause) begun = performance.now(); step(); }, delay);
const watch = new MutationObserver(() => {
  watch.disconnect();
  window.setTimeout = wait;
  requestAnimationFrame(() => done(performance.now() - begun));
});
watch.observe(list, { childList: true });
field.focus();
field.value = question;
field.dispatchEvent(new Event('input', { bubbles: true }));"""
_FETCHED = (
    "return performance.getEntriesByType('resource').filter((one) => one.name.includes('v1/suggest')).at(-1).duration"
)


def medquad(shared: Path, place: Path) -> Path:
    """Paragraphs of MedQuAD as posts, in JSON Lines."""
    rows = (shared / "data/reading/medquad.jsonl").read_text(encoding="utf-8").splitlines()[:_MEDQUAD]
    posts = ({"id": row["id"], "title": row["title"], "text": row["passage"]} for row in map(json.loads, rows))
    path = place / "medquad.jsonl"
    path.write_text("".join(json.dumps(post) + "\n" for post in posts), encoding="utf-8")
    return path


def suggested(root: Path, shared: Path) -> tuple[list[str], int, int]:
    """The gold questions for which a sentence is shown, how many were tried, and how many posts there are."""
    gold = [one.question for name in _GOLD for one in read_gold(shared / f"gold/{name}.dev.jsonl").questions]
    with Assistant(root) as assistant:
        return [question for question in gold if assistant.suggest(question)], len(gold), assistant.index.manifest.posts


def typed(driver: webdriver.Chrome, questions: list[str]) -> list[dict[str, float]]:
    """Milliseconds from the end of the pause to the list, and those of the request alone, for each question."""
    times = []
    for question in questions:
        shown = float(driver.execute_async_script(_TYPE, question, _PAUSE))
        times.append({"shown, ms": shown, "request, ms": float(driver.execute_script(_FETCHED))})
    return times


def measured(shared: Path, root: Path, place: Path) -> dict[str, Any]:
    """Build, serve, type."""
    index.build([*(shared / name for name in _CORPORA), medquad(shared, place)], root)
    questions, tried, posts = suggested(root, shared)
    with running(root, questions_per_minute="0") as app:
        until_listening(app)
        driver = browser()
        try:
            driver.get(app.address)
            until(driver, lambda: driver.find_elements("css selector", f"{ENTRY}, #pq-suggestions")[1:])
            times = typed(driver, [questions[-1], *questions])[1:]  # the first opens the connection
        finally:
            driver.quit()
    shown = [one["shown, ms"] for one in times]
    return {
        "machine": machine_facts(["gradio", "selenium"]),
        "posts": posts,
        "questions": len(questions),
        "tried": tried,
        "shown, median ms": statistics.median(shown),
        "shown, p95 ms": statistics.quantiles(shown, n=20)[-1],
        "request, median ms": statistics.median(one["request, ms"] for one in times),
        "times": times,
    }


def section(results: dict[str, Any]) -> str:
    """The section of docs/performance.md."""
    machine = results["machine"]
    rows = [
        ("what", "measured", "asked"),
        ("end of the pause to the sentence shown, median", f"{results['shown, median ms']:.1f} ms", "60 ms"),
        ("the same, p95", f"{results['shown, p95 ms']:.1f} ms", ""),
        ("of it the request, median", f"{results['request, median ms']:.1f} ms", ""),
    ]
    return (
        f"`python -m benchmarks.suggest`, {results['posts']:,} posts, {results['questions']} of {results['tried']} "
        f"questions (for the others nothing is shown), on {machine['cores']} cores of {machine['processor']} with a "
        f"load of {machine['load average'][0]:.2f}.\n\n{markdown(rows)}"
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--index", type=Path, help="a folder that keeps the index for the next run")
    parser.add_argument("--json", type=Path, default=_RESULTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        results = measured(options.shared, options.index or Path(place) / "index", Path(place))
    options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_section(PERFORMANCE, "suggest", "Answer as one types", section(results))
    print(section(results))


if __name__ == "__main__":
    main()
