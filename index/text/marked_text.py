"""Text with the marks that readers of pages, feeds and PDFs give headings, tables and code: hidden from who reads it.

It is no Markdown otherwise: an asterisk in it is an asterisk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.blocks import Block, BlockKind, blocks
from index.text.structure import Structure
from index.visible import Piece

_HIDDEN = {
    BlockKind.HEADING: re.compile(r"\A#{1,6}[ \t]+"),
    BlockKind.CODE: re.compile(r"\A(?:```+|~~~+)[^\n]*\n|\n[ \t]*(?:```+|~~~+)\Z"),
    BlockKind.HEADER: re.compile(r"\A\|[ \t]*|[ \t]*\|?\n.*\Z|\\(?=\|)", re.S),
    BlockKind.ROW: re.compile(r"\A\|[ \t]*|[ \t]*\|\Z|\\(?=\|)"),
}


def marked_structure(body: str, link_share: float) -> Structure:
    r"""The blocks of such a text, and what of it a reader sees.

    >>> body = "### Tolls\n\n| Grain | Toll |\n|---|---|\n| rye | 7 |"
    >>> [body[piece.start : piece.end] for piece in marked_structure(body, 0.0).pieces]
    ['Tolls\n\n', 'Grain | Toll', '\n', 'rye | 7']
    """
    found = blocks(body)
    pieces: list[Piece] = []
    at = 0
    for start, end in (hidden for block in found for hidden in _hidden(body, block)):
        pieces.append(Piece(at, start))
        at = end
    pieces.append(Piece(at, len(body)))
    return Structure(tuple(found), tuple(piece for piece in pieces if piece.start < piece.end), link_share)


def _hidden(body: str, block: Block) -> Iterator[tuple[int, int]]:
    pattern = _HIDDEN.get(block.kind)
    text = body[block.start : block.end]
    for match in pattern.finditer(text) if pattern else ():
        yield block.start + match.start(), block.start + match.end()
