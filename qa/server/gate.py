"""How many questions are worked on at once, how many wait, and how long: beyond, people are told to come back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import TypeVar

from index.errors import PostqaError
from index.filters import Filters
from qa.answer import Answer
from qa.assistant import Assistant
from qa.question.followup import Turn
from qa.records import Passage
from qa.server.metrics import Metrics
from qa.server.settings import ServerSettings
from qa.server.streaming import Heard, HeardSoon, Told, telling

T = TypeVar("T")


class Overloaded(PostqaError):
    """As many questions wait as may.

    Attributes:
        retry_after: Seconds after which it is worth asking again.
    """

    retry_after = 1


class TooSlow(PostqaError):
    """An answer was not there in time."""


class Gate:
    """Lets questions through to an assistant; looks like one to the page.

    A question that ran out of time keeps its place until it is really done: what is worked on never grows
    beyond `concurrent`.
    """

    def __init__(self, assistant: Assistant, settings: ServerSettings, metrics: Metrics) -> None:
        self.assistant = assistant
        self._settings = settings
        self._metrics = metrics
        self._pool = ThreadPoolExecutor(settings.concurrent, thread_name_prefix="question")
        self._lock = Lock()
        self._inside = 0
        metrics.follow(self)

    @property
    def inside(self) -> int:
        """How many questions are worked on or wait."""
        return self._inside

    def ask(self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None) -> Answer:
        """Answer a question, from a thread that may wait for it.

        Raises:
            Overloaded: Too many wait already.
            TooSlow: It took too long.
            PostqaError: Whatever the assistant says of it.
        """
        return self._answered(lambda: self.assistant.ask(question, history=history, filters=filters))

    def quote(self, question: str) -> Answer:
        """The same in the posts' own words, also where there is a writer."""
        return self._answered(lambda: self.assistant.quote(question))

    async def ask_soon(self, question: str, *, history: Sequence[str] = (), filters: Filters | None = None) -> Answer:
        """The same, from a coroutine.

        Raises:
            Overloaded: Too many wait already.
            TooSlow: It took too long.
            PostqaError: Whatever the assistant says of it.
        """
        with self._counted() as counted:
            asked = self._submit(lambda: self.assistant.ask(question, history=history, filters=filters))
            return counted(await asyncio.wait_for(asyncio.wrap_future(asked), self._patience))

    def stream(
        self, question: str, *, history: Sequence[Answer] = (), filters: Filters | None = None
    ) -> Iterator[str | Answer]:
        """The words of an answer as they come, and at last the answer, for a thread that may wait for them.

        Who stops listening ends the work.

        Raises:
            Overloaded: Too many wait already.
            TooSlow: It took too long.
            PostqaError: Whatever the assistant says of it, before the first word.
        """
        heard = Heard()
        with self._counted() as counted, self._telling(question, history, filters, heard.put) as asked:
            for piece in heard.until(self._last_moment()):
                if piece:
                    yield counted(piece) if isinstance(piece, Answer) else piece
            asked.result()

    async def stream_soon(
        self, question: str, *, history: Sequence[str] = (), filters: Filters | None = None
    ) -> AsyncIterator[str | Answer]:
        """The same for a coroutine; the first piece is empty, and comes when the question was taken.

        Raises:
            Overloaded: Too many wait already.
            TooSlow: It took too long.
            PostqaError: Whatever the assistant says of it, before the first piece.
        """
        heard, end = HeardSoon(), self._last_moment()
        with self._counted() as counted, self._telling(question, history, filters, heard.put) as asked:
            while (piece := await heard.next_until(end)) is not None:
                yield counted(piece) if isinstance(piece, Answer) else piece
            asked.result()

    async def search_soon(self, question: str, k: int, *, filters: Filters | None = None) -> list[Passage]:
        """The k best passages for a question, from a coroutine.

        Raises:
            Overloaded: Too many wait already.
            TooSlow: It took too long.
            PostqaError: Whatever the assistant says of it.
        """
        with self._counted():
            asked = self._submit(lambda: self.assistant.search(question, k, filters=filters))
            return await asyncio.wait_for(asyncio.wrap_future(asked), self._settings.seconds)

    async def work_soon(self, call: Callable[[], T]) -> T:
        """What a call gives, from a coroutine; it takes a question's place.

        Raises:
            Overloaded: Too many wait already.
            TooSlow: It took too long.
        """
        with self._counted():
            worked = self._submit(call)
            return await asyncio.wait_for(asyncio.wrap_future(worked), self._settings.seconds)

    def close(self) -> None:
        """Finish what runs; nothing new is taken."""
        self._pool.shutdown(wait=True)

    def _answered(self, call: Callable[[], Answer]) -> Answer:
        with self._counted() as counted:
            return counted(self._submit(call).result(self._patience))

    @property
    def _patience(self) -> float:
        """Seconds that a question may take; a writer that uses all of its own still leaves those of the quotes."""
        writer = self.assistant.writer
        return self._settings.seconds + (writer.seconds if writer is not None else 0.0)

    def _last_moment(self) -> float:
        return time.monotonic() + self._patience

    def _telling(
        self, question: str, history: Sequence[Turn], filters: Filters | None, put: Callable[[Told], None]
    ) -> AbstractContextManager[Future[None]]:
        return telling(lambda: self.assistant.stream(question, history=history, filters=filters), put, self._submit)

    @contextmanager
    def _counted(self) -> Iterator[Callable[[Answer], Answer]]:
        """Count what becomes of a question; a time-out is named as what it is."""
        begun, is_answered = time.perf_counter(), False

        def counted(answer: Answer) -> Answer:
            nonlocal is_answered
            is_answered = True
            self._metrics.answered(answer, time.perf_counter() - begun)
            return answer

        try:
            yield counted
        except TimeoutError:
            error = TooSlow("the answer took too long", seen=f"{self._patience:g} seconds", remedy="Ask more briefly.")
            self._metrics.failed(error)
            raise error from None
        except Exception as error:
            self._metrics.failed(error)
            raise
        except (GeneratorExit, asyncio.CancelledError):
            if not is_answered:
                self._metrics.left()
            raise

    def _submit(self, call: Callable[[], T]) -> Future[T]:
        with self._lock:
            if self._inside >= self._settings.concurrent + self._settings.waiting:
                raise Overloaded("too many questions are waiting", seen=self._inside, remedy="Ask again in a second.")
            self._inside += 1
        asked = self._pool.submit(call)
        asked.add_done_callback(self._left)
        return asked

    def _left(self, _: object) -> None:
        with self._lock:
            self._inside -= 1
