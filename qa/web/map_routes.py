"""What the map's script fetches: the points, what they stand for, and where questions lie among them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse, Response

from index.encoders.protocol import Encoder
from index.reader import Index
from qa.web.map_tab import Placing, listed_posts, map_bytes, map_tag, passage_told, places_told

_BYTES = "application/octet-stream"


class Serves(Protocol):
    """An index and the encoder that it was built with."""

    @property
    def index(self) -> Index:
        """What is asked."""

    @property
    def encoder(self) -> Encoder:
        """What makes vectors of questions."""


Work = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Has something done that costs a processor's time, when its turn has come."""


def map_routes(serving: Callable[[], Serves], work: Work) -> APIRouter:
    """The routes of the map below `/page`.

    Args:
        serving: Gives what to read from now.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/page/map")
    def points(request: Request) -> Response:
        """The points; nothing where the browser has them."""
        opened = serving().index
        headers = {"etag": map_tag(opened), "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(map_bytes(opened), media_type=_BYTES, headers=headers)

    @router.get("/page/map/posts")
    def posts() -> Response:
        """The posts that are named beside the map."""
        return JSONResponse(listed_posts(serving().index))

    @router.get("/page/passage")
    def passage(row: Annotated[int, Query(ge=0, le=2**31)]) -> Response:
        """What stands over a point."""
        told = passage_told(serving().index, row)
        return JSONResponse(told, 404 if told is None else 200)

    @router.post("/page/place")
    async def place(asked: Annotated[Placing, Body()]) -> Response:
        """Where questions lie."""
        now = serving()
        return JSONResponse(await work(lambda: places_told(now.index, now.encoder, asked)))

    return router
