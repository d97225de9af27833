"""The tab of all posts: a list to search, to read from, and to ask about."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse, Response
from markupsafe import Markup

from index.encoders.protocol import Vectors
from index.post_search import FoundPost, FoundPosts, WordQuery
from index.reader import Index
from index.text.list_markers import LIST_MARKER
from qa.answering.snapshot import Snapshot
from qa.web.page import Tab, html_tab
from qa.web.reading import Span
from qa.web.safe import safe
from qa.web.templating import render
from qa.web.wording import counted, shortened

PAGE_SIZE = 20  # posts; more come when they are asked for
_EXCERPT = 280  # characters of a post's text
_BEFORE = 60  # characters of these before the first word of the query
_SIMILAR = 5
_MARKUP = re.compile(rf"^\s*(?:#{{1,6}}\s+|>\s?|{LIST_MARKER})|[*_`|]|^\s*[-:|\s]{{3,}}$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")


def posts_tab(snapshot: Callable[[], Snapshot]) -> Tab:
    """The tab, which posts.js fills.

    Args:
        snapshot: Gives the index that answers now, and its encoder.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/page/posts")
    def posts(
        words: Annotated[str, Query(max_length=200)] = "", offset: Annotated[int, Query(ge=0, le=2**31)] = 0
    ) -> Response:
        """A page of the posts that have these words or are near them in meaning."""
        now = snapshot()
        vector = now.encoder.encode_query([words])[0] if words.strip() else None
        return JSONResponse(posts_page(now.index, words, offset, vector))

    @router.get("/page/similar")
    def similar(post: str) -> Response:
        """Posts similar to one."""
        return HTMLResponse(similar_html(snapshot().index, post))

    return html_tab("Posts", "posts", render("posts.html"), router)


def posts_page(index: Index, words: str, offset: int, vector: Vectors | None = None) -> dict[str, object]:
    """A page of the list: its summary, its rows as HTML, and the offset of the next page, if any.

    Args:
        vector: Of the words, for posts that are near them in meaning; None finds by words alone.
    """
    found = index.find_posts(words, offset, PAGE_SIZE, vector)
    query = index.word_query(words)
    after = offset + len(found.posts)
    return {
        "status": _status(found, index.manifest.posts, words.strip()),
        "rows": render("post_rows.html", rows=[_row(one, query) for one in found.posts]),
        "next": after if found.posts and after < found.total else None,
    }


def similar_html(index: Index, post_id: str) -> Markup:
    """Posts similar to one, each with a link that opens it."""
    return render("similar.html", posts=[post for post, _ in index.similar_posts(post_id, _SIMILAR)])


def _status(found: FoundPosts, all_posts: int, words: str) -> str:
    if not words:
        return f"{counted(all_posts, 'post')}."
    if found.with_words:
        near = f", and {found.near:,} more near it in meaning" if found.near else ""
        return f"{found.with_words:,} of {counted(all_posts, 'post')} with “{words}”{near}."
    near = f"; {found.near:,} near it in meaning" if found.near else ""
    return f"No post of {all_posts:,} has “{words}”{near}."


def _row(found: FoundPost, query: WordQuery) -> dict[str, object]:
    post, chunk = found.post, found.chunk
    span = Span(post.id, chunk.start, chunk.end) if chunk else None
    excerpt = _marked(_excerpt((chunk or post).visible.text, query), query)
    return {"post": post, "whole": Span(post.id), "span": span, "excerpt": excerpt, "is_near": found.is_near}


def _excerpt(text: str, query: WordQuery) -> str:
    """The first words of a text without its markup, or those around the first word of the query."""
    plain = " ".join(_MARKUP.sub(" ", text[: 20 * _EXCERPT]).split())
    first = next((word.start() for word in _WORD.finditer(plain) if query.matches(word.group())), 0)
    start = plain.rfind(" ", 0, first - _BEFORE) + 1 if first > _EXCERPT - _BEFORE else 0
    excerpt = shortened(plain[start:], _EXCERPT)
    return f"… {excerpt}" if start else excerpt


def _marked(text: str, query: WordQuery) -> Markup:
    """The text made inert, with the words that fit the query marked."""
    html, at = "", 0
    for word in _WORD.finditer(text):
        if query.matches(word.group()):
            html += f"{safe(text[at : word.start()])}<mark>{safe(word.group())}</mark>"
            at = word.end()
    return Markup(html + safe(text[at:]))  # noqa: S704  # all of it is inert
