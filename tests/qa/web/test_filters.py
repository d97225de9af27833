"""Filters of the page: chips beside the box, put there by the form and the address, taken off one by one or all."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import urlencode

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from qa.web.question_filters import filters_in
from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

QUESTION = "Who built the lighthouse on Gull Rock?"


def _choose(visit: Visit, kind: str, value: str) -> None:
    """Type a value into the form."""
    field = visit.first(f"#pq-filter-{kind}")
    if not field.is_displayed():
        visit.click("#pq-filters summary")
    visit.first("#pq-offered-posts option")
    field.send_keys(value, Keys.ENTER)


def _chips(visit: Visit) -> list[str]:
    return [str(chip.get_attribute("textContent")) for chip in visit.all(".pq-chip")]


def test_an_address_states_filters() -> None:
    stated = filters_in("?q=Who&posts=a&posts=b&authors=Ann+Lee&since=2021&since=2022")
    assert stated == {"posts": ["a", "b"], "authors": ["Ann Lee"], "since": "2021"}
    assert filters_in("") == {}


def test_posts_authors_and_publishers_are_offered(site: Site) -> None:
    with urllib.request.urlopen(f"{site.address}page/filters") as reply:
        offered = json.load(reply)
    assert ["lighthouse", "The lighthouse on Gull Rock"] in offered["posts"]
    assert ["Mara Quill", "Mara Quill"] in offered["authors"]
    assert ["Coast Letters", "Coast Letters"] in offered["publishers"]


def test_a_filter_that_no_post_meets_offers_all_posts_and_one_that_some_meet_is_named(visit: Visit) -> None:
    _choose(visit, "since", "2022")
    assert _chips(visit) == ["since 2022"]
    visit.ask(QUESTION, until=".pq-notice")
    assert "No post meets the filters" in visit.text(".pq-notice")
    assert visit.text(".pq-ask-all") == "Ask all posts instead"
    _choose(visit, "since", "2021")
    assert _chips(visit) == ["since 2021"]
    visit.ask(QUESTION, until=".pq-confidence")
    assert "Asked only of posts with since 2021." in visit.text("#pq-log .pq-answer")
    assert "since=2021" in visit.driver.current_url
    assert {card.get_attribute("id") for card in visit.all("#pq-panel [id^='pq-2-']")}


def test_a_refusal_under_a_filter_says_so_and_asks_all_posts_on_a_click(visit: Visit) -> None:
    _choose(visit, "posts", "Bees of the island")
    visit.ask(QUESTION, until=".pq-ask-all")
    assert "Asked only of posts" in visit.text("#pq-log .pq-warning")
    visit.click(".pq-ask-all a")
    visit.wait(lambda: visit.all("#pq-log .pq-answer"))
    assert "Ingrid Holm" in visit.text("#pq-log .pq-answer")
    assert "Asked only" not in visit.text("#pq-log .pq-answer")


def test_chips_are_taken_off_by_key_one_by_one_and_by_starting_over(visit: Visit) -> None:
    for kind, value in (("posts", "Bees of the island"), ("authors", "Mara Quill"), ("until", "2022-03")):
        _choose(visit, kind, value)
    assert _chips(visit) == ["Bees of the island", "by Mara Quill", "until 2022-03"]
    visit.all(".pq-chip")[1].send_keys(Keys.ENTER)
    assert _chips(visit) == ["Bees of the island", "until 2022-03"]
    assert visit.driver.switch_to.active_element.get_attribute("textContent") == "until 2022-03"
    visit.click("#pq-clear")
    visit.wait(lambda: not _chips(visit))
    visit.ask(QUESTION, until=".pq-answer")
    assert "Asked only" not in visit.text("#pq-log .pq-answer")


@pytest.mark.parametrize(("kind", "value", "problem"), [("since", "soon", "A date is"), ("posts", "Bees", "No post")])
def test_what_is_no_filter_is_said_and_stays_to_be_mended(visit: Visit, kind: str, value: str, problem: str) -> None:
    _choose(visit, kind, value)
    visit.wait(lambda: problem in visit.text(".pq-filter-problem"))
    assert not _chips(visit)
    assert visit.first(f"#pq-filter-{kind}").get_attribute("value") == value


def test_the_filters_of_an_address_are_chips_with_the_posts_titles(browser: webdriver.Chrome, site: Site) -> None:
    address = urlencode({"q": QUESTION, "posts": "lighthouse", "since": "2021"})
    visit = Visit(browser, f"{site.address}?{address}")
    visit.wait(lambda: _chips(visit) == ["The lighthouse on Gull Rock", "since 2021"])
    visit.wait(lambda: visit.all("#pq-log .pq-answer"))
    assert "Asked only of posts with title The lighthouse on Gull Rock, since 2021." in visit.text("#pq-log .pq-answer")
