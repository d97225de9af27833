"""The page in a real browser: ask, read, check a source, meet a refusal, survive a hostile post, on a phone too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from qa import Answer
from tests.web.parts import HOSTILE, Site

QUESTION = "Who built the lighthouse on Gull Rock?"
ENTRY = "#pq-question-box textarea"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--window-size=1280,900",
)  # fmt: skip


class Visit:
    """A page open in a browser."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver = driver
        self.address = address
        driver.get(address)
        self.wait(lambda: self.all(ENTRY))

    def wait(self, done: Callable[[], Any]) -> Any:
        """What `done` gives as soon as it gives something."""
        return WebDriverWait(self.driver, 20).until(lambda _: done())

    def all(self, css: str) -> list[WebElement]:
        """Every element of a selector."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str) -> str:
        """The text of the last element of a selector, as the document holds it."""
        return str(self.driver.execute_script("return arguments[0].textContent", self.all(css)[-1]))

    def ask(self, question: str, until: str) -> None:
        """Ask, and wait for one more element of a selector than there was."""
        before = len(self.all(until))
        entry = self.all(ENTRY)[0]
        entry.send_keys(question)
        entry.send_keys(Keys.ENTER)
        self.wait(lambda: len(self.all(until)) > before)

    def in_view(self, css: str) -> bool:
        """Whether the element is inside the window, at rest or not."""
        script = "const r = arguments[0].getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight"
        return bool(self.driver.execute_script(script, self.all(css)[0]))

    def asked_hosts(self) -> set[str]:
        """The servers of everything the page has loaded or tried to."""
        script = "return performance.getEntriesByType('resource').map(entry => entry.name)"
        names = [name for name in self.driver.execute_script(script) if not name.startswith(("data:", "blob:"))]
        return {"/".join(name.split("/")[:3]) + "/" for name in names}


@pytest.fixture
def browser(chromium: tuple[str, str], profile: Path) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium[0]
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(chromium[1]))
    yield driver
    driver.quit()


@pytest.fixture
def visit(browser: webdriver.Chrome, site: Site) -> Visit:
    return Visit(browser, site.address)


def test_a_question_is_answered_beside_its_source(visit: Visit, site: Site) -> None:
    visit.ask(QUESTION, until=".pq-sure")
    answer = site.assistant.ask(QUESTION)
    assert visit.text("#pq-log .pq-answer").startswith(answer.text)
    assert visit.all("#pq-log .pq-sure")[0].text.endswith(" %")
    assert [visit.text(f"#pq-1-{n} mark") for n in range(1, len(answer.citations) + 1)] == [
        citation.quote for citation in answer.citations
    ]
    card = visit.text("#pq-1-1")
    for stated in ("The lighthouse on Gull Rock", "Coast Letters", "4 May 2021", "Mara Quill"):
        assert stated in card
    link = visit.all("#pq-1-1 .pq-door")[0]
    assert (link.get_attribute("href") or "").startswith("https://coast.example/lighthouse#:~:text=Ingrid%20Holm")
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert visit.asked_hosts() == {visit.address}


def test_a_marker_leads_to_its_source_of_an_earlier_question_too(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-sure")
    visit.ask("How do I climb the tower?", until=".pq-sure")
    assert not visit.all("#pq-1-1 mark")[0].is_displayed()
    visit.all('#pq-log a.pq-marker[href="#pq-1-1"]')[0].click()
    visit.wait(lambda: visit.all("#pq-1-1 mark")[0].is_displayed() and visit.in_view("#pq-1-1 mark"))
    assert visit.driver.switch_to.active_element.get_attribute("id") == "pq-1-1"
    assert visit.driver.current_url == visit.address


def test_a_list_is_quoted_whole(visit: Visit) -> None:
    visit.ask("How do I climb the tower?", until=".pq-sure")
    assert [item.text.split(". ")[0] for item in visit.all("#pq-log .pq-item")] == ["1", "2", "3"]


def test_a_refusal_looks_like_one(visit: Visit) -> None:
    visit.ask("Which planet has rings?", until=".pq-refusal")
    shown = visit.all(".pq-refusal")[0]
    assert shown.is_displayed()
    assert "The posts do not say." in shown.text
    assert not visit.all(".pq-answer")
    assert visit.all(".pq-none")[0].is_displayed()


def test_after_an_error_the_next_question_works_and_start_over_clears(visit: Visit) -> None:
    visit.ask(" ", until=".pq-notice")
    assert "The question is empty" in visit.text(".pq-notice")
    visit.ask(QUESTION, until=".pq-sure")
    visit.all("#pq-clear")[0].click()
    visit.wait(lambda: not visit.all("#pq-log .message-row"))
    assert visit.all(".pq-empty")[0].is_displayed()


def test_filters_are_honoured_and_said(visit: Visit) -> None:
    visit.all("#pq-filters > button")[0].click()
    since = visit.all("#pq-filter-since :is(textarea, input)")[0]
    visit.wait(since.is_displayed)
    since.send_keys("2022")
    visit.ask(QUESTION, until=".pq-notice")
    assert "No post meets the filters" in visit.text(".pq-notice")
    since.clear()
    since.send_keys("2021")
    visit.ask(QUESTION, until=".pq-sure")
    assert "Asked only of posts with since 2021." in visit.text("#pq-log .pq-answer")
    assert {card.get_attribute("id") for card in visit.all("#pq-panel [id^='pq-2-']")}


def test_screen_readers_hear_messages_and_not_their_source(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-sure")
    visit.wait(lambda: not visit.all("#pq-log [data-testid][aria-label]"))
    assert visit.all('#pq-log [role="log"][aria-live="polite"]')


def test_a_hostile_post_is_shown_and_does_nothing(
    browser: webdriver.Chrome, hostile_site: str, hostile: Answer
) -> None:
    visit = Visit(browser, hostile_site)
    assert visit.wait(lambda: visit.text("#pq-log .example-text")) == HOSTILE.title
    visit.all("#pq-log .example")[0].click()
    visit.wait(lambda: visit.all(".pq-sure"))
    assert visit.text(".pq-question") == HOSTILE.title
    assert visit.text(".pq-answer").startswith(hostile.text)
    assert visit.text("#pq-1-1 mark") == hostile.citations[0].quote
    assert HOSTILE.title in visit.text("#pq-1-1")
    visit.ask("refuse", until=".pq-refusal")
    assert HOSTILE.title in visit.text(".pq-refusal")
    made_of = "script, img, iframe, style, form, svg, b, strong, em, u, code, .katex"
    assert not visit.all(f":is(#pq-about, #pq-log [role=log], #pq-panel) :is({made_of})")
    assert not visit.all('#pq-columns a:not([href^="#pq-"])')
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    assert visit.asked_hosts() == {visit.address}


def test_the_page_fits_a_phone(visit: Visit) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    visit.ask(QUESTION, until=".pq-sure")
    assert visit.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    chat, panel = visit.all("#pq-chat")[0].rect, visit.all("#pq-panel")[0].rect
    assert panel["y"] >= chat["y"] + chat["height"]
    assert panel["width"] > 340
