"""What the page's own scripts fetch beside the chat: posts to read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from index.reader import Index
from index.records import Post
from index.sources.links import web_address
from qa.links import sentence_address
from qa.web.reading import Place, about_link, body_html, found_again, posts_html
from qa.web.render import link_html
from qa.web.safe import safe
from qa.web.sources import byline_html

_GONE = "This post is no longer in the index."
_CHANGED = "The post has changed: it no longer says what was quoted."
_SIMILAR = 3


def page_routes(index: Callable[[], Index]) -> APIRouter:
    """The routes below `/page`.

    Args:
        index: Gives the one to read from now.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/page/read")
    def read(
        post: str,
        start: Annotated[int, Query(ge=0)] = 0,
        end: Annotated[int, Query(ge=0)] = 0,
        quote: Annotated[str, Query(max_length=20_000)] = "",
    ) -> Response:
        """A post to read, with a place marked."""
        opened = index()
        found = opened.post(post)
        if found is None:
            return HTMLResponse(_notice(_GONE), 404)
        return HTMLResponse(_reading(opened, found, Place(post, start, end, quote)))

    return router


def _reading(index: Index, post: Post, asked: Place) -> str:
    place = found_again(post, asked)
    notice = "" if place else _notice(_CHANGED)
    said = asked.quote or (post.body[place.start : place.end] if place else "")
    outside = sentence_address(post, said) if said else web_address(post.url)
    door = link_html(outside, "Open the live post", "pq-door") if outside else ""
    head = (
        f'<h2 tabindex="-1">{safe(post.title)}</h2>{byline_html(post)}<p class="pq-doors">{about_link(post)}{door}</p>'
    )
    return f"<header>{head}</header>{notice}{body_html(post, place)}{_similar(index, post)}"


def _similar(index: Index, post: Post) -> str:
    near = index.similar_posts(post.id, _SIMILAR)
    if not near:
        return ""
    return f'<footer class="pq-similar"><h3>Similar posts</h3>{posts_html(other for other, _ in near)}</footer>'


def _notice(text: str) -> str:
    return f'<p class="pq-warning" role="alert">{safe(text)}</p>'
