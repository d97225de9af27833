"""Servers for tests: the project's own over a small index, and a stand-in for a language model's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.ports import free_port
from tests.stand_ins import WordHashEncoder, plain_weights

if TYPE_CHECKING:
    from qa import Assistant
    from tests.qa.answering.llm.model_server import ModelServer
    from tests.qa.server.clients import Door, Opens


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A language model's server, of which a test decides what it says."""
    from tests.qa.answering.llm.model_server import served

    with served() as one:
        yield one


@pytest.fixture
def opens(small_index: Path) -> Iterator[Opens]:
    """Starts a server: `opens(assistant=None, **settings)`."""
    from qa import Assistant
    from qa.server.run import assembled, start
    from qa.server.settings import server_settings
    from tests.qa.server.clients import Door

    doors: list[Door] = []

    def opened(assistant: Assistant | None = None, **stated: Any) -> Door:
        answers = assistant or Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights())
        settings = server_settings(port=free_port(), **stated)
        doors.append(Door(start(assembled(answers, settings), settings), answers))
        return doors[-1]

    yield opened
    for door in doors:
        door.served.close()
        door.assistant.close()
