"""An answer's quotes in a link: each with its place and words, compared again with the posts whenever it is opened."""

from __future__ import annotations

import binascii
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field, ValidationError

from index.errors import PostqaError
from index.reader import Index
from index.records import Post, Record
from qa.answer import Answer, Level
from qa.records import Citation, Marker

_MOST_BYTES = 100_000  # of a sheet unpacked; what a link can hold is far less
LONGEST_TOKEN = 6_000
"""Characters: servers refuse addresses of more than about 8,000."""


class SheetBroken(PostqaError):
    """A link that holds no evidence sheet."""


class SheetQuote(Record):
    """A quote as it was when the link was made: `post.body[start:end] == text`, the sentence that answers in it."""

    marker: Marker
    post: str
    title: str
    start: int = Field(ge=0)
    text: str = Field(min_length=1)
    focus: tuple[int, int] | None = None


class Sheet(Record):
    """An answer's question and quotes."""

    question: str
    level: Level
    confidence: float = Field(ge=0, le=1)
    generation: int
    quotes: tuple[SheetQuote, ...]


class Standing(StrEnum):
    """What became of a quote."""

    STANDS = "stands"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


class Proof(Record):
    """A quote compared with its post as it is now.

    Attributes:
        post: None where it is no longer in the index.
        start: Where the quote stands now; where it stood, if it stands no longer.
        now: What stands at its place now, where it has changed.
    """

    quote: SheetQuote
    standing: Standing
    post: Post | None = None
    start: int
    now: str = ""


def sheet_token(answer: Answer) -> str | None:
    """The part of a link that holds an answer's sheet; None for an answer without quotes, or with too many words."""
    if not answer.citations:
        return None
    sheet = Sheet(
        question=answer.question,
        level=answer.level,
        confidence=round(answer.confidence, 4),
        generation=answer.generation,
        quotes=tuple(map(_quote, answer.citations)),
    )
    packed = zlib.compress(sheet.model_dump_json(exclude_none=True).encode("utf-8", "replace"), 9)
    token = urlsafe_b64encode(packed).decode("ascii").rstrip("=")
    return token if len(token) <= LONGEST_TOKEN else None


def sheet_of(token: str) -> Sheet:
    """The sheet of a link.

    Raises:
        SheetBroken: It holds none.
    """
    try:
        packed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        return Sheet.model_validate_json(zlib.decompressobj().decompress(packed, _MOST_BYTES))
    except (UnicodeError, binascii.Error, zlib.error, ValidationError) as error:
        raise SheetBroken("the link holds no evidence sheet", remedy="Copy the whole link.") from error


def proofs(sheet: Sheet, index: Index) -> Iterator[Proof]:
    """Each quote compared with its post, character by character."""
    return (_proof(quote, index.post(quote.post)) for quote in sheet.quotes)


def _quote(citation: Citation) -> SheetQuote:
    return SheetQuote(
        marker=citation.marker,
        post=citation.post.id,
        title=citation.post.title,
        start=citation.start,
        text=citation.quote,
        focus=citation.focus and (citation.focus.start - citation.start, citation.focus.end - citation.start),
    )


def _proof(quote: SheetQuote, post: Post | None) -> Proof:
    if post is None:
        return Proof(quote=quote, standing=Standing.GONE, start=quote.start)
    if post.body.startswith(quote.text, quote.start):
        return Proof(quote=quote, standing=Standing.STANDS, post=post, start=quote.start)
    found = post.body.find(quote.text)
    if found >= 0:
        return Proof(quote=quote, standing=Standing.MOVED, post=post, start=found)
    now = post.body[quote.start : quote.start + len(quote.text)]
    return Proof(quote=quote, standing=Standing.CHANGED, post=post, start=quote.start, now=now)
