"""The page with a language model behind it: words as they come, what is not borne out marked, quotes where it fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from qa import Assistant
from tests.qa.answering.llm.model_server import KEY, ModelServer, served
from tests.qa.server.clients import ApiClient, StartServer
from tests.qa.web.visit import Visit
from tests.stand_ins import WordHashEncoder, plain_weights

QUESTION = "Who built the lighthouse on Gull Rock?"


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with served() as server:
        yield server


@pytest.fixture
def client(start_server: StartServer, small_index: Path, model: ModelServer, tmp_path: Path) -> ApiClient:
    """A server of the small posts, where the model writes."""
    assistant = Assistant(
        small_index, encoder=WordHashEncoder(), weights=plain_weights(), writer=model.writer(seconds=30)
    )
    return start_server(assistant, feedback=tmp_path / "feedback.sqlite")


@pytest.fixture
def visit(browser: webdriver.Chrome, client: ApiClient, model: ModelServer) -> Iterator[Visit]:
    """Its page."""
    yield Visit(browser, client.server.address)
    model.freed.set()


def test_words_are_shown_while_the_model_still_writes_and_markers_lead_to_quotes(
    visit: Visit, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.web.conversation._UPDATE_SECONDS", 0.0)  # else words that come at once are shown together
    model.says("Ingrid Holm built the lighthouse ", "on Gull Rock in 1874 [1]. ", "It is painted red [1].", waits=True)
    visit.entry.send_keys(f"{QUESTION}\n")
    visit.wait(lambda: visit.all("#pq-log .pq-answer"))
    assert "Ingrid Holm built" in visit.text("#pq-log .pq-answer")
    assert not visit.all("#pq-log .pq-tools")
    model.freed.set()
    visit.wait(lambda: visit.all("#pq-log .pq-tools"))
    assert "written by tiny" in visit.text("#pq-log .pq-confidence")
    assert [label.text for label in visit.all("#pq-log .pq-unsupported")] == ["unsupported"]
    visit.click("#pq-log a.pq-marker")
    visit.wait(lambda: visit.all("#pq-reader mark"))
    assert "Ingrid Holm built the lighthouse on Gull Rock in 1874." in visit.text("#pq-reader mark")
    visit.reload()
    visit.wait(lambda: visit.all("#pq-log .pq-confidence"))
    assert [label.text for label in visit.all("#pq-log .pq-unsupported")] == ["unsupported"]


def test_where_the_model_fails_the_quotes_are_shown_with_a_warning(visit: Visit, model: ModelServer) -> None:
    model.does(status=500)
    visit.ask(QUESTION, until=".pq-confidence")
    assert "Ingrid Holm built the lighthouse on Gull Rock in 1874." in visit.text("#pq-log .pq-answer")
    assert visit.all("#pq-log .pq-warning")
    assert "written by" not in visit.text("#pq-log .pq-answer")
    assert KEY not in visit.driver.page_source


def test_starting_over_ends_an_answer_that_is_still_written(
    visit: Visit, client: ApiClient, model: ModelServer
) -> None:
    model.says("Ingrid Holm built ", "it [1]. ", "Indeed.", waits=True)
    visit.entry.send_keys(f"{QUESTION}\n")
    visit.wait(lambda: visit.all("#pq-log .pq-question"))
    visit.click("#pq-clear")
    visit.wait(lambda: not visit.all("#pq-log .message-row"))
    model.freed.set()
    visit.wait(lambda: "postqa_questions_inside 0.0" in client.send("GET", "/metrics").body.decode())
    model.says("Ingrid Holm built the lighthouse on Gull Rock [1].", waits=False)
    visit.ask(QUESTION, until=".pq-confidence")
    assert len(visit.all(".pq-question")) == 1
