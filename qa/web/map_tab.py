"""The tab of the map: every passage a point, like beside like, and the questions among them."""

from __future__ import annotations

from typing import Any

import gradio as gr
from pydantic import Field

from index.encoders.protocol import Encoder
from index.layout import LAYOUT
from index.reader import Index
from index.records import Record
from qa.web.chat_tab import ChatTab
from qa.web.map_queries import Spot
from qa.web.page import Tab

_LISTED = 60  # posts named beside the map, those with most passages first
_WORDS = 220  # characters of a passage shown over its point
_FRAME = """<pq-map>
<div class="pq-map-plane" tabindex="0" role="application" aria-roledescription="map" aria-label="Map of the passages"
  aria-describedby="pq-map-help"><canvas aria-hidden="true"></canvas><canvas aria-hidden="true"></canvas>
<div class="pq-map-tip" hidden><b></b><span></span><i></i></div>
<div class="pq-map-zoom"><button type="button" data-zoom="2" aria-label="Nearer">+</button><button type="button"
  data-zoom="0.5" aria-label="Farther">−</button><button type="button" data-zoom="0">Whole map</button></div></div>
<p class="pq-map-heard" role="status"></p><div class="pq-map-side"><p class="pq-map-said" role="status"></p>
<p id="pq-map-help">Each point is a passage; what lies together says much the same. Hover or tap to see it,
click or tap again to read it.
<span>Keys: arrows go from point to point, Enter reads, + and − zoom, Shift with arrows moves the map, 0 shows
all.</span></p><section class="pq-map-asked" hidden><h3>Questions on the map</h3><ul></ul></section>
<section class="pq-map-posts"><h3>Posts</h3><ul></ul></section></div></pq-map>"""


class Placed(Record):
    """A question whose place on the map is asked for, with the places in posts that belong to it."""

    text: str = Field(max_length=20_000)
    spots: tuple[Spot, ...] = Field(default=(), max_length=100)


class Placing(Record):
    """Questions to be placed."""

    questions: tuple[Placed, ...] = Field(max_length=500)


def map_tab() -> Tab:
    """The tab; map.js draws it from `/page/map`."""

    def build(_: ChatTab) -> None:
        gr.HTML(_FRAME, elem_id="pq-map", js_on_load=None, apply_default_css=False)

    return Tab("Map", "map", build)


def map_bytes(index: Index) -> bytes:
    """Every passage's place as two 32-bit floats, then every passage's post's row in 32 bits; little endian."""
    points, posts = index.map_points()
    return points.astype("<f4").tobytes() + posts.astype("<u4").tobytes()


def map_tag(index: Index) -> str:
    """Names what the map shows: another generation has another name."""
    manifest = index.manifest
    files = (manifest.files[name].sha256[:12] for name in (LAYOUT.map_points, LAYOUT.chunk_posts))
    return f'"{manifest.generation}-{"-".join(files)}"'


def listed_posts(index: Index) -> dict[str, Any]:
    """The posts with most passages, in the order of the corpus, and how many posts there are on the map."""
    listed = [
        {"row": row, "id": post.id, "title": post.title, "passages": passages}
        for row, post, passages in index.longest_posts(_LISTED)
    ]
    return {"posts": index.manifest.posts, "listed": listed}


def passage_told(index: Index, row: int) -> dict[str, Any] | None:
    """What stands over a point, and where a click on it leads; None where there is no such passage."""
    if not 0 <= row < index.manifest.chunks:
        return None
    ((post, chunk),) = index.chunks([row])
    words = " ".join(chunk.text.split())
    shown = words if len(words) <= _WORDS else f"{words[:_WORDS].rpartition(' ')[0] or words[:_WORDS]} …"
    return {"title": post.title, "words": shown, "post": post.id, "start": chunk.start, "end": chunk.end}


def places_told(index: Index, encoder: Encoder, asked: Placing) -> dict[str, Any]:
    """Where questions lie, and the rows of the passages that belong to each; None for what is there no more."""
    texts = [question.text for question in asked.questions]
    points = index.place(encoder.encode_query(texts)).tolist() if texts else []
    places = [
        {"x": x, "y": y, "rows": [index.row_at(spot.post, spot.start) for spot in question.spots]}
        for (x, y), question in zip(points, asked.questions, strict=True)
    ]
    return {"map": map_tag(index), "places": places}
