"""How soon the page is there, and how soon an answer's first words are, in a real browser.

Usage: python -m benchmarks.page_speed [--repeat 5] [--json FILE]

The start is from the start of `app.py`, warm, to a question's field that can be typed in; the browser runs
already and has seen the page, as a reader's has. First visits are made each with a new browser and an empty cache
(`benchmarks.page_load`). First words are from the click to the first words of the answer on the page; the assistant's
own time is that of `Assistant.ask` for the same questions in this process. A question's bubble is timed from Enter,
over a network where every reply takes two seconds longer. The posts are the samples.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import index
from benchmarks.browser import ENTRY, Running, browser, free_port, running, until, until_listening
from benchmarks.machine import machine_facts
from benchmarks.page import PERFORMANCE, markdown, write_section
from benchmarks.page_load import first_visit, medians, rows
from qa.assistant import Assistant
from qa.cli.build_commands import sample_posts

_RESULTS = Path("benchmarks/results/page-speed.json")
_QUESTIONS = 10
# Typed as Svelte hears it, clicked as a person does; the first words are those after the question's own row.
_CLICK = """const [question, done] = arguments, field = document.querySelector('#pq-question-box textarea');
const before = document.querySelectorAll('#pq-log .pq-answer, #pq-log .pq-refusal').length;
field.value = question;
field.dispatchEvent(new Event('input', { bubbles: true }));
setTimeout(() => {
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    const answers = document.querySelectorAll('#pq-log .pq-answer, #pq-log .pq-refusal');
    if (answers.length > before && answers[answers.length - 1].textContent.trim()) {
      watch.disconnect();
      requestAnimationFrame(() => done(performance.now() - begun));
    }
  });
  watch.observe(document.getElementById('pq-log'), { subtree: true, childList: true, characterData: true });
  document.getElementById('pq-ask').click();
}, 50);"""
# From the key to the frame after the one in which the bubble is painted.
_WATCH = """window.bubble = new Promise((done) => {
  const count = () => document.querySelectorAll('#pq-log .pq-question').length, before = count();
  let begun;
  document.addEventListener('keydown', ({ key }) => { if (key === 'Enter') begun = performance.now(); }, true);
  new MutationObserver((_, watch) => {
    if (count() === before) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  }).observe(document.getElementById('pq-log'), { subtree: true, childList: true });
})"""
_LATENCY = 2_000  # milliseconds
_WHOLE = "#pq-log .message-row:last-child .pq-tools"


def started(driver: webdriver.Chrome, app: Running) -> dict[str, float]:
    """Seconds from the start of the app until it listens, and until the page can be used."""
    listening = until_listening(app)
    driver.get(app.address)
    until(driver, lambda: [field for field in driver.find_elements(By.CSS_SELECTOR, ENTRY) if field.is_enabled()])
    return {"listening, s": listening, "usable, s": time.perf_counter() - app.begun}


def first_words(driver: webdriver.Chrome, questions: list[str]) -> list[float]:
    """Milliseconds from the click to the first words, for each question."""
    spent = []
    for question in questions:
        spent.append(float(driver.execute_async_script(_CLICK, question)))
        until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, _WHOLE))
    driver.execute_script("localStorage.clear()")  # the next start begins with an empty conversation
    return spent


def bubbles(driver: webdriver.Chrome, questions: list[str]) -> list[float]:
    """Milliseconds from Enter to each question's bubble, over a slow network."""
    limits = {"offline": False, "latency": _LATENCY, "downloadThroughput": -1, "uploadThroughput": -1}
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", limits)
    shown = []
    for question in questions:
        driver.execute_script(_WATCH)
        driver.find_element(By.CSS_SELECTOR, ENTRY).send_keys(question, Keys.ENTER)
        shown.append(float(driver.execute_async_script("window.bubble.then(arguments[0])")))
        until(driver, lambda: driver.find_elements(By.CSS_SELECTOR, _WHOLE))
    driver.execute_cdp_cmd("Network.emulateNetworkConditions", {**limits, "latency": 0})
    return shown


def own_time(root: Path, questions: list[str]) -> list[float]:
    """Milliseconds of the assistant alone, for each question; each is asked once before."""
    with Assistant(root) as assistant:
        for question in questions:
            assistant.ask(question)
        return [_ms(assistant, question) for question in questions]


def _ms(assistant: Assistant, question: str) -> float:
    begun = time.perf_counter()
    assistant.ask(question)
    return 1000 * (time.perf_counter() - begun)


def _sample_questions() -> list[str]:
    gold = (sample_posts().parent / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    return [str(json.loads(line)["question"]) for line in gold[:_QUESTIONS]]


def measured(repeat: int) -> dict[str, Any]:
    """Starts, first words and the assistant's own time."""
    questions = _sample_questions()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "index"
        index.build([sample_posts()], root)
        driver = browser()
        try:
            starts, words, port = [], [], free_port()
            for _ in range(repeat + 1):  # the first warms the disk and the caches
                with running(root, port) as app:
                    starts.append(started(driver, app))
                    words.append(first_words(driver, questions))
            with running(root, port) as app:
                started(driver, app)
                shown = bubbles(driver, questions)
        finally:
            driver.quit()
        with running(root, port) as app:
            until_listening(app)
            visits = [first_visit(app, _CLICK, questions[0]) for _ in range(repeat)]
        own = own_time(root, questions)
    clicks = [click for run in words[1:] for click in run[1:]]  # a page's first question opens its stream as well
    first, alone = statistics.median(clicks), statistics.median(own)
    return {
        "machine": machine_facts(["gradio", "selenium"]),
        "first visits": [asdict(visit) for visit in visits],
        "first visit, median": medians(visits),
        "starts": starts[1:],
        "usable, median s": statistics.median(start["usable, s"] for start in starts[1:]),
        "listening, median s": statistics.median(start["listening, s"] for start in starts[1:]),
        "first words, ms": clicks,
        "first words, median ms": first,
        "bubble after Enter at 2 s latency, ms": shown,
        "bubble after Enter at 2 s latency, median ms": statistics.median(shown),
        "assistant alone, median ms": alone,
        "above the assistant, median ms": first - alone,
    }


def section(results: dict[str, Any]) -> str:
    """The section of docs/performance.md."""
    table = [
        ("what", "median", "asked"),
        ("start of `app.py`, warm, until it listens", f"{results['listening, median s']:.2f} s", ""),
        ("until the page can be used", f"{results['usable, median s']:.2f} s", "3 s"),
        (
            "Enter to the question's bubble at 2 s latency",
            f"{results['bubble after Enter at 2 s latency, median ms']:.0f} ms",
            "100 ms",
        ),
        ("click to first words", f"{results['first words, median ms']:.0f} ms", ""),
        ("of these above the assistant's own time", f"{results['above the assistant, median ms']:.0f} ms", "150 ms"),
        *rows(results["first visit, median"]),
    ]
    starts, clicks = len(results["starts"]), len(results["first words, ms"])
    counts = f"{starts} starts and as many first visits, {clicks} questions"
    return f"{markdown(table)}\n\n{counts}; {results['machine']['processor']}."


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path, default=_RESULTS)
    options = parser.parse_args()
    results = measured(options.repeat)
    options.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_section(PERFORMANCE, "page-speed", "The page", section(results))
    print(section(results))


if __name__ == "__main__":
    main()
