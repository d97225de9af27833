"""Markdown to structure: its blocks, and what of it a reader sees, both as places in the source.

The blocks are those of CommonMark with tables, footnotes and definition lists (markdown-it-py); what site generators
and note-taking programs take out before (`index.text.template_tags`) is out here as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from index.text.blocks import Block, BlockKind
from index.text.hidden import NOTE_TITLE, Source
from index.text.link_share import markdown_link_share
from index.text.markdown_inline import inline_pieces, shown_code
from index.text.mdx import is_mdx
from index.text.raw_html import html_blocks
from index.text.structure import Structure
from index.text.template_tags import without_tags
from index.visible import Piece, Pieces, trimmed, with_marks, with_substitutes

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARKER = re.compile(r"([-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX/<>!?*~-]\][ \t]+)?$")
_TASK = re.compile(r"\[[ xX/<>!?*~-]\] ")
_CALLOUT = re.compile(r"\[!\w+\][-+]?[ \t]*")
_ATTRIBUTES = re.compile(r"\s*\{[:#.][^{}\n]*\}\s*$")


def markdown_structure(body: str, *, mdx: bool = False) -> Structure:
    """The blocks of a Markdown text, or of MDX, and what of it a reader sees.

    Blocks run from their first visible character to their last, with the marks right beside these. Link
    definitions, comments, images, tags and template syntax lie in no piece.

    >>> body = "See [the docs](https://docs.example). <!-- later -->"
    >>> [body[block.start : block.end] for block in markdown_structure(body).blocks]
    ['See [the docs](https://docs.example).']
    """
    prepared = without_tags(body, mdx=mdx)
    source, substitutes = prepared
    tokens = _parser(mdx=mdx or is_mdx(body)).parse(source)
    parsed = sorted(_BlockReader(prepared).blocks(tokens), key=lambda block: block.pieces[0].start)
    blocks: list[Block] = []
    pieces: list[Piece] = []
    for number, block in enumerate(parsed):
        start, end = block.pieces[0].start, block.pieces[-1].end
        floor = pieces[-1].end if pieces else 0
        if start < floor:
            continue  # raw HTML inside a block that is there already
        ceiling = parsed[number + 1].pieces[0].start if number + 1 < len(parsed) else len(body)
        shown_from = start
        if block.kind is not BlockKind.CODE:
            start, end = with_marks(source, start, end, floor, ceiling)
        if shown_from > floor > 0:
            at = min(max(floor, blocks[-1].end), shown_from - 1)  # between the marks that belong to the blocks
            pieces.append(Piece(at, at + 1, _separator(block, source[floor:start])))
        pieces.extend(block.pieces)
        blocks.append(Block(block.kind, start, end, level=block.level))
    return Structure(tuple(blocks), with_substitutes(pieces, substitutes), markdown_link_share(tokens))


def _separator(block: _ParsedBlock, hidden: str) -> str:
    """What is shown between a block and the one before: line breaks, and an item's marker."""
    marker = _MARKER.search(hidden) if block.kind is BlockKind.ITEM else None
    return ("\n" if block.is_close else "\n\n") + (f"{marker[1]} " if marker else "")


@dataclass(frozen=True)
class _ParsedBlock:
    """A block with what is visible of it; `is_close` says that no blank line is shown before it."""

    kind: BlockKind
    pieces: Pieces
    level: int = 0
    is_close: bool = False


@dataclass
class _Context:
    """Where in the document the next token stands."""

    opens_item: list[bool] = field(default_factory=list)  # for each open list item: its first paragraph is to come
    level: int = 0
    is_header: bool = False
    is_term: bool = False
    term: Pieces = ()  # of a definition list; empty outside
    definitions: int = 0  # of this term, so far
    opens_definition: bool = False
    cells: list[Pieces] | None = None
    cell_start: int = 0


