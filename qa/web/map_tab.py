"""The tab of the map: every passage a point, similar ones near each other, and the questions among them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse, Response

from index.encoders.protocol import Encoder
from index.reader import Index
from qa.web.map_data import LocateRequest, listed_posts, located, map_bytes, map_tag, passage_at
from qa.web.page import Tab, html_tab
from qa.web.templating import render


class IndexWithEncoder(Protocol):
    """An index and the encoder that it was built with."""

    @property
    def index(self) -> Index:
        """The index."""

    @property
    def encoder(self) -> Encoder:
        """The encoder."""


Run = Callable[[Callable[[], Any]], Awaitable[Any]]
"""Runs a call that takes processor time, when its turn has come."""


def map_tab(serving: Callable[[], IndexWithEncoder], run: Run) -> Tab:
    """The tab, which map.js draws.

    Args:
        serving: Gives those that answer now.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/page/map")
    def points(request: Request) -> Response:
        """The points; nothing where the browser has them."""
        index = serving().index
        headers = {"etag": map_tag(index), "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(map_bytes(index), media_type="application/octet-stream", headers=headers)

    @router.get("/page/map/posts")
    def posts() -> Response:
        """The posts that are named beside the map."""
        return JSONResponse(listed_posts(serving().index))

    @router.get("/page/map/passage")
    def passage(row: Annotated[int, Query(ge=0, le=2**31)]) -> Response:
        """The passage of a point."""
        passage = passage_at(serving().index, row)
        return JSONResponse(passage, 404 if passage is None else 200)

    @router.post("/page/map/locate")
    async def locate(request: Annotated[LocateRequest, Body()]) -> Response:
        """Where questions lie."""
        now = serving()
        return JSONResponse(await run(lambda: located(now.index, now.encoder, request)))

    return html_tab("Map", "map", render("map.html"), router)
