"""What the list of posts fetches: pages of it, and what is like a post."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response

from index.reader import Index
from qa.web.posts_tab import posts_found, similar_html


def posts_routes(index: Callable[[], Index]) -> APIRouter:
    """The routes of the list below `/page`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/page/posts")
    def posts(
        words: Annotated[str, Query(max_length=200)] = "", offset: Annotated[int, Query(ge=0, le=2**31)] = 0
    ) -> Response:
        """A page of the posts that have these words."""
        return JSONResponse(posts_found(index(), words, offset))

    @router.get("/page/similar")
    def similar(post: str) -> Response:
        """Posts near one."""
        return HTMLResponse(similar_html(index(), post))

    return router
