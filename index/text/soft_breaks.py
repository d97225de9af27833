"""Line breaks inside a Markdown paragraph: spaces to its reader, unless the lines stand for themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise

from index.text.labelled_lines import are_labelled, label_end
from index.text.sentences import unspaced_breaks
from index.visible import Piece, Pieces


def with_soft_breaks(pieces: Pieces, source: str, soft: Collection[int]) -> Pieces:
    """The pieces of a paragraph, its soft breaks as they are shown.

    A break is a space; nothing between letters of a script without spaces; and stays a break before a line with a
    label ("Entry: 4 crowns"), and in a script without spaces where lines are too short to have been wrapped.

    Args:
        pieces: With a piece of its own for each break.
        source: The text that they are pieces of.
        soft: The places of the soft breaks in it.
    """
    if not any(piece.start in soft for piece in pieces):
        return pieces
    texts = [piece.text or source[piece.start : piece.end] for piece in pieces]
    text = "".join(texts)
    kept = frozenset(_kept(text))
    unspaced = dict(unspaced_breaks(text, 0, len(text)))
    result: list[Piece] = []
    at = 0
    for piece, shown in zip(pieces, texts, strict=True):
        if piece.start not in soft or shown != "\n":
            result.append(piece)
        elif at in kept or unspaced.get(at):
            result.append(Piece(piece.start, piece.end, "\n"))
        elif at not in unspaced and not text.endswith("\n", 0, at):
            result.append(Piece(piece.start, piece.end, " "))
        at += len(shown)
    return tuple(result)


def _kept(text: str) -> Iterator[int]:
    """The line breaks before labels."""
    lines = text.split("\n")
    is_labelled, at = are_labelled(lines), -1
    for line, below in pairwise(lines):
        at += 1 + len(line)
        if is_labelled and label_end(below):
            yield at
