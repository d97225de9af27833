"""The log: a line of JSON for each request, with the id that its answer carries; questions' words only if set."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

LOGGER = logging.getLogger("postqa")


def log_to(stream: TextIO | None = None) -> None:
    """Write the server's log and libraries' warnings to a stream; None means standard error."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp=True))
    root = logging.getLogger()
    root.handlers[:] = [handler]  # before libraries put handlers of their own there
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)
    logging.captureWarnings(True)  # a generation that cannot be opened is reported as a warning
