"""Who says what and the page's addresses: ?q= asks, #post= opens a sentence, tabs and filters come back."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request

import pytest
from selenium import webdriver

from qa.survey.records import Survey
from qa.web.survey_tab import survey_html
from tests.qa.web.page_elements import Site
from tests.qa.web.visit import Visit

QUESTION = "Who has steered the ferry?"


def _fetched(site: Site, **asked: str) -> str:
    with urllib.request.urlopen(f"{site.address}page/survey?{urllib.parse.urlencode(asked)}") as reply:
        return str(reply.read().decode())


def test_the_route_gives_the_counts_and_the_rows(site: Site) -> None:
    rows = _fetched(site, q=QUESTION)
    assert "2 of 4 posts say so" in rows
    assert rows.count('class="pq-stance-answer"') == 2
    assert "silent</summary>" in rows


def test_filters_are_obeyed_and_a_bad_one_is_refused(site: Site) -> None:
    assert "published since 2021" in _fetched(site, q=QUESTION, since="2021").replace("&#45;", "-")
    with pytest.raises(urllib.error.HTTPError) as caught:
        _fetched(site, q=QUESTION, since="soon")
    assert caught.value.code == 422


def test_nothing_of_a_hostile_post_becomes_markup(site: Site) -> None:
    survey: Survey = site.assistant.survey(QUESTION)
    row = survey.rows[0]
    hostile = row.model_copy(update={"post": row.post.model_copy(update={"title": "<script>alert(1)</script>"})})
    html = survey_html(survey.model_copy(update={"rows": (hostile,), "question": "<img src=x onerror=alert(1)>"}))
    assert "<script" not in html
    assert "<img" not in html


def test_an_address_asks_and_a_reload_does_not_ask_again(browser: webdriver.Chrome, site: Site) -> None:
    visit = Visit(browser, f"{site.address}?{urllib.parse.urlencode({'q': QUESTION})}")
    visit.wait(lambda: visit.all("#pq-log .pq-tools"))
    visit.wait(lambda: visit.kept() > 1)
    visit.reload()
    visit.wait(lambda: visit.all("#pq-log .pq-tools"))
    assert len(visit.all("#pq-log .user-row")) == 1


def test_a_question_and_an_opened_sentence_are_in_the_address_and_back_leads_out(visit: Visit) -> None:
    visit.ask(QUESTION, ".pq-card")
    visit.wait(lambda: "q=Who+has+steered" in visit.driver.current_url)
    visit.click(".pq-card .pq-read")
    visit.wait(lambda: "#post=ferry" in visit.driver.current_url and "&at=" in visit.driver.current_url)
    shared = visit.driver.current_url
    visit.driver.back()
    visit.wait(lambda: not visit.all("#pq-reader")[0].is_displayed())
    visit.driver.forward()
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert "Captain Oda Lind" in "".join(mark.text for mark in visit.all("#pq-reader mark"))
    assert visit.driver.current_url == shared


def test_a_tab_and_its_question_are_in_the_address(browser: webdriver.Chrome, site: Site) -> None:
    visit = Visit(browser, f"{site.address}?{urllib.parse.urlencode({'tab': 'survey', 'q': QUESTION})}")
    visit.wait(lambda: "2 of 4 posts say so" in visit.text(".pq-survey-counts"))
    assert not visit.all("#pq-log .user-row")
    visit.click("#pq-tab-posts-button")
    visit.wait(lambda: "tab=posts" in visit.driver.current_url)
    visit.driver.back()
    visit.wait(visit.all("#pq-survey-question")[0].is_displayed)
    assert "tab=survey" in visit.driver.current_url


def test_a_question_for_posts_leads_to_the_survey(visit: Visit) -> None:
    visit.ask("Which posts mention the ferry?", ".pq-sources")
    visit.wait(lambda: visit.all(".pq-survey-counts") and visit.all(".pq-survey-counts")[0].is_displayed())
    assert "tab=survey" in visit.driver.current_url


def test_the_evidence_sheet_of_an_answer_stands(visit: Visit) -> None:
    visit.ask(QUESTION, ".pq-card")
    visit.driver.get(str(visit.first('.pq-of-turn a[href*="a/"]').get_attribute("href")))
    visit.wait(lambda: "Still stands" in visit.text(".verdict"))
    assert visit.asked_hosts() <= {visit.address}
