"""One line of JSON for each request, with an id that the answer carries too; no question's words unless asked for."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

LOGGER = logging.getLogger("postqa")


def log_to(stream: TextIO | None = None) -> None:
    """Write the server's log, and what libraries warn of, to a stream; None means standard error."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp=True))
    root = logging.getLogger()
    root.handlers[:] = [handler]  # before libraries put handlers of their own there
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)
    logging.captureWarnings(True)  # a generation that cannot be opened is told as a warning
