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
    from tests.qa.server.clients import ApiClient, StartServer


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A stand-in for a language model's server; the test decides its replies."""
    from tests.qa.answering.llm.model_server import served

    with served() as model_server:
        yield model_server


@pytest.fixture
def start_server(small_index: Path) -> Iterator[StartServer]:
    """Starts a server: `start_server(assistant=None, **settings)`."""
    from qa import Assistant
    from qa.server.app import create_app
    from qa.server.run import start
    from qa.server.settings import server_settings
    from tests.qa.server.clients import ApiClient

    clients: list[ApiClient] = []

    def started(assistant: Assistant | None = None, **stated: Any) -> ApiClient:
        answers = assistant or Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights())
        settings = server_settings(port=free_port(), **stated)
        clients.append(ApiClient(start(create_app(answers, settings), settings), answers))
        return clients[-1]

    yield started
    for client in clients:
        client.server.close()
        client.assistant.close()
