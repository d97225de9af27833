"""Thumbs in a real browser: each lands on its own answer, after a reload, asking again and editing too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from qa import Assistant
from qa.evaluation.feedback import Feedback
from qa.server.app import create_app
from qa.server.run import start
from qa.server.settings import server_settings
from tests.ports import free_port
from tests.qa.web.visit import Visit

BUILT = "Who built the lighthouse on Gull Rock?"
TOWER = "How do I climb the tower?"
FERRY = "Who has steered the ferry since 1998?"


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "feedback.sqlite")


@pytest.fixture
def address(web_assistant: Assistant, feedback: Feedback) -> Iterator[str]:
    settings = server_settings(port=free_port(), questions_per_minute=0, feedback=feedback.path)
    served = start(create_app(web_assistant, settings), settings)
    yield served.address
    served.close()


@pytest.fixture
def visit(address: str, browser: webdriver.Chrome) -> Visit:
    """The browser comes after the server and goes before it: an open page would hold the server up."""
    return Visit(browser, address)


def _votes(visit: Visit) -> list[str]:
    """What stands on the thumbs of every answer, from the first to the last."""
    css = '#pq-log :is(a[href^="#pq-action-like-"], a[href^="#pq-action-dislike-"])'
    script = "return [...document.querySelectorAll(arguments[0])].map(link => link.textContent)"
    return list(visit.driver.execute_script(script, css))


def _vote(visit: Visit, action: str, turn: int) -> None:
    before = _votes(visit)
    visit.click(f'#pq-log a[href="#pq-action-{action}-{turn}"]')
    visit.wait(lambda: _votes(visit) != before)


def _two_answers(visit: Visit) -> None:
    for question in (BUILT, TOWER):
        visit.ask(question, until='#pq-log a[href^="#pq-action-like-"]')


def test_a_vote_is_kept_with_its_comment_and_shown_on_its_answer_after_a_reload(
    visit: Visit, feedback: Feedback
) -> None:
    _two_answers(visit)
    _vote(visit, "dislike", 1)
    visit.wait(lambda: visit.all("#pq-comment-box textarea"))
    visit.first("#pq-comment-box textarea").send_keys("the year is missing")
    visit.click("#pq-comment-send")
    visit.wait(lambda: [vote.comment for vote in feedback.votes()] == ["the year is missing"])
    (kept,) = feedback.votes()
    assert (kept.vote, kept.receipt.question) == (-1, BUILT)
    assert kept.answer_text.startswith("Ingrid Holm built")
    size = visit.kept()
    visit.wait(lambda: visit.kept() == size)
    visit.reload()
    visit.wait(lambda: len(_votes(visit)) == 4)
    assert _votes(visit) == ["Helpful", "Not helpful ✓", "Helpful", "Not helpful"]


def test_a_vote_changed_after_a_reload_replaces_the_first_and_clicked_again_is_taken_back(
    visit: Visit, feedback: Feedback
) -> None:
    _two_answers(visit)
    _vote(visit, "like", 2)
    visit.reload()
    visit.wait(lambda: "Helpful ✓" in _votes(visit))
    _vote(visit, "dislike", 2)
    assert _votes(visit) == ["Helpful", "Not helpful", "Helpful", "Not helpful ✓"]
    assert [(vote.vote, vote.receipt.question) for vote in feedback.votes()] == [(-1, TOWER)]
    _vote(visit, "dislike", 2)
    assert _votes(visit) == ["Helpful", "Not helpful"] * 2
    assert feedback.votes() == []


def test_asking_again_keeps_other_votes_and_begins_without_one(visit: Visit, feedback: Feedback) -> None:
    _two_answers(visit)
    _vote(visit, "like", 1)
    _vote(visit, "dislike", 2)
    visit.click('#pq-log a[href="#pq-action-retry-1"]')
    visit.wait(lambda: visit.all('#pq-log a[href="#pq-action-like-3"]'))
    assert _votes(visit) == ["Helpful", "Not helpful", "Helpful", "Not helpful ✓"]
    _vote(visit, "dislike", 3)
    assert _votes(visit) == ["Helpful", "Not helpful ✓"] * 2
    assert sorted((vote.vote, vote.receipt.question) for vote in feedback.votes()) == [
        (-1, TOWER),
        (-1, BUILT),
        (1, BUILT),
    ]


def test_an_edited_question_takes_its_votes_place_and_not_the_vote(visit: Visit, feedback: Feedback) -> None:
    _two_answers(visit)
    _vote(visit, "like", 1)
    _vote(visit, "like", 2)
    visit.click('#pq-log a[href="#pq-action-edit-2"]')
    visit.wait(lambda: visit.entry.get_property("value") == TOWER)
    visit.entry.clear()
    visit.entry.send_keys(FERRY, Keys.ENTER)
    # The question is shown before the answer takes the old one's place.
    visit.wait(lambda: _votes(visit) == ["Helpful ✓", "Not helpful", "Helpful", "Not helpful"])
    assert [row.text for row in visit.all(".pq-question")][1:] == [FERRY]
    size = visit.kept()
    visit.wait(lambda: visit.kept() == size)
    visit.reload()
    visit.wait(lambda: len(_votes(visit)) == 4)
    assert _votes(visit) == ["Helpful ✓", "Not helpful", "Helpful", "Not helpful"]
    assert [(vote.vote, vote.receipt.question) for vote in feedback.votes()] == [(1, BUILT), (1, TOWER)]


def test_a_vote_that_cannot_be_kept_is_not_shown_as_kept(visit: Visit, feedback: Feedback) -> None:
    feedback.path.write_text("this is no file of votes, and stays as it is", encoding="utf-8")
    _two_answers(visit)
    visit.click('#pq-log a[href="#pq-action-like-1"]')
    visit.ask(BUILT, until='#pq-log a[href^="#pq-action-like-"]')
    assert _votes(visit) == ["Helpful", "Not helpful"] * 3
