"""The end of a server in bounded time: idle streams close at once, answers are finished, the rest is cancelled."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.server.logs import LOGGER

_UNWIND_SECONDS = 2.0  # that cancelled tasks may take to end
_POLL_SECONDS = 0.05  # between two looks for streams that have become idle
_CLOSE_IDLE = "close_idle"  # in the application's lifespan state


class BoundedServer(uvicorn.Server):
    """A uvicorn server that ends whatever its clients and its application do.

    uvicorn waits for an application's lifespan, and `asyncio.run` for every cancelled task, without a limit. Here, both
    have a moment; what has not ended by then is named in the log and left.
    """

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end."""
        loop = (self.config.get_loop_factory() or asyncio.new_event_loop)()
        try:
            loop.run_until_complete(self.serve(sockets))
        finally:
            loop.run_until_complete(_cancel_all())
            loop.close()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close idle streams, wait for answers up to the graceful limit, then end the application."""
        closing = asyncio.create_task(self._close_idle_streams())
        limit = (self.config.timeout_graceful_shutdown or 0) + _UNWIND_SECONDS
        await _within(limit, asyncio.create_task(super().shutdown(sockets)))
        closing.cancel()

    async def _close_idle_streams(self) -> None:
        close: Callable[[], None] = self.lifespan.state.get(_CLOSE_IDLE, lambda: None)
        while True:  # a stream may become idle when its answer is finished
            close()
            await asyncio.sleep(_POLL_SECONDS)


class IdleStreams:
    """Middleware that can end the streams that only wait for what may come.

    Args:
        is_idle: Whether a request's stream has nothing under way.
        stop: Ends background work that streams would go on to report.
    """

    def __init__(self, app: ASGIApp, is_idle: Callable[[Scope], bool], stop: Callable[[], None]) -> None:
        self.app = app
        self._is_idle = is_idle
        self._stop = stop
        self._open: dict[asyncio.Task[None] | None, Scope] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and end its response properly where it is closed as idle."""
        if scope["type"] == "lifespan":
            scope["state"][_CLOSE_IDLE] = self._close_idle
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_whole = True

        async def sent(message: Message) -> None:
            nonlocal is_whole
            is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        task = asyncio.current_task()
        self._open[task] = scope
        try:
            await self.app(scope, receive, sent)
        except asyncio.CancelledError:
            if task in self._open:  # cancelled by somebody else
                raise
        finally:
            self._open.pop(task, None)
        if not is_whole and self._is_idle(scope):
            await send({"type": "http.response.body"})

    def _close_idle(self) -> None:
        self._stop()
        for task in [task for task, scope in self._open.items() if self._is_idle(scope)]:
            del self._open[task]
            if task:
                task.cancel()


async def _cancel_all() -> None:
    """Cancel whatever still runs in this loop, then close its generators."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await _within(_UNWIND_SECONDS, *tasks)
    await _within(_UNWIND_SECONDS, asyncio.create_task(asyncio.get_running_loop().shutdown_asyncgens()))


async def _within(seconds: float, *tasks: asyncio.Task[None]) -> None:
    """Wait for tasks; those that have not ended in time are cancelled, named in the log and left."""
    if not tasks:
        return
    _, left = await asyncio.wait(tasks, timeout=seconds)
    for task in left:
        task.cancel()
        LOGGER.error("a task did not end with the server", extra={"task": repr(task)})
