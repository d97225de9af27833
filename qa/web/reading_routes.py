"""The route of the reading pane: posts to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from index.reader import Index
from index.sources.links import web_address
from qa.links import sentence_address
from qa.web.reading import Span, body_html, relocated
from qa.web.templating import render

_SIMILAR = 3


def reading_routes(index: Callable[[], Index]) -> APIRouter:
    """The routes that reader.js fetches.

    Args:
        index: Gives the one that answers now.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/page/read")
    def read(
        post: str,
        start: Annotated[int, Query(ge=0)] = 0,
        end: Annotated[int, Query(ge=0)] = 0,
        quote: Annotated[str, Query(max_length=20_000)] = "",
    ) -> Response:
        """A post to read, with a span marked."""
        now = index()
        whole = now.post(post)
        if whole is None:
            return HTMLResponse(render("post.html", post=None), 404)
        span = relocated(whole, Span(post, start, end, quote))
        sentence = quote or (whole.body[span.start : span.end] if span else "")
        html = render(
            "post.html",
            post=whole,
            span=span,
            body=body_html(whole, span),
            address=sentence_address(whole, sentence) if sentence else web_address(whole.url),
            similar=[other for other, _ in now.similar_posts(post, _SIMILAR)],
        )
        return HTMLResponse(html)

    return router
