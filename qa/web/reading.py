"""The reading pane: a whole post, with the very sentence marked that was quoted from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from index.records import Post
from index.text.blocks import BlockKind, blocks
from qa.web.safe import safe

_MARKS = re.compile(r"#{1,6} +")
_MOST = 400_000  # characters of a post shown at once; of a longer one, those around the place


@dataclass(frozen=True)
class Place:
    """A stretch of a post, in characters of its body; with the words that were quoted there, where they were."""

    post_id: str
    start: int = 0
    end: int = 0
    quote: str = ""


def read_link(place: Place, label: str, css: str) -> str:
    """A link that opens the reading pane at a place; reader.js follows it."""
    return (
        f'<a class="{css}" href="#" data-read="{safe(place.post_id)}" data-start="{place.start}" '
        f'data-end="{place.end}" data-quote="{safe(place.quote)}">{safe(label)}</a>'
    )


def about_link(post: Post) -> str:
    """A link that asks a question about a post alone; reader.js follows it."""
    return (
        f'<a class="pq-about-post" href="#" data-about="{safe(post.id)}" data-title="{safe(post.title)}">'
        "Ask about this post</a>"
    )


def posts_html(posts: Iterable[Post]) -> str:
    """A list of posts, each with a link that opens it in the reading pane."""
    rows = "".join(f"<li>{read_link(Place(post.id), post.title, 'pq-near')}</li>" for post in posts)
    return f"<ul>{rows}</ul>"


def found_again(post: Post, place: Place) -> Place | None:
    """The place as the post stands now: where it was if the words are still there, else where they moved to."""
    if not 0 <= place.start <= place.end <= len(post.body):
        moved = post.body.find(place.quote) if place.quote else -1
    elif post.body[place.start : place.end] == place.quote or not place.quote:
        return place
    else:
        moved = post.body.find(place.quote)
    return None if moved < 0 else Place(post.id, moved, moved + len(place.quote), place.quote)


def body_html(post: Post, place: Place | None) -> str:
    """A post's body as it is written, headings shown as such, the place marked; all of it inert."""
    start, end = (place.start, place.end) if place else (0, 0)
    first = max(0, start - _MOST // 2)
    last = min(len(post.body), first + _MOST)
    shown = "".join(_pieces(post.body, (start, end), (first, last)))
    before = '<p class="pq-cut">The post begins earlier.</p>' if first else ""
    after = '<p class="pq-cut">The post goes on.</p>' if last < len(post.body) else ""
    return f'{before}<div class="pq-body">{shown}</div>{after}'


def _heading(text: str) -> str:
    """A heading, its Markdown marks in an element of their own: there, but not for the eye."""
    marks = _MARKS.match(text)
    cut = marks.end() if marks else 0
    return f'<span class="pq-hash">{safe(text[:cut])}</span>{safe(text[cut:])}' if cut else safe(text)


def _pieces(body: str, marked: tuple[int, int], window: tuple[int, int]) -> Iterator[str]:
    """The body's text from cut to cut, each piece wrapped in what holds for the whole of it."""
    headings = [(one.start, one.end) for one in blocks(body) if one.kind is BlockKind.HEADING]
    cuts = sorted({*window, *marked, *(edge for heading in headings for edge in heading)})
    inside = [cut for cut in cuts if window[0] <= cut <= window[1]]
    within_heading = dict(headings)
    heading_end = 0
    for start, end in pairwise(inside):
        heading_end = max(heading_end, within_heading.get(start, 0))
        text = safe(body[start:end])
        if start < heading_end:
            text = f'<strong class="pq-heading">{_heading(body[start:end])}</strong>'
        yield f'<mark tabindex="-1">{text}</mark>' if marked[0] <= start < marked[1] else text
