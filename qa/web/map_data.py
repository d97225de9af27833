"""What the map shows: its points, the posts and passages behind them, and where questions lie among them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from index.encoders.protocol import Encoder
from index.layout import LAYOUT
from index.reader import Index
from index.records import Record
from qa.web.map_queries import MapSpot
from qa.web.wording import shortened

_LISTED_POSTS = 60  # named beside the map, those with most passages first
_EXCERPT = 220  # characters of a passage shown over its point


class MapQuestion(Record):
    """A question to be located on the map, with the spots in posts that belong to it."""

    text: str = Field(max_length=20_000)
    spots: tuple[MapSpot, ...] = Field(default=(), max_length=100)


class LocateRequest(Record):
    """Questions to be located."""

    questions: tuple[MapQuestion, ...] = Field(max_length=500)


def map_bytes(index: Index) -> bytes:
    """Every passage's point as two 32-bit floats, then every passage's post's row in 32 bits; little endian."""
    points, posts = index.map_points()
    return points.astype("<f4").tobytes() + posts.astype("<u4").tobytes()


def map_tag(index: Index) -> str:
    """Identifies what the map shows, as an HTTP entity tag."""
    manifest = index.manifest
    files = (manifest.files[name].sha256[:12] for name in (LAYOUT.map_points, LAYOUT.chunk_posts))
    return f'"{manifest.generation}-{"-".join(files)}"'


def listed_posts(index: Index) -> dict[str, Any]:
    """The posts with most passages, in the order of the corpus, and how many posts there are on the map."""
    listed = [
        {"row": row, "id": post.id, "title": post.title, "passages": passages}
        for row, post, passages in index.longest_posts(_LISTED_POSTS)
    ]
    return {"posts": index.manifest.posts, "listed": listed}


def passage_at(index: Index, row: int) -> dict[str, Any] | None:
    """The passage of a point, and the span a click on it opens; None where there is no such passage."""
    if not 0 <= row < index.manifest.chunks:
        return None
    ((post, chunk),) = index.chunks([row])
    words = shortened(" ".join(chunk.visible.text.split()), _EXCERPT)
    return {"title": post.title, "words": words, "post": post.id, "start": chunk.start, "end": chunk.end}


def located(index: Index, encoder: Encoder, request: LocateRequest) -> dict[str, Any]:
    """The points of questions, and the rows of the passages of their spots; None for spots that no longer exist."""
    texts = [question.text for question in request.questions]
    points = index.place(encoder.encode_query(texts)).tolist() if texts else []
    return {
        "map": map_tag(index),
        "points": [
            {"x": x, "y": y, "rows": [index.row_at(spot.post, spot.start) for spot in question.spots]}
            for (x, y), question in zip(points, request.questions, strict=True)
        ],
    }
