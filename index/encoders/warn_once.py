"""Warnings that are logged once, not at every question."""

from __future__ import annotations

import logging
from functools import cache

_log = logging.getLogger("postqa")


@cache
def warn_once(text: str) -> None:
    """Log a warning the first time only; without logging configured it is one line on standard error."""
    _log.warning("%s", text)
