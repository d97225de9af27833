"""The server's log: JSON for programs, short lines for a person."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.server.logs import LOGGER, log_to
from tests.stand_ins import build_small


class Terminal(io.StringIO):
    """A stream that a person watches."""

    def isatty(self) -> bool:
        """As a terminal says."""
        return True


@pytest.fixture(autouse=True)
def log_as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other tests' log."""
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


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


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_a_warning_is_one_line_without_the_place_in_the_code(stream: io.StringIO) -> None:
    log_to(stream)
    warnings.warn("serving gen-000001", stacklevel=1)
    warnings.warn("a library's own", RuntimeWarning, stacklevel=1)
    (line,) = stream.getvalue().splitlines()
    assert "serving gen-000001" in line
    assert "UserWarning" not in line


def test_the_web_entry_prints_no_raw_warning_of_a_damaged_index(tmp_path: Path) -> None:
    for _ in range(2):
        build_small(tmp_path)
    (tmp_path / "gen-000002" / "posts.sqlite").write_bytes(b"damaged")
    command = [sys.executable, "app.py"]  # which finds that another encoder has built the index, and ends
    environment = os.environ | {"QA_INDEX": str(tmp_path), "QA_ENCODER": ""}
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 3, done.stderr
    assert "serving gen-000001" in done.stderr
    assert "UserWarning" not in done.stderr
