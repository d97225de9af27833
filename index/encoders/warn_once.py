"""What is worth saying once, and not at every question."""

from __future__ import annotations

import logging
from functools import cache

_log = logging.getLogger("postqa")


@cache
def say_once(text: str) -> None:
    """Log a warning, the first time only; without a configured log it is one line on standard error."""
    _log.warning("%s", text)
