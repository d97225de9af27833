"""The server's log: JSON for programs, short lines for a person."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from qa.server.logs import LOGGER, log_to


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        """As a terminal says."""
        return True


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """Other tests' log."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(False)


REQUEST = {"request_id": "a1", "method": "POST", "path": "/v1/ask", "status": 200, "ms": 35.2, "client": "::1"}


def test_a_request_is_a_line_of_json_in_a_file() -> None:
    stream = io.StringIO()
    log_to(stream)
    LOGGER.info("request", extra=REQUEST)
    assert json.loads(stream.getvalue()).items() >= REQUEST.items()


def test_a_request_is_a_short_line_on_a_terminal() -> None:
    stream = Terminal()
    log_to(stream)
    LOGGER.info("request", extra=REQUEST)
    LOGGER.info("request", extra=REQUEST | {"question": "Who founded it?"})
    LOGGER.warning("the index is damaged")
    lines = [line.partition(" ")[2] for line in stream.getvalue().splitlines()]
    assert lines == [
        "POST /v1/ask 200 35 ms",
        "POST /v1/ask 200 35 ms Who founded it?",
        "WARNING the index is damaged",
    ]
