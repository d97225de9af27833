"""An answer that is told while it is made: one thread works, another thread or a coroutine listens."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from enum import Enum
from threading import Event
from typing import Literal

from qa.answer import Answer
from qa.answering.llm.stream import closing_iterator

Piece = str | Answer
Submit = Callable[[Callable[[], None]], "Future[None]"]


class _End(Enum):
    """What is told when nothing more comes."""

    END = "end"


Told = Piece | Literal[_End.END]


class Heard:
    """Pieces for a thread that waits for them."""

    def __init__(self) -> None:
        self._told: queue.SimpleQueue[Told] = queue.SimpleQueue()

    def put(self, piece: Told) -> None:
        """Tell a piece, from any thread."""
        self._told.put(piece)

    def until(self, end: float) -> Iterator[Piece]:
        """The pieces as they come, until a moment of the monotonic clock.

        Raises:
            TimeoutError: The moment has come before the end.
        """
        while True:
            try:
                piece = self._told.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError from None
            if piece is _End.END:
                return
            yield piece


class HeardSoon:
    """Pieces for a coroutine of the running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._told: asyncio.Queue[Told] = asyncio.Queue()

    def put(self, piece: Told) -> None:
        """Tell a piece, from any thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._told.put_nowait, piece)

    async def next_until(self, end: float) -> Piece | None:
        """The next piece, None after the last.

        Raises:
            TimeoutError: A moment of the monotonic clock has come before it.
        """
        piece = await asyncio.wait_for(self._told.get(), max(0.0, end - time.monotonic()))
        return None if piece is _End.END else piece


@contextmanager
def telling(made: Callable[[], Iterator[Piece]], put: Callable[[Told], None], submit: Submit) -> Iterator[Future[None]]:
    """Have an answer made by a thread, and told; the work ends when the context is left, at the next piece.

    The first piece is empty and says that the question was taken; a failure is the future's.
    """
    gone = Event()

    def work() -> None:
        with closing_iterator(made()) as pieces:
            put("")
            for piece in pieces:
                if gone.is_set():
                    return
                put(piece)

    asked = submit(work)
    asked.add_done_callback(lambda _: put(_End.END))
    try:
        yield asked
    finally:
        gone.set()
        asked.cancel()
