"""The route of the reading pane: posts to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from index.reader import Index
from index.records import Post
from index.sources.links import web_address
from qa.links import sentence_address
from qa.web.reading import Span, about_link, body_html, posts_html, relocated
from qa.web.render import link_html
from qa.web.safe import safe
from qa.web.sources import byline_html

_GONE = '<p class="pq-warning" role="alert">This post is no longer in the index.</p>'
_CHANGED = '<p class="pq-warning" role="alert">The post has changed: it no longer says what was quoted.</p>'
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
            return HTMLResponse(_GONE, 404)
        return HTMLResponse(_post_html(now, whole, Span(post, start, end, quote)))

    return router


def _post_html(index: Index, post: Post, requested: Span) -> str:
    span = relocated(post, requested)
    quote = requested.quote or (post.body[span.start : span.end] if span else "")
    address = sentence_address(post, quote) if quote else web_address(post.url)
    live_post = link_html(address, "Open the live post", "pq-external-link") if address else ""
    return (
        f'<header><h2 tabindex="-1">{safe(post.title)}</h2>{byline_html(post)}'
        f'<p class="pq-links">{about_link(post)}{live_post}</p></header>'
        f"{'' if span else _CHANGED}{body_html(post, span)}{_similar_html(index, post)}"
    )


def _similar_html(index: Index, post: Post) -> str:
    similar = index.similar_posts(post.id, _SIMILAR)
    if not similar:
        return ""
    posts = posts_html(other for other, _ in similar)
    return f'<footer class="pq-similar"><h3>Similar posts</h3>{posts}</footer>'
