"""An answer as server-sent events (WHATWG HTML, 9.2), each sent when it comes."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from index.errors import PostqaError
from qa.answer import Answer
from qa.render import answer_to_json
from qa.server.logs import LOGGER
from qa.server.streaming import Piece
from qa.survey.records import Survey, with_survey

STREAM = "text/event-stream"
Surveys = Callable[[], Awaitable[Survey | None]]
INTERNAL_ERROR = "something went wrong here, and the question was not answered"


class EventStream(StreamingResponse):
    """Sends the pieces of an answer as events, and ends the work on it when the client has gone.

    Args:
        pieces: Closed at the end, whatever the end is.
        survey: Gives the survey that the question leads to, if it leads to one.
    """

    def __init__(self, pieces: AsyncGenerator[Piece, None], survey: Surveys) -> None:
        # A proxy that collects an answer before it passes it on would undo the streaming.
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        self._pieces = pieces
        self._events = _events(pieces, survey)
        super().__init__(self._events, media_type=STREAM, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        async with aclosing(self._pieces), aclosing(self._events):
            await super().__call__(scope, receive, send)


async def _events(pieces: AsyncGenerator[Piece, None], survey: Surveys) -> AsyncGenerator[str, None]:
    try:
        async for piece in pieces:
            if isinstance(piece, Answer):
                yield _event("answer", with_survey(answer_to_json(piece), await survey()))
            else:
                yield _event("text", {"text": piece})
    except PostqaError as error:
        yield _event("error", {"error": str(error)})
    except Exception as error:
        LOGGER.error("an answer broke off", exc_info=error)
        yield _event("error", {"error": INTERNAL_ERROR})


def _event(kind: str, data: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
