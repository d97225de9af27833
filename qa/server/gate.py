"""Admission of questions: how many are worked on at once, how many wait, and how long they may take."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Lock
from typing import TypeVar

from index.errors import PostqaError
from index.filters import Filters
from qa.answer import Answer
from qa.assistant import Assistant
from qa.question.followup import Turn
from qa.records import Citation, SearchResult
from qa.server.metrics import Metrics
from qa.server.settings import ServerSettings
from qa.server.streaming import AsyncPieceQueue, Piece, PieceQueue, produced
from qa.survey.records import Survey
from qa.survey.request import asks_for_posts

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
    """Admits questions to an assistant, up to a limit; has the assistant's methods for the page.

    A question that ran out of time keeps its place until it is really done: the questions worked on are never more
    than `concurrent`. Every method that asks raises Overloaded where too many questions wait, TooSlow where the answer
    takes too long, and the assistant's own PostqaError.
    """

    def __init__(self, assistant: Assistant, settings: ServerSettings, metrics: Metrics) -> None:
        self.assistant = assistant
        self._settings = settings
        self._metrics = metrics
        self._pool = ThreadPoolExecutor(settings.concurrent, thread_name_prefix="question")
        self._lock = Lock()
        self._admitted = 0
        metrics.follow(self)

    @property
    def admitted(self) -> int:
        """How many questions are worked on or wait."""
        return self._admitted

    def ask(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """Answer a question; blocks the calling thread."""
        return self._answer(partial(self.assistant.ask, question, history=history, filters=filters))

    def quote(self, question: str) -> Answer:
        """As `ask`, in the posts' own words also where there is a writer."""
        return self._answer(partial(self.assistant.quote, question))

    def stream(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Iterator[Piece]:
        """The words of an answer as they come, and at last the answer; closing the iterator ends the work."""
        pieces = PieceQueue()
        make = partial(self.assistant.stream, question, history=history, filters=filters)
        with self._counted() as counted, produced(make, pieces.put, self._submit) as work:
            for piece in pieces.until(self._deadline()):
                if piece != "":
                    yield counted(piece) if isinstance(piece, Answer) else piece
            work.result()

    async def ask_async(self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None) -> Answer:
        """As `ask`, for coroutines."""
        ask = partial(self.assistant.ask, question, history=history, filters=filters)
        with self._counted() as counted:
            return counted(await self._awaited(ask, self._time_limit))

    async def stream_async(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> AsyncGenerator[Piece, None]:
        """As `stream`, for coroutines; the first piece is empty, and comes when the question is accepted."""
        pieces = AsyncPieceQueue()
        make = partial(self.assistant.stream, question, history=history, filters=filters)
        with self._counted() as counted, produced(make, pieces.put, self._submit) as work:
            async for piece in pieces.until(self._deadline()):
                yield counted(piece) if isinstance(piece, Answer) else piece
            work.result()

    async def search_async(self, question: str, k: int, *, filters: Filters | None = None) -> SearchResult:
        """The k best passages for a question."""
        return await self.run_async(partial(self.assistant.search_result, question, k, filters=filters))

    async def suggest_async(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None
    ) -> Citation | None:
        """The best quote for a question that is still being typed."""
        return await self.run_async(partial(self.assistant.suggest, question, history=history, filters=filters))

    async def survey_async(self, question: str, *, filters: Filters | None = None) -> Survey:
        """What each post says to a question."""
        return await self.run_async(partial(self.assistant.survey, question, filters=filters))

    async def led_to_async(self, question: str, *, filters: Filters | None = None) -> Survey | None:
        """The survey that a question leads to; None where it does not ask for posts."""
        return await self.survey_async(question, filters=filters) if asks_for_posts(question) else None

    async def run_async(self, call: Callable[[], T]) -> T:
        """The result of a call that takes a question's place."""
        with self._counted():
            return await self._awaited(call, self._settings.seconds)

    def close(self) -> None:
        """Finish what runs; nothing new is admitted."""
        self._pool.shutdown(wait=True)

    def _answer(self, call: Callable[[], Answer]) -> Answer:
        with self._counted() as counted:
            return counted(self._submit(call).result(self._time_limit))

    async def _awaited(self, call: Callable[[], T], seconds: float) -> T:
        return await asyncio.wait_for(asyncio.wrap_future(self._submit(call)), seconds)

    @property
    def _time_limit(self) -> float:
        """Seconds that a question may take; a writer that uses all of its own still leaves those of the quotes."""
        writer = self.assistant.writer
        return self._settings.seconds + (writer.seconds if writer is not None else 0.0)

    def _deadline(self) -> float:
        return time.monotonic() + self._time_limit

    @contextmanager
    def _counted(self) -> Iterator[Callable[[Answer], Answer]]:
        """Count the outcome of a question; a time-out becomes TooSlow."""
        begun, is_answered = time.perf_counter(), False

        def counted(answer: Answer) -> Answer:
            nonlocal is_answered
            is_answered = True
            self._metrics.answered(answer, time.perf_counter() - begun)
            return answer

        try:
            yield counted
        except TimeoutError:
            error = TooSlow(
                "the answer took too long", seen=f"{self._time_limit:g} seconds", remedy="Ask more briefly."
            )
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
            if self._admitted >= self._settings.concurrent + self._settings.waiting:
                raise Overloaded("too many questions are waiting", seen=self._admitted, remedy="Ask again in a second.")
            self._admitted += 1
        future = self._pool.submit(call)
        future.add_done_callback(self._release)
        return future

    def _release(self, _: object) -> None:
        with self._lock:
            self._admitted -= 1
