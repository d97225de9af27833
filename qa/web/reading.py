"""The reading pane: a whole post, with the very sentence marked that was quoted from it, and its route."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Annotated, Self

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from index.reader import Index
from index.records import Post
from index.sources.links import web_address
from index.text.blocks import BlockKind, blocks
from qa.links import sentence_address
from qa.records import Citation
from qa.web.post_html import stretch_html, wrap
from qa.web.safe import safe
from qa.web.templating import render

_HEADING_MARK = re.compile(r"#{1,6} +")
_SIMILAR = 3
_MAX_SHOWN = 400_000  # characters of a post shown at once; of a longer one, those around the span


@dataclass(frozen=True)
class Span:
    """A span of a post, in characters of its body; with the words that were quoted there, if any were.

    Attributes:
        focus: Start and end of the sentence inside it that answers; None where that is the whole span.
    """

    post_id: str
    start: int = 0
    end: int = 0
    quote: str = ""
    focus: tuple[int, int] | None = None

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """The place of a citation."""
        place, sentence = (citation.start, citation.end), citation.focus or citation
        focus = (sentence.start, sentence.end)
        return cls(citation.post.id, *place, citation.quote, None if focus == place else focus)

    @property
    def has_focus(self) -> bool:
        """Whether the sentence that answers is a part of the span."""
        return self.focus is not None and self.start <= self.focus[0] < self.focus[1] <= self.end


def read_link(span: Span, label: str, css: str) -> Markup:
    """A link that opens the reading pane at a span; reader.js follows it."""
    return render("read_link.html", span=span, label=label, css=css)


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
        focus: Annotated[str, Query(pattern=r"^(\d{1,9}-\d{1,9})?$")] = "",
    ) -> Response:
        """A post to read, with a span marked."""
        now = index()
        whole = now.post(post)
        if whole is None:
            return HTMLResponse(render("post.html", post=None), 404)
        first, _, last = focus.partition("-")
        span = relocated(whole, Span(post, start, end, quote, (int(first), int(last)) if focus else None))
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


def relocated(post: Post, span: Span) -> Span | None:
    """The span in the post as it is now: unchanged if its quote is still there, else where the quote has moved to."""
    is_inside = 0 <= span.start <= span.end <= len(post.body)
    if is_inside and span.quote in ("", post.body[span.start : span.end]):
        return span
    start = post.body.find(span.quote) if span.quote else -1
    if start < 0:
        return None
    moved = start - span.start
    focus = span.focus and (span.focus[0] + moved, span.focus[1] + moved)
    return Span(post.id, start, start + len(span.quote), span.quote, focus)


def body_html(post: Post, span: Span | None) -> Markup:
    """A post's body, the span marked and the sentence that answers standing out in it; all of it inert.

    Markdown is shown as its reader sees it; of a plain text every character as it is written, headings as such.
    """
    start, end = (span.start, span.end) if span else (0, 0)
    focus = span.focus if span and span.has_focus else None
    first = max(0, start - _MAX_SHOWN // 2)
    last = min(len(post.body), first + _MAX_SHOWN)
    if post.visible.is_whole:
        body = "".join(_segments(post.body, (start, end), focus or (0, 0), (first, last)))
    else:
        marks = [wrap(post, start, end, "mark", 'tabindex="-1"')] if start < end else []
        sentence = [wrap(post, *focus, "span", 'class="pq-focus"')] if focus else []
        body = stretch_html(post, first, last, [marks, sentence])
    before = '<p class="pq-truncated">The post begins earlier.</p>' if first else ""
    after = '<p class="pq-truncated">The post goes on.</p>' if last < len(post.body) else ""
    form = "pq-plain" if post.visible.is_whole else "pq-formatted"
    focused = " pq-focused" if focus else ""
    return Markup(f'{before}<div class="pq-body {form}{focused}">{body}</div>{after}')  # noqa: S704  # all of it is inert


def _segments(body: str, marked: tuple[int, int], focus: tuple[int, int], window: tuple[int, int]) -> Iterator[str]:
    """The body in the window, divided wherever a heading, the marked span or its focus begins or ends."""
    headings = {block.start: block.end for block in blocks(body) if block.kind is BlockKind.HEADING}
    edges = sorted({*window, *marked, *focus, *headings, *headings.values()})
    heading_end, parts = 0, list[tuple[bool, str]]()
    for start, end in pairwise(edge for edge in edges if window[0] <= edge <= window[1]):
        heading_end = max(heading_end, headings.get(start, 0))
        html = _heading_html(body[start:end]) if start < heading_end else safe(body[start:end])
        if focus[0] <= start < focus[1]:
            html = f'<span class="pq-focus">{html}</span>'
        parts.append((marked[0] <= start < marked[1], html))
    for is_marked, together in groupby(parts, key=itemgetter(0)):
        html = "".join(html for _, html in together)
        yield f'<mark tabindex="-1">{html}</mark>' if is_marked else html


def _heading_html(text: str) -> str:
    """A heading, its Markdown mark in an element of its own, which is hidden."""
    mark = _HEADING_MARK.match(text)
    hidden = f'<span class="pq-hash">{safe(mark.group())}</span>' if mark else ""
    return f'<strong class="pq-heading">{hidden}{safe(text[mark.end() if mark else 0 :])}</strong>'
