"""Quotes to citations: numbered, each proven against its source; one that fails is not shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from index.records import Post
from qa.records import Citation, Focus, Segment, SegmentKind, Statement

MARKER = re.compile(r"\s*\[(\d{1,3})\]")
"""A marker with the space before it."""


@dataclass(frozen=True)
class Quote:
    """A stretch of a post chosen for an answer: `post.body[start:end]`, not yet proven.

    Attributes:
        focus: Start and end of the sentence that answers, in characters of the body.
    """

    post: Post
    start: int
    end: int
    score: float
    focus: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The words quoted."""
        return self.post.body[self.start : self.end]

    @property
    def shown(self) -> str:
        """What of them the post's reader sees."""
        return self.post.visible.between(self.start, self.end)


def cite(quotes: Iterable[Quote]) -> tuple[Citation, ...]:
    """Citations numbered from 1 in the order of the quotes; one that does not match its post is dropped."""
    citations: list[Citation] = []
    for quote in quotes:
        try:
            citation = Citation(
                marker=f"[{len(citations) + 1}]",
                quote=quote.text,
                start=quote.start,
                end=quote.end,
                post=quote.post,
                score=quote.score,
                focus=focus_at(quote.post, quote.focus),
            )
        except ValidationError:
            continue  # the validator has compared the quote with its source: this one is not shown
        citations.append(citation)
    return tuple(citations)


def focus_at(post: Post, place: tuple[int, int] | None) -> Focus | None:
    """The focus of a citation, from its place in the post's body."""
    return Focus(start=place[0], end=place[1], quote=post.body[slice(*place)]) if place else None


def quoted_segments(citations: Iterable[Citation]) -> tuple[Segment, ...]:
    """The text of an answer made of quotes: each with its marker; a new paragraph where the post changes."""
    segments: list[Segment] = []
    previous: Citation | None = None
    for citation in citations:
        gap = ""
        if previous is not None:
            is_block = "\n" in citation.shown or "\n" in previous.shown
            gap = "\n\n" if citation.post.id != previous.post.id or is_block else " "
        segments += (Segment(f"{gap}{citation.shown} "), Segment(citation.marker, SegmentKind.MARKER))
        previous = citation
    return tuple(segments)


def statement_segments(gap: str, sentence: str, statement: Statement) -> list[Segment]:
    """A written sentence with the space before it and its markers behind it."""
    kind = SegmentKind.WORDS if statement.supported else SegmentKind.UNSUPPORTED
    space = " " if statement.markers else ""
    markers = [Segment(marker, SegmentKind.MARKER) for marker in statement.markers]
    return [segment for segment in (Segment(gap), Segment(sentence, kind), Segment(space)) if segment.text] + markers


def known_markers_only(text: str, known: Collection[str]) -> str:
    """A text without the markers that are not among those known, such as `[7]`."""
    return MARKER.sub(lambda match: match.group() if match.group().strip() in known else "", text)
