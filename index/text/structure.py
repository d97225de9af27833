"""The blocks of a post: those its Markdown states, or those that the shape of its lines suggests."""

from __future__ import annotations

import json

from index.records import Post
from index.text.blocks import Block, BlockKind, blocks

_KINDS = tuple(BlockKind)


def blocks_of(post: Post) -> list[Block]:
    """A post's blocks, in order, with places in its body."""
    if not post.block_places:
        return blocks(post.body)
    return [Block(_KINDS[kind], start, end, level=level) for kind, start, end, level in json.loads(post.block_places)]


def visible_blocks(post: Post) -> list[Block]:
    """A post's blocks with places in its visible text."""
    source = blocks_of(post)
    if post.visible.is_whole:
        return source
    spans = (post.visible.span(block.start, block.end) for block in source)
    return [
        Block(block.kind, start, end, level=block.level)
        for block, (start, end) in zip(source, spans, strict=True)
        if start < end
    ]


def blocks_to_json(found: tuple[Block, ...]) -> str:
    """Blocks as a post stores them."""
    places = [(_KINDS.index(block.kind), block.start, block.end, block.level) for block in found]
    return json.dumps(places, separators=(",", ":"))
