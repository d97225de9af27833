"""HTML inside Markdown: the words between its tags, and entities as the characters they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from index.text.template_tags import NOTE_TITLE, PLACEHOLDER
from index.visible import Piece, Pieces, trimmed

ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_NOT_SHOWN = re.compile(f"[{PLACEHOLDER}{NOTE_TITLE}]+|==(?=\\S)|(?<=\\S)==|{ENTITY}")
_BREAKING = re.compile(
    r"</?(?:br|p|div|li|ul|ol|dl|dt|dd|tr|td|th|table|h[1-6]|summary|details|blockquote|pre|hr|section|figcaption)\b",
    re.I,
)
_SILENT_OR_TAG = re.compile(
    r"<(?P<silent>script|style|template|noscript|svg|iframe)\b.*?(?:</(?P=silent)\s*>|\Z)"
    r"|<!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>]*>|<[!?][^>]*>",
    re.I | re.S,
)


def breaks_line(tag: str) -> bool:
    """Whether the words on both sides of a tag stand apart."""
    return bool(_BREAKING.match(tag))


def plain_pieces(source: str, start: int, end: int) -> list[Piece]:
    """Plain text without placeholders and highlighting marks, its entities resolved."""
    pieces, at = [], start
    for match in _NOT_SHOWN.finditer(source, start, end):
        pieces.append(Piece(at, match.start()))
        if match[0].startswith("&"):
            pieces.append(Piece(*match.span(), unescape(match[0])))
        at = match.end()
    return [piece for piece in (*pieces, Piece(at, end)) if piece.start < piece.end]


def html_paragraphs(source: str, start: int, end: int) -> Iterator[Pieces]:
    """The words of a stretch of raw HTML, one run of pieces for each stretch that block tags part."""
    pieces: list[Piece] = []
    at = start
    for tag in _SILENT_OR_TAG.finditer(source, start, end):
        pieces += plain_pieces(source, at, tag.start())
        at = tag.end()
        if breaks_line(tag[0]):
            yield trimmed(pieces, source)
            pieces = []
    yield trimmed([*pieces, *plain_pieces(source, at, end)], source)
