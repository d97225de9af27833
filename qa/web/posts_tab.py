"""The tab of all posts: a list to search, to read from, and to ask about."""

from __future__ import annotations

import re

import gradio as gr

from index.post_search import Sought
from index.reader import Index
from index.records import Chunk, Post
from index.text.list_markers import LIST_MARKER
from qa.web.chat_tab import ChatTab
from qa.web.page import Tab
from qa.web.reading import Place, about_link, posts_html, read_link
from qa.web.safe import safe
from qa.web.sources import byline_html

AT_ONCE = 20  # posts; more come when they are asked for
_SHOWN = 280  # characters of a post's text
_BEFORE = 60  # characters of these before the first word that was looked for
_SIMILAR = 5
_MARKUP = re.compile(rf"^\s*(?:#{{1,6}}\s+|>\s?|{LIST_MARKER})|[*_`|]|^\s*[-:|\s]{{3,}}$", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")
_FRAME = (
    '<pq-posts><form role="search" class="pq-search"><label for="pq-posts-words">Find posts</label>'
    '<input id="pq-posts-words" type="search" autocomplete="off" spellcheck="false" maxlength="200" '
    'placeholder="Words of the title, an author, a publisher or the text"></form>'
    '<p class="pq-posts-said" role="status"></p><ol class="pq-posts-list"></ol>'
    '<p><button type="button" class="pq-button pq-more" hidden>Show more</button></p></pq-posts>'
)


def posts_tab() -> Tab:
    """The tab; posts.js fills it from `/page/posts`."""

    def build(_: ChatTab) -> None:
        gr.HTML(_FRAME, elem_id="pq-posts", js_on_load=None, apply_default_css=False)

    return Tab("Posts", "posts", build)


def posts_found(index: Index, sought: str, offset: int) -> dict[str, object]:
    """A page of the list: what is said of it, its rows as HTML, and from where the next one begins, if any."""
    total, found = index.find_posts(sought, offset, AT_ONCE)
    wanted = index.sought(sought)
    after = offset + len(found)
    return {
        "said": _said(total, index.manifest.posts, sought.strip()),
        "rows": "".join(_row(post, chunk, wanted) for post, chunk in found),
        "next": after if found and after < total else None,
    }


def similar_html(index: Index, post_id: str) -> str:
    """Posts near one, each with a link that opens it."""
    near = index.similar_posts(post_id, _SIMILAR)
    if not near:
        return "<p>No other post is like this one.</p>"
    return posts_html(post for post, _ in near)


def _said(found: int, all_posts: int, sought: str) -> str:
    posts = f"{all_posts:,} {'post' if all_posts == 1 else 'posts'}"
    if not sought:
        return f"{posts}."
    return f"{found:,} of {posts} with “{sought}”." if found else f"No post of {all_posts:,} has “{sought}”."


def _row(post: Post, chunk: Chunk | None, wanted: Sought) -> str:
    place = Place(post.id, chunk.start, chunk.end) if chunk else None
    doors = [
        read_link(place, "Read where it says so", "pq-there") if place else "",
        about_link(post),
        f'<button type="button" data-similar="{safe(post.id)}" aria-expanded="false">Similar posts</button>',
    ]
    return (
        f'<li class="pq-post"><h3>{read_link(Place(post.id), post.title, "pq-title")}</h3>{byline_html(post)}'
        f'<p class="pq-words">{_marked(_excerpt(chunk.text if chunk else post.body, wanted), wanted)}</p>'
        f'<p class="pq-doors">{"".join(doors)}</p><div class="pq-like" hidden></div></li>'
    )


def _excerpt(text: str, wanted: Sought) -> str:
    """The first words of a text without its markup, or those around the first that was looked for."""
    plain = " ".join(_MARKUP.sub(" ", text[: 20 * _SHOWN]).split())
    first = next((hit.start() for hit in _WORD.finditer(plain) if wanted.fits(hit.group())), 0)
    begin = plain.rfind(" ", 0, first - _BEFORE) + 1 if first > _SHOWN - _BEFORE else 0
    shown = plain[begin : begin + _SHOWN]
    if begin + _SHOWN < len(plain):
        shown = f"{shown.rpartition(' ')[0] or shown} …"
    return f"… {shown}" if begin else shown


def _marked(text: str, wanted: Sought) -> str:
    """The text made inert, the words that begin as one looked for marked."""
    shown, at = "", 0
    for hit in _WORD.finditer(text):
        if wanted.fits(hit.group()):
            shown += f"{safe(text[at : hit.start()])}<mark>{safe(hit.group())}</mark>"
            at = hit.end()
    return shown + safe(text[at:])
