"""The HTTP API: a question in, an answer with its citations out; health and metrics for machines that watch."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from index.errors import PostqaError, QuestionError
from qa.render import answer_to_json
from qa.server.gate import Gate, Overloaded, TooSlow
from qa.server.logs import LOGGER
from qa.server.metrics import Metrics
from qa.server.middleware import refusal

_MOST_HISTORY = 30
_BROKEN = "something went wrong here, and the question was not answered"


class Question(BaseModel):
    """A question, and the earlier ones it may lean on, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str
    history: list[str] = Field(default_factory=list, max_length=_MOST_HISTORY)


def routes(gate: Gate, metrics: Metrics, *, log_questions: bool) -> APIRouter:
    """`/v1/ask`, `/healthz` and `/metrics` over a gate."""
    router = APIRouter()

    @router.post("/v1/ask")
    async def ask(asked: Annotated[Question, Body()], request: Request) -> dict[str, Any]:
        """Answer a question with quotes, or say that the posts do not."""
        if log_questions:
            request.state.logged = {"question": asked.question}
        return answer_to_json(await gate.ask_soon(asked.question, history=asked.history))

    @router.get("/healthz")
    def health() -> JSONResponse:
        """Whether questions are answered, from which generation, and why not from the newest."""
        assistant = gate.assistant
        told = {
            "live": True, "ready": True,
            "generation": assistant.index.manifest.generation, "degraded": assistant.degraded,
        }  # fmt: skip
        return JSONResponse(told)

    @router.get("/metrics")
    def watched() -> Response:
        """Counts in Prometheus' form."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

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
        return refusal(500, _BROKEN)
