"""The blocks of a post: those its Markdown states, or those that the shape of its lines suggests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache

from index.records import Post
from index.text.blocks import Block, BlockKind, blocks
from index.visible import Pieces

_KINDS = tuple(BlockKind)


@dataclass(frozen=True)
class Structure:
    """A body's blocks and its visible pieces, both in order, and the share of its text that is in links."""

    blocks: tuple[Block, ...]
    pieces: Pieces
    link_share: float = 0.0


def blocks_of(post: Post) -> list[Block]:
    """A post's blocks, in order, with places in its body."""
    if not post.block_places:
        return blocks(post.body)
    return [Block(_KINDS[kind], start, end, level=level) for kind, start, end, level in json.loads(post.block_places)]


@lru_cache(maxsize=16)
def visible_blocks(post: Post) -> tuple[Block, ...]:
    """A post's blocks with places in its visible text; kept, for each of its quotes asks for them."""
    source = blocks_of(post)
    if post.visible.is_whole:
        return tuple(source)
    spans = (post.visible.span(block.start, block.end) for block in source)
    return tuple(
        Block(block.kind, start, end, level=block.level)
        for block, (start, end) in zip(source, spans, strict=True)
        if start < end
    )


def blocks_between(post: Post, start: int, end: int) -> list[Block]:
    """The blocks of `post.visible.text[start:end]`, with places in the visible text.

    Without stated blocks only that stretch is looked at, and those at its ends are cut.
    """
    if post.block_places:
        return [block for block in visible_blocks(post) if start <= block.start and block.end <= end]
    return [
        Block(block.kind, start + block.start, start + block.end, block.level) for block in blocks(post.body[start:end])
    ]


def blocks_to_json(found: tuple[Block, ...]) -> str:
    """Blocks as a post stores them."""
    places = [(_KINDS.index(block.kind), block.start, block.end, block.level) for block in found]
    return json.dumps(places, separators=(",", ":"))
