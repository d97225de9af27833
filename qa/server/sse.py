"""An answer as server-sent events (WHATWG HTML, 9.2), each sent when it comes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any, cast

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from index.errors import PostqaError
from qa.answer import Answer
from qa.render import answer_to_json
from qa.server.logs import LOGGER

STREAM = "text/event-stream"
BROKEN = "something went wrong here, and the question was not answered"


class EventStream(StreamingResponse):
    """Sends pieces of an answer as events, and stops their making when the client has gone.

    Args:
        told: The pieces; closed at the end, whatever the end is.
    """

    def __init__(self, told: AsyncIterator[str | Answer]) -> None:
        # A proxy that collects an answer before it passes it on would undo the streaming.
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        self._told = told
        super().__init__(_events(told), media_type=STREAM, headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            for one in (self.body_iterator, self._told):
                await cast(Any, one).aclose()  # both are asynchronous generators


async def _events(told: AsyncIterator[str | Answer]) -> AsyncIterator[str]:
    try:
        async for piece in told:
            if isinstance(piece, Answer):
                yield _event("answer", answer_to_json(piece))
            else:
                yield _event("text", {"text": piece})
    except PostqaError as error:
        yield _event("error", {"error": str(error)})
    except Exception as error:
        LOGGER.error("an answer broke off", exc_info=error)
        yield _event("error", {"error": BROKEN})


def _event(kind: str, told: dict[str, Any]) -> str:
    return f"event: {kind}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n"
