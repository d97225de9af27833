"""A page that stays open while its server ends and another one begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

from qa import Assistant
from qa.server.app import create_app
from qa.server.run import RunningServer, start
from qa.server.settings import server_settings
from tests.ports import free_port
from tests.qa.web.visit import Visit

BUILT = "Who built the lighthouse on Gull Rock?"
TOWER = "How do I climb the tower?"


@pytest.fixture
def servers(web_assistant: Assistant, tmp_path: Path) -> Iterator[Iterator[RunningServer]]:
    """Servers on the same port, each beginning after the one before has ended."""
    settings = server_settings(port=free_port(), questions_per_minute=0, feedback=tmp_path / "feedback.sqlite")
    begun: list[RunningServer] = []

    def following() -> Iterator[RunningServer]:
        while True:
            for server in begun:
                server.close()
            begun.append(start(create_app(web_assistant, settings), settings))
            yield begun[-1]

    yield following()
    for server in begun:
        server.close()


def test_an_open_page_finds_the_next_server_and_keeps_its_conversation(
    browser: webdriver.Chrome, servers: Iterator[RunningServer]
) -> None:
    visit = Visit(browser, next(servers).address)
    visit.ask(BUILT, until=".pq-confidence")
    visit.wait(lambda: visit.kept() > 1)
    visit.entry.send_keys(TOWER)
    page = visit.entry
    next(servers)
    visit.wait(lambda: visit.all("#pq-log .pq-confidence") and visit.entry != page)
    visit.wait(lambda: visit.entry.get_property("value") == TOWER)
    visit.entry.send_keys("\n")
    visit.wait(lambda: len(visit.all("#pq-log .pq-confidence")) == 2)
    assert [row.text for row in visit.all(".pq-question")] == [BUILT, TOWER]
