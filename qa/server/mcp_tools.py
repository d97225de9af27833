"""The tools that other programs' language models may use, over the Model Context Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI
from pydantic import Field
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import PostqaError
from index.filters import Filters
from qa.render import answer_to_json, passage_to_json
from qa.server.gate import Gate

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"
_ABOUT = (
    "A corpus of posts. Every answer rests on sentences quoted from posts, each with its exact place; where the posts "
    "do not answer, that is said, and should be passed on as it is."
)
_Question = Annotated[str, Field(description="The question, in plain words and by itself, at most 2,000 characters.")]
_Filters = Annotated[Filters | None, Field(description="Only posts of these ids, authors, publishers or dates.")]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def mcp_routes(gate: Gate) -> tuple[Sequence[BaseRoute], Lifespan | None]:
    """The route of the tools and what must run beside it; nothing where the extra `mcp` is not installed."""
    if find_spec("mcp") is None:
        return (), None
    tools = Tools(gate)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await tools.close()

    return (Route(PATH, tools),), lifespan


class Tools:
    """The tools' ASGI application, made for the first who asks: the SDK takes most of a second to import."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lock = asyncio.Lock()
        self._app: ASGIApp | None = None
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the SDK's application."""
        async with self._lock:
            app = self._app or await self._begin()
        await app(scope, receive, send)

    async def close(self) -> None:
        """End what runs."""
        self._ended.set()
        if self._task:
            await self._task

    async def _begin(self) -> ASGIApp:
        server = await asyncio.to_thread(mcp_server, self._gate)
        app = _streamable(server)
        begun = asyncio.Event()
        self._task = asyncio.create_task(self._run(server, begun))
        await begun.wait()
        if self._task.done():
            await self._task  # which tells why it ended before it began
        self._app = app
        return app

    async def _run(self, server: MCPServer[Any], begun: asyncio.Event) -> None:
        """Have the sessions' manager at work; it must be left by the task that entered it."""
        try:
            async with server.session_manager.run():
                begun.set()
                await self._ended.wait()
        finally:
            begun.set()


def _streamable(server: MCPServer[Any]) -> ASGIApp:
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415  # an extra

    # Strangers' pages and hosts are refused by this project's own middleware, before anything gets here.
    guard = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=guard
    )


def mcp_server(gate: Gate) -> MCPServer[Any]:
    """The tools `ask` and `search` over a gate."""
    from mcp.server.mcpserver import MCPServer  # noqa: PLC0415  # an extra
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415

    server: MCPServer[Any] = MCPServer("postqa", instructions=_ABOUT)

    @server.tool()
    async def ask(question: _Question, filters: _Filters = None) -> dict[str, Any]:
        """Answer a question with sentences quoted from the posts, or say that the posts do not answer it.

        `text` is the answer with markers such as [1]; `citations` has each marker's quote, its post and its place in
        it; `answered` is false for a refusal, and `nearest` then names the posts that come nearest. Where
        `written_by` names a language model, the text is its own: `statements` says which of its sentences
        (characters `start` to `end` of `text`) the quotes support.
        """
        try:
            return answer_to_json(await gate.ask_soon(question, filters=filters))
        except PostqaError as error:
            raise ToolError(str(error)) from error

    @server.tool()
    async def search(
        question: _Question,
        k: Annotated[int, Field(ge=1, le=50, description="How many passages.")] = 5,
        filters: _Filters = None,
    ) -> dict[str, Any]:
        """Find the passages of the posts nearest to a question, best first, each with its post and place."""
        try:
            passages = await gate.search_soon(question, k, filters=filters)
        except PostqaError as error:
            raise ToolError(str(error)) from error
        return {"passages": [passage_to_json(one) for one in passages]}

    return server
