"""The HTTP API: a question in, an answer with its citations out."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from index.errors import PostqaError, QuestionError
from index.records import Post
from qa.render import answer_to_json, post_to_json, search_to_json, suggestion_to_json
from qa.server.gate import Gate, Overloaded, TooSlow
from qa.server.logs import LOGGER
from qa.server.middleware import error_response
from qa.server.schemas import (
    AnswerReply,
    AskRequest,
    ErrorReply,
    PostsReply,
    SearchReply,
    SearchRequest,
    SuggestReply,
    SuggestRequest,
    SurveyReply,
    SurveyRequest,
)
from qa.server.sse import INTERNAL_ERROR, STREAM, EventStream
from qa.survey.records import survey_to_json, with_survey

SUGGEST_PATH = "/v1/suggest"

_ERRORS: dict[int | str, dict[str, Any]] = {
    code: {"model": ErrorReply, "description": description}
    for code, description in {
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
_WHOLE_OR_STREAMED: dict[str, Any] = {
    "description": "The answer, whole or in pieces",
    "content": {STREAM: {"schema": {"type": "string"}}},
}


def api_routes(gate: Gate, *, log_questions: bool) -> APIRouter:
    """The API over a gate."""
    router = APIRouter(responses=_ERRORS)

    def log(request: Request, question: str) -> None:
        if log_questions:
            request.state.logged = {"question": question}

    @router.post("/v1/ask", response_model=AnswerReply, responses={200: _WHOLE_OR_STREAMED})
    async def ask(asked: Annotated[AskRequest, Body()], request: Request) -> Response:
        """Answer a question from the posts, or say that they do not answer it.

        Where the question asks for posts ("which posts mention …?"), `survey` is what `/v1/survey` gives for it.
        With `Accept: text/event-stream` the answer comes in pieces as it is written: events `text`, and at last one
        event `answer`, which is checked and replaces them, or one event `error`.
        """
        log(request, asked.question)
        if STREAM in request.headers.get("accept", ""):
            pieces = gate.stream_async(asked.question, history=asked.history, filters=asked.filters)
            await anext(pieces)  # an error in the question has a status of its own
            return EventStream(pieces, partial(gate.led_to_async, asked.question, filters=asked.filters))
        answer = await gate.ask_async(asked.question, history=asked.history, filters=asked.filters)
        survey = await gate.led_to_async(asked.question, filters=asked.filters)
        return JSONResponse(with_survey(answer_to_json(answer), survey))

    @router.post("/v1/search", response_model=SearchReply)
    async def search(asked: Annotated[SearchRequest, Body()], request: Request) -> Response:
        """The passages nearest to a question, best first, and what to know of them."""
        log(request, asked.question)
        return JSONResponse(search_to_json(await gate.search_async(asked.question, asked.k, filters=asked.filters)))

    @router.post("/v1/survey", response_model=SurveyReply)
    async def survey(asked: Annotated[SurveyRequest, Body()], request: Request) -> Response:
        """What each post says to a question, by date: its strongest sentence, or that it is silent."""
        log(request, asked.question)
        return JSONResponse(survey_to_json(await gate.survey_async(asked.question, filters=asked.filters)))

    @router.get(SUGGEST_PATH, response_model=SuggestReply)
    async def suggest(asked: Annotated[SuggestRequest, Query()], request: Request) -> Response:
        """The best sentence for a question that is still being typed, or null where none seems to answer it.

        Only the ranking decides: it is fast, and less sure than `/v1/ask`.
        """
        log(request, asked.q)
        citation = await gate.suggest_async(asked.q, history=asked.history, filters=asked.filters)
        return JSONResponse(suggestion_to_json(citation))

    router.include_router(_post_routes(gate))
    return router


def _post_routes(gate: Gate) -> APIRouter:
    router = APIRouter()

    @router.get("/v1/posts", response_model=PostsReply)
    def posts(
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> Response:
        """The posts, without their bodies."""
        index = gate.assistant.index
        page = [post_to_json(post) for post in index.some_posts(offset, limit)]
        return JSONResponse({"total": index.manifest.posts, "posts": page})

    @router.get("/v1/posts/{post_id:path}", response_model=Post, responses={404: {"model": ErrorReply}})
    def post(post_id: str) -> Response:
        """One post, whole."""
        post = gate.assistant.index.post(post_id)
        if post is None:
            return error_response(404, "there is no post of this id")
        return JSONResponse(post.model_dump(mode="json"))

    return router


def add_error_handlers(app: FastAPI) -> None:
    """Every failure as JSON with one sentence and a status that fits; no traceback leaves the machine."""

    @app.exception_handler(PostqaError)
    async def own_error(_: Request, error: PostqaError) -> Response:
        if isinstance(error, Overloaded):
            return error_response(503, str(error), retry_after=str(error.retry_after))
        if isinstance(error, TooSlow):
            return error_response(504, str(error))
        return error_response(422 if isinstance(error, QuestionError) else 503, str(error))

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> Response:
        return error_response(error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    async def invalid_request(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return error_response(422, f"{where or 'the request'}: {first['msg']}")

    @app.exception_handler(Exception)
    async def unexpected_error(_: Request, error: Exception) -> Response:
        LOGGER.error("a request failed", exc_info=error)
        return error_response(500, INTERNAL_ERROR)
