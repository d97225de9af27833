"""What is typed outlives a reload and an outage, and a question is shown before the server has answered."""

from __future__ import annotations

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from qa import Assistant
from qa.server.app import create_app
from qa.server.run import start
from qa.server.settings import server_settings
from tests.ports import free_port
from tests.qa.web.page_elements import HOSTILE
from tests.qa.web.visit import Visit

BUILT = "Who built the lighthouse on Gull Rock?"
TOWER = "How do I climb the tower?"


def _network(visit: Visit, *, offline: bool = False, latency: int = 0) -> None:
    """The browser's network from now on; the latency in milliseconds."""
    visit.driver.execute_cdp_cmd("Network.enable", {})
    limits = {"offline": offline, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
    visit.driver.execute_cdp_cmd("Network.emulateNetworkConditions", limits)


def _send(visit: Visit, question: str) -> None:
    visit.entry.send_keys(question)
    visit.entry.send_keys(Keys.ENTER)


def test_a_question_is_shown_before_the_server_answers(visit: Visit) -> None:
    _network(visit, latency=2_000)
    _send(visit, f"{BUILT} <b>&")
    shown = visit.wait(lambda: visit.all("#pq-log .pq-question"))[0]
    assert shown.text == f"{BUILT} <b>&"
    assert not visit.all("#pq-log .bot-row")
    assert visit.entry.get_property("value") == ""
    visit.entry.send_keys(TOWER)
    visit.wait(lambda: visit.all("#pq-log .pq-confidence"))
    assert [row.text for row in visit.all("#pq-log .pq-question")] == [f"{BUILT} <b>&"]
    assert visit.entry.get_property("value") == TOWER


@pytest.mark.parametrize("css", ["#pq-log a.pq-example", "#pq-log a.pq-suggestion"])
def test_a_question_that_is_clicked_is_shown_at_once_too(
    browser: webdriver.Chrome, hostile_site: str, css: str
) -> None:
    visit = Visit(browser, hostile_site)
    if "suggestion" in css:
        visit.ask(BUILT, until=".pq-confidence")
    link = visit.wait(lambda: visit.all(css))[0]
    before, replies = len(visit.all("#pq-log .pq-question")), len(visit.all("#pq-log .bot-row"))
    _network(visit, latency=2_000)
    link.click()
    visit.wait(lambda: len(visit.all("#pq-log .pq-question")) > before)
    assert visit.text("#pq-log .pq-question") == HOSTILE.title
    assert len(visit.all("#pq-log .bot-row")) == replies


def test_a_typed_draft_survives_a_reload_and_an_asked_question_does_not_come_back(visit: Visit) -> None:
    visit.ask(BUILT, until=".pq-confidence")
    visit.wait(lambda: visit.kept() > 1)
    visit.entry.send_keys(TOWER)
    visit.reload()
    visit.wait(lambda: visit.entry.get_property("value") == TOWER)
    size = visit.kept()
    visit.entry.send_keys(Keys.ENTER)
    visit.wait(lambda: len(visit.all("#pq-log .pq-confidence")) == 2 and visit.kept() > size)
    visit.reload()
    visit.wait(lambda: len(visit.all("#pq-log .pq-confidence")) == 2)
    assert visit.entry.get_property("value") == ""


def test_a_question_that_cannot_be_sent_is_in_the_field_again_when_there_is_a_network(visit: Visit) -> None:
    visit.ask(BUILT, until=".pq-confidence")
    visit.wait(lambda: visit.kept() > 1)
    page = visit.entry
    _network(visit, offline=True)
    _send(visit, TOWER)
    visit.wait(lambda: len(visit.all("#pq-log .pq-question")) == 2)
    _network(visit)
    visit.wait(lambda: visit.entry != page and visit.entry.get_property("value") == TOWER)
    visit.wait(lambda: [row.text for row in visit.all("#pq-log .pq-question")] == [BUILT])


def test_a_question_asked_in_an_outage_is_in_the_field_again_when_a_server_answers(
    browser: webdriver.Chrome, web_assistant: Assistant
) -> None:
    settings = server_settings(port=free_port(), questions_per_minute=0)
    first = start(create_app(web_assistant, settings), settings)
    visit = Visit(browser, first.address)
    page = visit.entry
    first.close()
    _send(visit, TOWER)
    assert visit.wait(lambda: visit.all("#pq-outage"))[0].is_displayed()
    second = start(create_app(web_assistant, settings), settings)
    visit.wait(lambda: visit.entry != page and visit.entry.get_property("value") == TOWER)
    visit.entry.send_keys(Keys.ENTER)
    visit.wait(lambda: visit.all("#pq-log .pq-confidence"))
    second.close()


def test_starting_over_before_the_server_has_begun_to_answer_leaves_an_empty_conversation(visit: Visit) -> None:
    _network(visit, latency=1_000)
    _send(visit, BUILT)
    visit.wait(lambda: visit.all("#pq-log .pq-question"))
    visit.click("#pq-clear")
    visit.wait(lambda: not visit.all("#pq-log .pq-question"))
    _network(visit)
    visit.ask(TOWER, until="#pq-log .pq-confidence")
    assert [row.text for row in visit.all("#pq-log .pq-question")] == [TOWER]
