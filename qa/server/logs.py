"""The log: for each request a line, with questions' words only if set; JSON, or short where a person watches."""

from __future__ import annotations

import logging
import sys
import warnings
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

LOGGER = logging.getLogger("postqa")


class ShortFormatter(logging.Formatter):
    """`12:03:05 POST /v1/ask 200 35 ms` for a request, `12:03:05 WARNING the message` for the rest."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's own name
        """The line, without a traceback."""
        request = "{method} {path} {status} {ms:.0f} ms {question}"
        if record.name == LOGGER.name and "path" in vars(record):
            record.message = request.format_map({"question": ""} | vars(record)).rstrip()
        else:
            record.message = f"{record.levelname} {record.message}"
        return super().formatMessage(record)


def log_to(stream: TextIO | None = None) -> None:
    """Write the server's log and warnings to a stream; None means standard error."""
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    as_json = JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp=True)
    handler.setFormatter(ShortFormatter() if stream.isatty() else as_json)
    root = logging.getLogger()
    root.handlers[:] = [handler]  # before libraries put handlers of their own there
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)
    warnings.showwarning = _log_warning  # a generation that cannot be opened is reported as a warning


def _log_warning(message: Warning | str, category: type[Warning], *_: Any, **__: Any) -> None:
    """A warning of ours as a line of the log; what libraries warn their programmers of is for debugging."""
    LOGGER.log(logging.WARNING if category is UserWarning else logging.DEBUG, "%s", message)
