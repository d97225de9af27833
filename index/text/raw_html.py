"""HTML inside Markdown: the words between its tags, and entities as the characters they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from index.text.blocks import BlockKind
from index.text.hidden import NOTE_TITLE, PLACEHOLDER
from index.visible import Piece, Pieces, trimmed

ENTITY = r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});"
_NOT_SHOWN = re.compile(f"[{PLACEHOLDER}{NOTE_TITLE}]+|==(?=\\S)|(?<=\\S)==|{ENTITY}")
_BREAKING = re.compile(
    r"</?(?:br|p|div|li|ul|ol|dl|dt|dd|tr|td|th|table|h[1-6]|summary|details|blockquote|pre|hr|section|figcaption)\b",
    re.I,
)
_HIDDEN = re.compile(
    r"""<(?P<hidden>script|style|template|noscript|svg|iframe|video|audio|object|canvas|select|textarea)\b.*?(?:</(?P=hidden)\s*>|\Z)
      | <(?!(?:br|hr|img|input|link|meta|source|wbr)\b)(?P<unseen>[a-z][\w-]*)\b[^<>]*?
        \s(?:hidden(?=[\s=/>])|aria-hidden\s*=\s*["']?true
        |class\s*=\s*["'][^"'<>]*\b(?:sr-only|visually-hidden|screen-reader-text)\b|style\s*=\s*["'][^"'<>]*\bdisplay\s*:\s*none)[^<>]*>.*?(?:</(?P=unseen)\s*>|\Z)""",
    re.I | re.S | re.X,
)
_QUOTING = r"""</?[a-z](?:[^<>"']|"[^"<]*"|'[^'<]*')*>"""  # a tag whose attributes may hold a ">"
_TAG = re.compile(
    rf"(?:{_HIDDEN.pattern})|<!--.*?(?:-->|\Z)|{_QUOTING}|</?[a-z][^<>]*>|<[!?][^>]*>", re.I | re.S | re.X
)
_NAME = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.I)
_SPACE = re.compile(r"\s*\n\s*")
_GAPS = (" ", " | ", ": ")
_KINDS = {"li": BlockKind.ITEM, "pre": BlockKind.CODE} | dict.fromkeys(
    ("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING
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


def hidden_end(source: str, start: int, end: int) -> int:
    """The end of the element that begins at a place and is not shown, a script or a hidden one; else the place."""
    hidden = _HIDDEN.match(source, start, end)
    return hidden.end() if hidden else start


class HtmlBlock(NamedTuple):
    """A block of raw HTML: what it is, what is visible of it, and a heading's level."""

    kind: BlockKind
    pieces: Pieces
    level: int = 0


def html_blocks(source: str, start: int, end: int) -> Iterator[HtmlBlock]:
    """What a stretch of raw HTML shows, parted at the tags of blocks; a row of a table is one block."""
    reader, at = _HtmlReader(source), start
    for tag in _TAG.finditer(source, start, end):
        reader.add_text(at, tag.start())
        at = tag.end()
        if name := _NAME.match(tag[0]):
            yield from reader.pass_tag(tag, name[2].lower(), closes=bool(name[1]))
    reader.add_text(at, end)
    yield reader.finished()


class _HtmlReader:
    """The block that is being read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._kind, self._level = BlockKind.PARAGRAPH, 0
        self._pieces: list[Piece] = []
        self._is_row = False

    def add_text(self, start: int, end: int) -> None:
        """Text between two tags."""
        pieces = plain_pieces(self._source, start, end)
        if self._kind is not BlockKind.CODE:
            pieces = [part for piece in pieces for part in _flowing(self._source, piece)]
        for piece in pieces:
            self._add(piece)

    def pass_tag(self, tag: re.Match[str], name: str, *, closes: bool) -> Iterator[HtmlBlock]:
        """Blocks that end at a tag."""
        if name == "tr" or (name == "table" and closes):
            yield self.finished()
            self._is_row = name == "tr" and not closes
            self._kind = BlockKind.HEADER if self._is_row else BlockKind.PARAGRAPH
        elif self._is_row and name in ("td", "th"):
            self._kind = BlockKind.ROW if name == "td" else self._kind
            self._add(Piece(*tag.span(), " | "), between=not closes)
        elif name == "dt" and closes:
            self._add(Piece(*tag.span(), ": "))
        elif self._is_row or (name == "dd" and not closes):
            self._add(Piece(*tag.span(), " "), between=breaks_line(tag[0]))
        elif breaks_line(tag[0]):
            yield self.finished()
            self._kind = BlockKind.PARAGRAPH if closes else _KINDS.get(name, BlockKind.PARAGRAPH)
            self._level = int(name[1]) if self._kind is BlockKind.HEADING else 0

    def _add(self, piece: Piece, *, between: bool = True) -> None:
        """Add a piece; one that only parts others takes the place of a space before it, and none stands first."""
        if piece.text not in _GAPS:
            self._pieces.append(piece)
        elif between and self._pieces:
            if self._pieces[-1].text == " ":
                self._pieces.pop()
            if self._pieces[-1].text not in _GAPS:
                self._pieces.append(piece)

    def finished(self) -> HtmlBlock:
        """The block so far; the next one begins."""
        pieces, self._pieces = trimmed(self._pieces, self._source), []
        return HtmlBlock(self._kind, pieces, self._level)


def _flowing(source: str, piece: Piece) -> Iterator[Piece]:
    """A piece whose line breaks are spaces."""
    at = piece.start
    if not piece.text:
        for space in _SPACE.finditer(source, piece.start, piece.end):
            if at < space.start():
                yield Piece(at, space.start())
            yield Piece(*space.span(), " ")
            at = space.end()
    if at < piece.end:
        yield Piece(at, piece.end, piece.text)
