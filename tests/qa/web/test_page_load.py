"""What it takes to load the page, in a real browser: requests, bytes over the wire, and nothing that jumps."""

from __future__ import annotations

import pytest
from selenium import webdriver

from qa.web.gradio_assets import Assets
from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

MOST_REQUESTS = 60
MOST_BYTES = 350_000
MOST_SHIFT = 0.05
_WATCH = """window.shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) window.shift += hadRecentInput ? 0 : value;
}).observe({ type: 'layout-shift', buffered: true });"""
_LOADED = """return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map(({ name, transferSize }) => [new URL(name).pathname, transferSize])"""


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_loaded_in_few_requests_and_nothing_jumps_until_after_an_answer(
    browser: webdriver.Chrome, site: Site, width: int
) -> None:
    metrics = {"width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _WATCH})
    visit = Visit(browser, site.address)
    visit.wait(visit.entry.is_displayed)
    visit.first("#pq-log .pq-example")
    loaded = browser.execute_script(_LOADED)
    assert len(loaded) < MOST_REQUESTS
    assert sum(size for _, size in loaded) < MOST_BYTES
    visit.ask("Who built the lighthouse on Gull Rock?", until=".pq-confidence")
    assert browser.execute_script("return window.shift") < MOST_SHIFT


def test_the_style_sheets_of_components_come_in_one_that_a_browser_may_keep(visit: Visit) -> None:
    asked = [str(name) for name, _ in visit.driver.execute_script(_LOADED)]
    (bundle,) = [name for name in asked if "/assets/components-" in name]
    of_components = Assets.of({"chatbot", "textbox", "html"}).names
    assert of_components
    assert not {f"/assets/{name}" for name in of_components if name.endswith(".css")} & set(asked)
    script = "return fetch(arguments[0]).then(reply => reply.headers.get('cache-control'))"
    assert "immutable" in visit.driver.execute_script(script, bundle)


def test_where_gradio_is_bundled_in_another_way_nothing_is_added(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.web.gradio_assets._text", lambda name: "")
    assert Assets.of({"html"}) == Assets(())
    assert Assets(()).links() == ""