class _BlockReader:
    """One pass over the parser's tokens of a source."""

    def __init__(self, source: Source) -> None:
        self._source, self._substitutes = source
        self._context = _Context()
        self._lines = [0]
        for line in self._source.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)

    def blocks(self, tokens: Sequence[Token]) -> Iterator[_ParsedBlock]:
        """Every block of which something is visible."""
        for token in tokens:
            for block in self._read(token):
                if block.pieces:
                    yield block

    def _read(self, token: Token) -> Iterator[_ParsedBlock]:
        if token.type == "inline":
            yield from self._text(token)
        elif token.type in ("fence", "code_block"):
            yield _ParsedBlock(BlockKind.CODE, self._code(token))
        elif token.type == "html_block":
            for kind, pieces, level in html_blocks(self._source, *self._span(token)):
                yield _ParsedBlock(kind, pieces, level, is_close=kind in (BlockKind.ITEM, BlockKind.ROW))
        elif token.type == "tr_close":
            yield self._row()
        else:
            self._move(token)

    def _move(self, token: Token) -> None:
        """Note which container opens or closes."""
        context = self._context
        match token.type:
            case "list_item_open":
                context.opens_item.append(True)
            case "list_item_close":
                context.opens_item.pop()
            case "heading_open" | "heading_close":
                context.level = int(token.tag[1]) if token.nesting > 0 else 0
            case "thead_open" | "thead_close":
                context.is_header = token.nesting > 0
            case "tr_open":
                context.cells, context.cell_start = [], self._span(token)[0]
            case "dt_open" | "dt_close":
                context.is_term, context.definitions = token.nesting > 0, 0
            case "dd_open" | "dd_close":
                context.opens_definition = token.nesting > 0
            case "dl_close":
                context.term = ()

    def _text(self, token: Token) -> Iterator[_ParsedBlock]:
        """The block that a run of text is, by where it stands."""
        context, (start, end) = self._context, self._span(token)
        if context.cells is not None:
            pieces = inline_pieces(self._source, token, context.cell_start, end)
            context.cells.append(tuple(Piece(*piece[:2], " ") if piece.text == "\n" else piece for piece in pieces))
            context.cell_start = pieces[-1].end if pieces else context.cell_start
            return
        pieces = inline_pieces(self._source, token, start, end)
        if context.level:
            yield _ParsedBlock(BlockKind.HEADING, self._without_end(pieces, _ATTRIBUTES), context.level)
        elif context.is_term:
            context.term = pieces
        elif context.opens_definition and context.term and pieces:
            context.opens_definition = False
            context.definitions += 1
            yield _ParsedBlock(BlockKind.ITEM, self._with_term(pieces))
        elif NOTE_TITLE in self._source[start:end]:
            context.opens_item[-1:] = [False] * len(context.opens_item[-1:])
            yield from self._note(pieces)
        elif context.opens_item and context.opens_item[-1]:
            context.opens_item[-1] = False
            yield _ParsedBlock(BlockKind.ITEM, self._without_start(pieces, _TASK), is_close=True)
        else:
            is_note = pieces and _CALLOUT.match(self._source, pieces[0].start, pieces[0].end)
            rest = self._without_start(pieces, _CALLOUT)
            yield from self._note(rest) if is_note else [_ParsedBlock(BlockKind.PARAGRAPH, rest)]

    def _note(self, pieces: Pieces) -> Iterator[_ParsedBlock]:
        """The title of a note, which ends its first line, and the text below it."""
        at = next((n for n, piece in enumerate(pieces) if self._source[piece.start] == "\n"), len(pieces))
        for part in (pieces[:at], pieces[at + 1 :]):
            yield _ParsedBlock(BlockKind.PARAGRAPH, trimmed(part, self._source))

    def _with_term(self, definition: Pieces) -> Pieces:
        """A definition behind its term; where a term has several, it is shown before each of them."""
        term = self._context.term
        if self._context.definitions == 1:
            return (*term, Piece(term[-1].end, term[-1].end + 1, ": "), *definition)
        pieces = with_substitutes(term, self._substitutes)
        shown = "".join(piece.text or self._source[piece.start : piece.end] for piece in pieces)
        return (Piece(definition[0].start - 1, definition[0].start, f"{shown}: "), *definition)

    def _row(self) -> _ParsedBlock:
        pieces: list[Piece] = []
        for cell in filter(None, self._context.cells or ()):
            if pieces:
                pieces.append(Piece(pieces[-1].end, pieces[-1].end + 1, " | "))
            pieces.extend(cell)
        self._context.cells = None
        is_header = self._context.is_header
        return _ParsedBlock(BlockKind.HEADER if is_header else BlockKind.ROW, tuple(pieces), is_close=not is_header)

    def _code(self, token: Token) -> Pieces:
        """The lines of a code block, without its fences and what indents all of it."""
        at, end = self._span(token)
        if token.type == "fence":
            at = self._source.find("\n", at, end) + 1 or end
        lines = token.content.rstrip().split("\n")
        pieces: list[Piece] = []
        for number, line in enumerate(lines):
            stop = self._source.find("\n", at, end)
            stop = stop if stop >= 0 else end
            pieces += shown_code(self._source, max(at, stop - len(line)) if line.strip() else stop, stop)
            if number + 1 < len(lines):
                pieces.append(Piece(stop, stop + 1, "\n"))
            at = stop + 1
        return tuple(pieces) if token.content.strip() else ()

    def _span(self, token: Token) -> tuple[int, int]:
        """Start of a token's first line and end of its last."""
        first, stop = token.map or (0, 0)
        return self._lines[first], min(self._lines[max(stop, first + 1)] - 1, len(self._source))

    def _without_start(self, pieces: Pieces, pattern: re.Pattern[str]) -> Pieces:
        match = pattern.match(self._source, pieces[0].start, pieces[0].end) if pieces else None
        if match is None:
            return pieces
        rest = Piece(match.end(), pieces[0].end)
        return (rest, *pieces[1:]) if rest.start < rest.end else pieces[1:]

    def _without_end(self, pieces: Pieces, pattern: re.Pattern[str]) -> Pieces:
        match = pattern.search(self._source, pieces[-1].start, pieces[-1].end) if pieces else None
        if match is None:
            return pieces
        rest = Piece(pieces[-1].start, match.start())
        return (*pieces[:-1], rest) if rest.start < rest.end else pieces[:-1]


@cache
def _parser(*, mdx: bool) -> MarkdownIt:
    """CommonMark with tables, strikethrough, footnotes and definition lists; escapes and entities stay apart.

    In MDX what is indented is no code.
    """
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only where a Markdown post is read
    from mdit_py_plugins.deflist import deflist_plugin  # noqa: PLC0415
    from mdit_py_plugins.footnote import footnote_plugin  # noqa: PLC0415

    parser = (
        MarkdownIt("commonmark", {"maxNesting": 100})
        .enable(["table", "strikethrough"])
        .disable(["text_join", "code"] if mdx else "text_join")
    )
    return parser.use(footnote_plugin, inline=False).use(deflist_plugin)
