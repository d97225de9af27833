"""The HTTP API: a question in, an answer with its citations out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from index.errors import PostqaError, QuestionError
from index.records import Post
from qa.render import answer_to_json, passage_to_json, post_to_json
from qa.server.gate import Gate, Overloaded, TooSlow
from qa.server.logs import LOGGER
from qa.server.middleware import refusal
from qa.server.schemas import AnswerReply, Asked, PassagesReply, PostsReply, Problem, Sought
from qa.server.sse import BROKEN, STREAM, EventStream

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "description": told}
    for code, told in {
        400: "The request cannot be read",
        401: "No login",
        403: "Another site's page asks",
        413: "The request is too large",
        422: "The question cannot be used",
        429: "Asked too often; Retry-After says when to ask again",
        503: "Too many questions wait, or the index cannot be read; Retry-After says when to ask again",
        504: "It took too long",
    }.items()
}
_EITHER: dict[str, Any] = {
    "description": "The answer, whole or in pieces",
    "content": {STREAM: {"schema": {"type": "string"}}},
}


def routes(gate: Gate, *, log_questions: bool) -> APIRouter:
    """The API over a gate."""
    router = APIRouter(responses=_PROBLEMS)

    @router.post("/v1/ask", response_model=AnswerReply, responses={200: _EITHER})
    async def ask(asked: Annotated[Asked, Body()], request: Request) -> Response:
        """Answer a question from the posts, or say that they do not answer it.

        With `Accept: text/event-stream` the answer comes in pieces as it is written: events `text`, and at last one
        event `answer`, which is checked and replaces them, or one event `error`.
        """
        if log_questions:
            request.state.logged = {"question": asked.question}
        if STREAM in request.headers.get("accept", ""):
            told = gate.stream_soon(asked.question, history=asked.history, filters=asked.filters)
            await anext(told)  # what is wrong with the question has a status of its own
            return EventStream(told)
        answer = await gate.ask_soon(asked.question, history=asked.history, filters=asked.filters)
        return JSONResponse(answer_to_json(answer))

    @router.post("/v1/search", response_model=PassagesReply)
    async def search(sought: Annotated[Sought, Body()], request: Request) -> Response:
        """The passages nearest to a question, best first."""
        if log_questions:
            request.state.logged = {"question": sought.question}
        passages = await gate.search_soon(sought.question, sought.k, filters=sought.filters)
        return JSONResponse({"passages": [passage_to_json(one) for one in passages]})

    @router.get("/v1/posts", response_model=PostsReply)
    def posts(
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> Response:
        """The posts, without their bodies."""
        opened = gate.assistant.index
        some = [post_to_json(post) for post in opened.some_posts(offset, limit)]
        return JSONResponse({"total": opened.manifest.posts, "posts": some})

    @router.get("/v1/posts/{post_id:path}", response_model=Post, responses={404: {"model": Problem}})
    def post(post_id: str) -> Response:
        """One post, whole."""
        found = gate.assistant.index.post(post_id)
        if found is None:
            return refusal(404, "there is no post of this id")
        return JSONResponse(found.model_dump(mode="json"))

    return router


def say_what_went_wrong(app: FastAPI) -> None:
    """Every failure as JSON with one sentence and a status that fits; no traceback leaves the machine."""

    @app.exception_handler(PostqaError)
    async def ours(_: Request, error: PostqaError) -> Response:
        if isinstance(error, Overloaded):
            return refusal(503, str(error), retry_after=str(error.retry_after))
        if isinstance(error, TooSlow):
            return refusal(504, str(error))
        return refusal(422 if isinstance(error, QuestionError) else 503, str(error))

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        return refusal(error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return refusal(422, f"{where or 'the request'}: {first['msg']}")

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> Response:
        LOGGER.error("a request failed", exc_info=error)
        return refusal(500, BROKEN)
