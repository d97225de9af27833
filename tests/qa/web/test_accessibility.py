"""axe-core (Deque) finds nothing serious on the page: in any tab, in either light, after an answer and a refusal."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

AXE = Path(sys.prefix) / "axe" / "node_modules" / "axe-core" / "axe.min.js"
TABS = "#pq-tabs .tab-container:not(.visually-hidden) [role=tab]"
RUN = """const done = arguments[0];
axe.run(document, { resultTypes: ['violations'] }).then(
  result => done(result.violations.filter(fault => ['serious', 'critical'].includes(fault.impact))
    .map(({ id, nodes }) => ({ rule: id,
      where: nodes.map(node => `${node.target.join(" ")}: ${node.failureSummary}`) }))),
  fault => done([{ rule: 'axe itself', where: [String(fault)] }]))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """axe-core's own script."""
    if not AXE.is_file():
        pytest.skip(f"axe-core is not here: make test installs it with npm to {AXE.parent}")
    return AXE.read_text(encoding="utf-8")


def _is_chosen(tab: WebElement) -> bool:
    return tab.get_attribute("aria-selected") == "true"


def _serious(visit: Visit, axe: str) -> list[dict[str, Any]]:
    visit.driver.execute_script(axe)
    return list(visit.driver.execute_async_script(RUN))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_screen_and_each_level_of_an_answer_have_no_serious_accessibility_fault(
    browser: webdriver.Chrome, hostile_site: str, axe: str, theme: str
) -> None:
    visit = Visit(browser, f"{hostile_site}?__theme={theme}")
    visit.first("#pq-log a.pq-example")
    assert _serious(visit, axe) == []
    visit.ask("near it", until=".pq-nearest-quotes")
    assert _serious(visit, axe) == []
    visit.ask("refuse", until=".pq-refusal")
    assert _serious(visit, axe) == []
    visit.ask("answer", until=".pq-answer")
    assert _serious(visit, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_filters_have_no_serious_accessibility_fault(
    browser: webdriver.Chrome, site: Site, axe: str, theme: str
) -> None:
    visit = Visit(browser, f"{site.address}?__theme={theme}&posts=bees&since=2021")
    visit.click("#pq-filters summary")
    visit.first("#pq-offered-posts option")
    visit.first(".pq-chip")
    visit.click("#pq-about summary")
    assert _serious(visit, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chat_and_the_reading_pane_have_no_serious_accessibility_fault(
    browser: webdriver.Chrome, site: Site, axe: str, theme: str
) -> None:
    visit = Visit(browser, f"{site.address}?__theme={theme}")
    assert _serious(visit, axe) == []
    visit.ask("Which planet has rings?", until=".pq-refusal")
    visit.ask("Who built the lighthouse on Gull Rock?", until=".pq-confidence")
    for folded in visit.all("#pq-panel summary"):
        browser.execute_script("arguments[0].parentElement.open = true", folded)
    browser.execute_script("document.getAnimations().forEach(animation => animation.finish())")
    assert _serious(visit, axe) == []
    visit.click("#pq-log a.pq-marker")
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert _serious(visit, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_suggested_while_typing_has_no_serious_accessibility_fault(
    browser: webdriver.Chrome, site: Site, axe: str, theme: str
) -> None:
    visit = Visit(browser, f"{site.address}?__theme={theme}")
    visit.entry.send_keys("Who built the lighthouse on Gull Rock")
    visit.wait(visit.first("#pq-suggestions").is_displayed)
    visit.entry.send_keys(Keys.ARROW_DOWN)
    assert _serious(visit, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_of_conversations_and_an_offer_to_undo_have_no_serious_accessibility_fault(
    browser: webdriver.Chrome, site: Site, axe: str, theme: str
) -> None:
    visit = Visit(browser, f"{site.address}?__theme={theme}")
    visit.ask("Hello!", until=".pq-notice")
    visit.wait(lambda: visit.kept() > 1)
    visit.click("#pq-clear")
    visit.wait(visit.first(".pq-undo").is_displayed)
    visit.click("#pq-conversations summary")
    visit.first(".pq-conversation-list bdi")
    assert _serious(visit, axe) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_other_tabs_have_no_serious_accessibility_fault(
    browser: webdriver.Chrome, site: Site, axe: str, theme: str
) -> None:
    visit = Visit(browser, f"{site.address}?__theme={theme}")
    for tab in visit.all(TABS):
        tab.click()
        visit.wait(partial(_is_chosen, tab))
        assert _serious(visit, axe) == [], tab.text
