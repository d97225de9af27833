"""The page in a real browser: ask, read, check a source, meet a refusal, survive a hostile post, on a phone too."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from qa import Answer
from qa.markdown import answer_markdown
from tests.qa.web.page_elements import HOSTILE, Site
from tests.qa.web.visit import Visit

QUESTION = "Who built the lighthouse on Gull Rock?"
TOWER = "How do I climb the tower?"


def test_a_question_is_answered_beside_its_source(visit: Visit, site: Site) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    answer = site.assistant.ask(QUESTION)
    assert visit.text("#pq-log .pq-answer").startswith(answer.text)
    assert visit.first("#pq-log .pq-confidence").text.endswith(" %")
    assert [visit.text(f"#pq-1-{n} mark") for n in range(1, len(answer.citations) + 1)] == [
        citation.quote for citation in answer.citations
    ]
    card = visit.text("#pq-1-1")
    for stated in ("The lighthouse on Gull Rock", "Coast Letters", "4 May 2021", "Mara Quill"):
        assert stated in card
    link = visit.first("#pq-1-1 .pq-external-link")
    assert (link.get_attribute("href") or "").startswith("https://coast.example/lighthouse#:~:text=Ingrid%20Holm")
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert visit.asked_hosts() == {visit.address}


def test_a_marker_opens_its_post_at_the_quote_of_an_earlier_question_too(visit: Visit, site: Site) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.ask(TOWER, until=".pq-confidence")
    visit.click('#pq-log a.pq-marker[href="#pq-1-1"]')
    visit.wait(lambda: visit.all("#pq-reader mark"))
    quote = site.assistant.ask(QUESTION).citations[0]
    assert visit.text("#pq-reader mark") == quote.quote
    assert visit.text("#pq-reader .pq-body") == quote.post.body
    assert visit.wait(lambda: visit.in_view("#pq-reader mark"))
    assert visit.driver.switch_to.active_element.tag_name == "mark"
    assert visit.driver.current_url.endswith(f"#post={quote.post.id}&at={quote.start}-{quote.end}")
    assert visit.first("#pq-reader .pq-similar a").is_displayed()


def test_the_pane_closes_by_key_and_gives_the_focus_back(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.first("#pq-log a.pq-marker").send_keys(Keys.ENTER)
    visit.wait(lambda: visit.all("#pq-reader mark"))
    visit.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not visit.first("#pq-reader").is_displayed()
    assert visit.driver.switch_to.active_element.get_attribute("href") == f"{visit.address}#pq-1-1"


def test_hovering_a_marker_shows_its_quote(visit: Visit, site: Site) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    marker = visit.first("#pq-log a.pq-marker")
    ActionChains(visit.driver).move_to_element(marker).perform()
    visit.wait(lambda: visit.all("#pq-tip") and visit.all("#pq-tip")[0].is_displayed())
    assert visit.text("#pq-tip q") == site.assistant.ask(QUESTION).citations[0].quote
    assert visit.first("#pq-tip").get_attribute("role") == "tooltip"


def test_a_card_leads_back_to_the_answer(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.click("#pq-1-1 a.pq-number")
    assert visit.driver.switch_to.active_element.get_attribute("id") == "pq-1-1-marker"


def test_a_question_about_one_post_is_asked_of_it_alone(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.click("#pq-log a.pq-marker")
    visit.click("#pq-reader .pq-about-post")
    visit.wait(lambda: "The lighthouse on Gull Rock" in visit.text(".pq-chips"))
    visit.ask("Who sells honey in summer?", until=".pq-confidence, .pq-refusal")
    assert "Asked only of posts with title The lighthouse on Gull Rock." in visit.text("#pq-log")


def test_asking_again_and_editing_change_the_turn_they_belong_to(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.ask("Which planet has rings?", until=".pq-refusal")
    visit.click('a[href="#pq-action-retry-1"]')
    visit.wait(lambda: visit.all('a[href="#pq-action-edit-3"]'))
    assert [row.text for row in visit.all(".pq-question")] == [QUESTION, "Which planet has rings?"]
    visit.click('a[href="#pq-action-edit-3"]')
    visit.wait(lambda: visit.entry.get_attribute("value") == QUESTION)
    visit.entry.clear()
    visit.ask(TOWER, until="#pq-log .pq-item")
    visit.wait(lambda: len(visit.all(".pq-question")) == 1)
    assert visit.first(".pq-question").text == TOWER


def test_a_conversation_is_restored_after_a_reload_and_no_longer_shown_after_starting_over(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    answer = visit.text("#pq-log .pq-answer")
    visit.wait(lambda: visit.kept() > 1)
    visit.reload()
    visit.wait(lambda: visit.all("#pq-log .pq-confidence"))
    assert visit.text("#pq-log .pq-answer") == answer
    assert visit.text("#pq-1-1 mark") in answer
    visit.ask(TOWER, until="#pq-log .pq-item")
    assert visit.all("#pq-2-1")
    visit.click("#pq-clear")
    visit.wait(lambda: visit.all(".pq-undo") and visit.all(".pq-undo")[0].is_displayed())
    visit.reload()
    visit.wait(lambda: visit.all("#pq-log .placeholder"))
    assert not visit.all("#pq-log .message-row")


def test_an_answer_is_copied_with_its_sources(visit: Visit, site: Site) -> None:
    visit.driver.execute_cdp_cmd(
        "Browser.grantPermissions",
        {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": visit.address},
    )
    visit.ask(QUESTION, until=".pq-confidence")
    link = visit.first('a[href="#pq-action-copy-1"]')
    link.click()
    visit.wait(lambda: link.text == "Copied")
    copied = visit.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == answer_markdown(site.assistant.ask(QUESTION))


def test_the_conversation_is_saved_as_a_file(visit: Visit, downloads: Path) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.click("#pq-export")
    file = visit.wait(lambda: next(iter(downloads.glob("*.md")), None))
    assert file.read_text(encoding="utf-8").startswith("## Who built the lighthouse on Gull Rock?\n\nIngrid Holm")


def test_a_list_is_quoted_whole(visit: Visit) -> None:
    visit.ask(TOWER, until=".pq-confidence")
    assert [item.text.split(". ")[0] for item in visit.all("#pq-log .pq-item")] == ["1", "2", "3"]


def test_a_refusal_looks_like_a_refusal(visit: Visit) -> None:
    visit.ask("Which planet has rings?", until=".pq-refusal")
    shown = visit.first(".pq-refusal")
    assert shown.is_displayed()
    assert "The posts do not say." in shown.text
    assert not visit.all(".pq-answer")
    assert visit.first(".pq-none").is_displayed()


def test_after_an_error_the_next_question_works_and_start_over_clears(visit: Visit) -> None:
    visit.ask(" ", until=".pq-notice")
    assert "The question is empty" in visit.text(".pq-notice")
    visit.ask(QUESTION, until=".pq-confidence")
    visit.click("#pq-clear")
    visit.wait(lambda: not visit.all("#pq-log .message-row"))
    assert visit.first(".pq-empty").is_displayed()


def test_screen_readers_hear_messages_and_not_their_source(visit: Visit) -> None:
    visit.ask(QUESTION, until=".pq-confidence")
    visit.wait(lambda: not visit.all("#pq-log [data-testid][aria-label]"))
    assert visit.all('#pq-log [role="log"][aria-live="polite"]')


def test_a_hostile_post_is_shown_and_does_nothing(
    browser: webdriver.Chrome, hostile_site: str, hostile: Answer
) -> None:
    visit = Visit(browser, hostile_site)
    assert visit.wait(lambda: visit.text("#pq-log .pq-example")) == HOSTILE.title
    visit.click("#pq-log .pq-example")
    visit.wait(lambda: visit.all(".pq-confidence"))
    assert visit.text(".pq-question") == HOSTILE.title
    assert visit.text(".pq-answer").startswith(hostile.text)
    assert visit.text("#pq-1-1 mark") == hostile.citations[0].quote
    assert HOSTILE.title in visit.text("#pq-1-1")
    visit.ask("refuse", until=".pq-refusal")
    assert HOSTILE.title in visit.text(".pq-refusal")
    made_of = "script, img, iframe, style, form, svg, b, strong, em, u, code, .katex"
    assert not visit.all(f":is(#pq-about, #pq-log [role=log], #pq-panel) :is({made_of})")
    assert not visit.all(
        '#pq-columns a:not([href^="#pq-"], [href="#"], .pq-of-turn [href^="?q="], .pq-of-turn [href^="a/"])'
    )
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert
    assert visit.asked_hosts() == {visit.address}


def test_the_page_fits_a_phone(visit: Visit) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    visit.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    visit.ask(QUESTION, until=".pq-confidence")
    assert visit.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    chat, panel = visit.first("#pq-chat").rect, visit.first("#pq-panel").rect
    assert panel["y"] >= chat["y"] + chat["height"]
    assert panel["width"] > 340
