"""How often one client may ask, or fail to log in."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class PerMinute:
    """At most so many events in any minute, for each client; 0 sets no limit."""

    def __init__(self, limit: int) -> None:
        self._item = RateLimitItemPerMinute(limit) if limit else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, client: str) -> int:
        """Count an event; 0 when it is within the limit, else in how many seconds the next will be."""
        return self._wait(client, self._limiter.hit)

    def wait(self, client: str) -> int:
        """As `hit`, without counting."""
        return self._wait(client, self._limiter.test)

    def _wait(self, client: str, is_allowed: Callable[[RateLimitItemPerMinute, str], bool]) -> int:
        if self._item is None or is_allowed(self._item, client):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(self._item, client).reset_time - time.time()))
