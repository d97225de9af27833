"""What a first visit costs, in a real browser with an empty cache: seconds, bytes, requests, layout shift."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass

from selenium import webdriver
from selenium.webdriver.common.by import By

from benchmarks.browser import ENTRY, Running, browser, until

# When a field can first be typed in, and how far what is shown has moved (Layout Instability API).
_WATCH = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) window.shift += hadRecentInput ? 0 : value;
}).observe({ type: 'layout-shift', buffered: true });
const seen = () => {
  const entry = document.querySelector('#pq-question-box textarea');
  if (entry?.checkVisibility({ visibilityProperty: true })) window.usable = performance.now();
  else requestAnimationFrame(seen);
};
requestAnimationFrame(seen);"""
_LOADED = """return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map(({ transferSize }) => transferSize)"""
_PAINT = "return performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LIMITS = {"paint": 0.8, "usable": 1.5, "answer": 0.4, "bytes": 350_000, "requests": 60, "shift": 0.05}


@dataclass(frozen=True)
class FirstVisit:
    """A visit with an empty cache.

    Attributes:
        paint: Seconds until the first contentful paint.
        usable: Seconds until the question's field is shown.
        answer: Seconds from a click on Ask to the first words of the answer.
        bytes: Transferred until the page is usable.
        requests: Until the page is usable.
        shift: The sum of layout shifts over loading and one answer.
    """

    paint: float
    usable: float
    answer: float
    bytes: int
    requests: int
    shift: float


def first_visit(app: Running, ask: str, question: str) -> FirstVisit:
    """Load the page in a new browser and ask once.

    Args:
        ask: A script that asks its first argument and calls its second with the milliseconds to the first words.
    """
    driver = browser()
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
        driver.get(app.address)
        until(driver, lambda: driver.execute_script("return window.usable"), 60)
        until(driver, lambda: driver.find_element(By.CSS_SELECTOR, ENTRY).is_enabled())
        return _visit(driver, ask, question)
    finally:
        driver.quit()


def _visit(driver: webdriver.Chrome, ask: str, question: str) -> FirstVisit:
    paint, usable = driver.execute_script(_PAINT), driver.execute_script("return window.usable")
    transferred = driver.execute_script(_LOADED)
    answer = float(driver.execute_async_script(ask, question))
    return FirstVisit(
        paint=paint / 1000,
        usable=usable / 1000,
        answer=answer / 1000,
        bytes=sum(transferred),
        requests=len(transferred),
        shift=driver.execute_script("return window.shift"),
    )


def medians(visits: list[FirstVisit]) -> dict[str, float]:
    """The median of each figure."""
    rows = [asdict(visit) for visit in visits]
    return {name: statistics.median(row[name] for row in rows) for name in rows[0]}


def rows(figures: dict[str, float]) -> list[tuple[str, str, str]]:
    """Rows of a table: what, the figure, what is asked."""
    return [
        ("first visit: first contentful paint", f"{figures['paint']:.2f} s", f"{LIMITS['paint']} s"),
        ("first visit: usable", f"{figures['usable']:.2f} s", f"{LIMITS['usable']} s"),
        ("first visit: click to first words", f"{figures['answer']:.2f} s", f"{LIMITS['answer']} s"),
        ("first visit: bytes over the wire", f"{figures['bytes'] / 1000:.0f} kB", f"{LIMITS['bytes'] / 1000:.0f} kB"),
        ("first visit: requests", f"{figures['requests']:.0f}", f"{LIMITS['requests']}"),
        ("first visit: layout shift, with one answer", f"{figures['shift']:.3f}", f"{LIMITS['shift']}"),
    ]
