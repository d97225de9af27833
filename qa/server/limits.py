"""How often one client may ask, or fail to log in."""

from __future__ import annotations

import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class PerMinute:
    """So many of something in any minute, for each client; 0 sets no limit."""

    def __init__(self, most: int) -> None:
        self._item = RateLimitItemPerMinute(most) if most else None
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, client: str) -> int:
        """Count one; 0 when it is within the limit, else in how many seconds the next will be."""
        if self._item is None or self._limiter.hit(self._item, client):
            return 0
        return self._wait(self._item, client)

    def spent(self, client: str) -> int:
        """The same, without counting."""
        if self._item is None or self._limiter.test(self._item, client):
            return 0
        return self._wait(self._item, client)

    def _wait(self, item: RateLimitItemPerMinute, client: str) -> int:
        return max(1, math.ceil(self._limiter.get_window_stats(item, client).reset_time - time.time()))
