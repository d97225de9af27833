"""Tools for other programs' language models, over the Model Context Protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated, Any

import anyio
from anyio.abc import TaskGroup, TaskStatus
from fastapi import FastAPI
from pydantic import Field, SkipValidation
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from index.errors import PostqaError
from index.filters import Filters
from qa.question.followup import MOST_TURNS
from qa.render import answer_to_json, search_to_json
from qa.server.gate import Gate
from qa.survey.records import survey_to_json, with_survey

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer

PATH = "/mcp"
_INSTRUCTIONS = (
    "A corpus of posts. Every answer rests on sentences quoted from posts, each with its exact place; where the posts "
    "do not answer, that is said, and should be passed on as it is."
)
_Question = Annotated[str, Field(description="The question, in plain words and by itself, at most 2,000 characters.")]
_History = Annotated[
    list[str],
    Field(max_length=MOST_TURNS, description="The conversation's earlier questions, oldest first, for follow-ups."),
]
_Filters = Annotated[
    # Checked within the tool: what goes wrong before is hidden by the SDK.
    SkipValidation[Filters] | None,
    Field(description="Only posts of these ids, authors, publishers or dates."),
]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def mcp_routes(gate: Gate) -> tuple[Sequence[BaseRoute], Lifespan | None]:
    """The route of the tools, and the lifespan they need; nothing where the extra `mcp` is not installed."""
    if find_spec("mcp") is None:
        return (), None
    tools = Tools(gate)
    return (Route(PATH, tools),), tools.lifespan


class Tools:
    """The tools' ASGI application, made at the first request: the SDK takes most of a second to import."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._lock = asyncio.Lock()
        self._app: ASGIApp | None = None
        self._tasks: TaskGroup

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Within it the tools can be called; on leaving, their sessions end."""
        async with anyio.create_task_group() as self._tasks:
            yield
            self._tasks.cancel_scope.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the SDK's application."""
        async with self._lock:
            self._app = self._app or await self._start()
        await self._app(scope, receive, send)

    async def _start(self) -> ASGIApp:
        server = await run_in_threadpool(mcp_server, self._gate)
        app = _streamable(server)
        await self._tasks.start(_run_sessions, server)
        return app


async def _run_sessions(server: MCPServer[Any], *, task_status: TaskStatus[None]) -> None:
    async with server.session_manager.run():
        task_status.started()
        await anyio.sleep_forever()


def _streamable(server: MCPServer[Any]) -> ASGIApp:
    from mcp.server.transport_security import TransportSecuritySettings  # noqa: PLC0415  # an extra

    # Other sites' pages and hosts are refused by this project's own middleware, before anything gets here.
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return server.streamable_http_app(
        streamable_http_path=PATH, json_response=True, stateless_http=True, transport_security=security
    )


def mcp_server(gate: Gate) -> MCPServer[Any]:
    """The tools `ask`, `search` and `survey` over a gate."""
    from mcp.server.mcpserver import MCPServer  # noqa: PLC0415  # an extra

    server: MCPServer[Any] = MCPServer("postqa", instructions=_INSTRUCTIONS)

    @server.tool()
    async def ask(question: _Question, filters: _Filters = None, history: _History = []) -> dict[str, Any]:  # noqa: B006
        """Answer a question with sentences quoted from the posts, or say that the posts do not answer it.

        `text` is the answer with markers such as [1]; `citations` has each marker's quote, its post and its place in
        it. `level` is "answer", or "nearest" where no post says it outright and the citations only come near it (pass
        that on), or "refusal", and `nearest` then names the posts that come nearest; "reply" means that the posts were
        not asked: a greeting returned, or a question back. Where `written_by` names a language model, the text is its
        own: `statements` says which of its sentences (characters `start` to `end` of `text`) the quotes support.
        Without `written_by` they state facts of the cited posts, such as the author. Where the question asks for posts
        ("which posts mention …?"), `survey` is what the tool of that name gives, and is the better answer.
        """
        with _as_tool_errors():
            stated = _checked(filters)
            answer = await gate.ask_async(question, history=history, filters=stated)
            return with_survey(answer_to_json(answer), await gate.led_to_async(question, filters=stated))

    @server.tool()
    async def search(
        question: _Question,
        k: Annotated[int, Field(ge=1, le=50, description="How many passages.")] = 5,
        filters: _Filters = None,
    ) -> dict[str, Any]:
        """Find the passages of the posts nearest to a question, best first, each with its post and place."""
        with _as_tool_errors():
            return search_to_json(await gate.search_async(question, k, filters=_checked(filters)))

    @server.tool()
    async def survey(question: _Question, filters: _Filters = None) -> dict[str, Any]:
        """Ask which posts say something, and what each says: one row a post, the latest first.

        `stance` of a row is `answer`, `near` or `silent`; `citation` has the post's strongest sentence as its focus.
        `text` sums up; the `not_shown` posts without a row are silent.
        """
        with _as_tool_errors():
            return survey_to_json(await gate.survey_async(question, filters=_checked(filters)))

    return server


@contextmanager
def _as_tool_errors() -> Iterator[None]:
    """Pass an error of ours on as a tool's, whose text the caller gets."""
    from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415  # an extra

    try:
        yield
    except PostqaError as error:
        raise ToolError(str(error)) from error


def _checked(filters: object) -> Filters | None:
    return None if filters is None else Filters.model_validate(filters)
