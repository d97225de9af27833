"""Servers over a small index, each with the settings a test wants, on a port of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qa import Assistant
from qa.server.run import assembled, start
from qa.server.settings import server_settings
from tests.server.doors import Door, Opens
from tests.stand_ins import WordHashEncoder, plain_weights
from tests.web.parts import free_port


@pytest.fixture
def opens(small_index: Path) -> Iterator[Opens]:
    """Starts a server: `opens(assistant=None, **settings)`."""
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
