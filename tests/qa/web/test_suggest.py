"""Answer as one types: the best proven sentence under the box, by the keyboard, and never in the way of typing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.qa.server.clients import StartServer
from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

QUESTION = "Who built the lighthouse on Gull Rock"
SENTENCE = "Ingrid Holm built the lighthouse on Gull Rock in 1874."
OPTIONS = "#pq-suggestions [role=option]"
# Requests are counted, and each waits until the test lets it go on: window.freed is called with its number.
HELD = """window.asked = []; window.aborted = 0; const ask = window.fetch;
window.fetch = (address, options) => {
  if (!String(address).startsWith('v1/suggest')) return ask(address, options);
  return new Promise((done, failed) => {
    options.signal.addEventListener('abort', () => {
      window.aborted += 1;
      failed(new DOMException('', 'AbortError'));
    });
    window.asked.push(() => done(ask(address, options)));
  });
};"""
ADDRESSES = """window.addresses = []; const before = window.fetch;
window.fetch = (address, options) => { window.addresses.push(String(address)); return before(address, options); };"""
# How often the pause after a key began: only then a request follows.
PAUSES = """window.pauses = 0; const wait = window.setTimeout;
window.setTimeout = (step, delay) => { window.pauses += delay === 250; return wait(step, delay); };"""
SHIFTS = """window.shifted = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted += entry.value;
}).observe({ type: 'layout-shift' });"""
BOX_TOP = "return document.querySelector('#pq-question-box textarea').getBoundingClientRect().top"


def _suggestion(visit: Visit) -> str:
    visit.wait(lambda: visit.all(OPTIONS) and visit.all(OPTIONS)[0].is_displayed())
    return visit.text("#pq-suggestions q")


def _is_closed(visit: Visit) -> bool:
    return not visit.first("#pq-suggestions").is_displayed()


def _script(visit: Visit, script: str) -> Any:
    return visit.driver.execute_script(script)


def test_the_best_sentence_and_its_post_appear_under_the_box_and_typing_goes_on(visit: Visit) -> None:
    _script(visit, SHIFTS)
    top = _script(visit, BOX_TOP)
    visit.entry.send_keys(QUESTION)
    assert _suggestion(visit) == SENTENCE
    assert "The lighthouse on Gull Rock" in visit.text("#pq-suggestions cite")
    assert visit.driver.switch_to.active_element == visit.entry
    assert _script(visit, BOX_TOP) == top
    visit.entry.send_keys("?")
    assert visit.entry.get_attribute("value") == f"{QUESTION}?"
    assert _script(visit, "return window.shifted") < 0.05
    assert not visit.all("#pq-log .message-row")


def test_on_a_phone_it_stands_below_the_box(visit: Visit) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    visit.entry.send_keys(QUESTION)
    _suggestion(visit)
    script = "return arguments[0].getBoundingClientRect().top >= arguments[1].getBoundingClientRect().bottom"
    assert visit.driver.execute_script(script, visit.first("#pq-suggestions"), visit.entry)
    assert _script(visit, "return document.documentElement.scrollWidth") <= 390


def test_arrows_choose_and_enter_opens_the_post_at_the_sentence(visit: Visit) -> None:
    visit.entry.send_keys(QUESTION)
    _suggestion(visit)
    visit.entry.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_UP)
    chosen = visit.first("#pq-suggestions [aria-selected=true]")
    assert visit.entry.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    visit.entry.send_keys(Keys.ENTER)
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert SENTENCE in visit.text("#pq-reader mark")
    assert not visit.all("#pq-log .message-row")
    assert visit.entry.get_attribute("value") == QUESTION
    visit.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert visit.driver.switch_to.active_element == visit.entry


@pytest.mark.parametrize("keys", [(Keys.ENTER,), (Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)])
def test_enter_asks_at_once_and_as_the_last_choice(visit: Visit, keys: tuple[str, ...]) -> None:
    visit.entry.send_keys(QUESTION)
    _suggestion(visit)
    visit.entry.send_keys(*keys)
    visit.wait(lambda: visit.all("#pq-log .pq-confidence"))
    assert _is_closed(visit)
    assert visit.text(".pq-question") == QUESTION
    assert not visit.first("#pq-reader").is_displayed()


def test_escape_closes_it_alone_and_a_click_opens_it(visit: Visit) -> None:
    visit.entry.send_keys(QUESTION)
    _suggestion(visit)
    visit.click(f"{OPTIONS}:first-child")
    visit.wait(lambda: visit.all("#pq-reader mark"))
    visit.entry.send_keys("?")
    _suggestion(visit)
    visit.entry.send_keys(Keys.ESCAPE)
    assert _is_closed(visit)
    assert visit.first("#pq-reader").is_displayed()
    assert visit.entry.get_attribute("value") == f"{QUESTION}?"


def test_a_screen_reader_hears_it_politely(visit: Visit) -> None:
    visit.entry.send_keys(QUESTION)
    _suggestion(visit)
    status = visit.first(".pq-suggest-status")
    assert status.get_attribute("role") == "status"
    assert visit.text(".pq-suggest-status") == f"From “The lighthouse on Gull Rock”: {SENTENCE}"
    assert visit.first("#pq-suggestions").accessible_name == "From the posts"
    assert visit.entry.get_attribute("aria-controls") == "pq-suggestions"


@pytest.mark.parametrize("text", ["lighthouse", "Gull Rock", "   "])
def test_what_is_no_question_is_not_sent(visit: Visit, text: str) -> None:
    _script(visit, PAUSES)
    visit.entry.send_keys(text)
    assert _script(visit, "return window.pauses") == 0
    visit.entry.send_keys("?" if text.strip() else "Who built it?")
    assert _script(visit, "return window.pauses") > 0


def test_one_request_is_under_way_and_only_the_newest_text_is_shown(visit: Visit) -> None:
    _script(visit, HELD)
    visit.entry.send_keys("Who steers the ferry")
    visit.wait(lambda: _script(visit, "return window.asked.length === 1"))
    visit.entry.send_keys(Keys.CONTROL, "a")
    visit.entry.send_keys(QUESTION)
    visit.wait(lambda: _script(visit, "return window.asked.length === 2"))
    assert _script(visit, "return window.aborted") == 1
    _script(visit, "window.asked.forEach((go) => go())")
    assert _suggestion(visit) == SENTENCE


def _switched_off(visit: Visit) -> None:
    visit.click(".pq-suggest-switch input")
    visit.reload()
    assert not visit.first(".pq-suggest-switch input").is_selected()


def _sparing(visit: Visit) -> None:
    _script(visit, "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g' } })")


def _slow_line(visit: Visit) -> None:
    _script(
        visit, "Object.defineProperty(navigator, 'connection', { value: { saveData: false, effectiveType: '3g' } })"
    )


def _slow_reply(visit: Visit) -> None:
    """A reply that takes longer than it may, by a clock that the test moves."""
    _script(visit, HELD)
    visit.entry.send_keys(QUESTION)
    visit.wait(lambda: _script(visit, "return window.asked.length === 1"))
    _script(visit, "const now = performance.now(); performance.now = () => now + 2000; window.asked[0]()")
    _suggestion(visit)
    visit.entry.clear()


@pytest.mark.parametrize("make", [_switched_off, _sparing, _slow_line, _slow_reply])
def test_it_is_off_by_its_switch_on_a_slow_line_and_after_a_slow_reply(
    visit: Visit, make: Callable[[Visit], None]
) -> None:
    make(visit)
    _script(visit, PAUSES)
    visit.entry.send_keys(QUESTION)
    assert visit.entry.get_attribute("value") == QUESTION
    assert _script(visit, "return window.pauses") == 0
    assert _is_closed(visit)


def test_its_switch_looks_like_what_it_is(visit: Visit) -> None:
    switch = visit.first(".pq-suggest-switch input")
    assert switch.is_selected()
    assert switch.accessible_name == "Answer as I type"
    assert switch.value_of_css_property("appearance") == "auto"  # Gradio's own drawing shows no state


def test_the_server_may_leave_it_out(browser: webdriver.Chrome, start_server: StartServer) -> None:
    visit = Visit(browser, start_server(suggest=False).server.address)
    visit.wait(lambda: visit.all("#pq-clear"))
    assert not visit.all("pq-suggest")


def test_it_is_asked_of_the_posts_that_the_chips_name(visit: Visit) -> None:
    visit.click("#pq-filters summary")
    visit.first("#pq-filter-authors").send_keys("Tomas Reed", Keys.TAB)
    visit.wait(lambda: visit.all("#pq-filters .pq-chip"))
    _script(visit, ADDRESSES)
    visit.entry.send_keys(QUESTION)
    visit.wait(lambda: _script(visit, "return window.addresses.length"))
    assert "authors=Tomas+Reed" in _script(visit, "return window.addresses[0]")


def test_what_it_shows_is_proven(site: Site) -> None:
    citation = site.assistant.suggest(QUESTION)
    assert citation is not None
    assert citation.shown_focus == SENTENCE
    assert citation.post.body[citation.start : citation.end] == citation.quote
