"""An answer streamed while it is made: one thread works, another thread or a coroutine takes the pieces."""

from __future__ import annotations

import asyncio
import queue
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Event

from qa.answer import Answer
from qa.answering.llm.stream import closing_iterator

Piece = str | Answer
Put = Callable[[Piece | None], None]
"""Takes the next piece, and None after the last."""
Submit = Callable[[Callable[[], None]], "Future[None]"]


class PieceQueue:
    """Pieces for a thread that waits for them."""

    def __init__(self) -> None:
        self._pieces: queue.SimpleQueue[Piece | None] = queue.SimpleQueue()
        self.put: Put = self._pieces.put

    def until(self, deadline: float) -> Iterator[Piece]:
        """The pieces as they come, until a time of the monotonic clock.

        Raises:
            TimeoutError: The deadline has passed before the last piece.
        """
        try:
            while (piece := self._pieces.get(timeout=max(0.0, deadline - time.monotonic()))) is not None:
                yield piece
        except queue.Empty:
            raise TimeoutError from None


class AsyncPieceQueue:
    """Pieces for a coroutine of the running loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pieces: asyncio.Queue[Piece | None] = asyncio.Queue()

    def put(self, piece: Piece | None) -> None:
        """Add a piece, from any thread."""
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)

    async def until(self, deadline: float) -> AsyncIterator[Piece]:
        """As `PieceQueue.until`."""
        while (piece := await asyncio.wait_for(self._pieces.get(), max(0.0, deadline - time.monotonic()))) is not None:
            yield piece


@contextmanager
def produced(pieces: Callable[[], Iterator[Piece]], put: Put, submit: Submit) -> Iterator[Future[None]]:
    """Have a thread make pieces and put them; leaving the context ends the work at the next piece.

    The first piece is empty and says that the question was accepted; a failure is the future's.
    """
    cancelled = Event()

    def work() -> None:
        with closing_iterator(pieces()) as made:
            put("")
            for piece in made:
                if cancelled.is_set():
                    return
                put(piece)

    future = submit(work)
    future.add_done_callback(lambda _: put(None))
    try:
        yield future
    finally:
        cancelled.set()
        future.cancel()
