"""Does the encoder read the whole corpus? Token by token, with the encoder's own tokenizer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from index.encoders.protocol import Encoder
from index.reader import Index
from index.records import Chunk, Post, Record
from index.text.context import encodable
from index.text.structure import visible_blocks

Span = tuple[int, int]


class UnreadStretch(Record):
    """A stretch of a post that no passage brings before the encoder."""

    post_id: str
    start: int
    end: int
    text: str


class Coverage(Record):
    """How many of the corpus' tokens lie in a passage up to the encoder's limit."""

    posts: int
    chunks: int
    tokens: int
    read: int
    unread: tuple[UnreadStretch, ...]

    @property
    def share(self) -> float:
        """Tokens read, of all tokens; 1.0 is the only healthy value."""
        return self.read / self.tokens if self.tokens else 1.0


def coverage(index: Index, encoder: Encoder) -> Coverage:
    """Compare what the encoder reads of each post, up to its limit, with the post's own tokens."""
    by_post: dict[str, list[Chunk]] = {}
    for chunk in index.all_chunks():
        by_post.setdefault(chunk.post_id, []).append(chunk)
    tokens = read = posts = 0
    unread: list[UnreadStretch] = []
    for post in index.posts():
        posts += 1
        spans = _own_spans(post, encoder)
        missed = _uncovered(spans, _read_stretches(post, by_post.get(post.id, ()), encoder, index))
        tokens += len(spans)
        read += len(spans) - len(missed)
        unread.extend(_stretch(post, span) for span in missed)
    return Coverage(posts=posts, chunks=index.manifest.chunks, tokens=tokens, read=read, unread=tuple(unread[:100]))


def _own_spans(post: Post, encoder: Encoder) -> Sequence[Span]:
    """The tokens of a post's visible text, without what is shown between its blocks, such as an item's number."""
    spans = encoder.token_spans(post.visible.text)
    if not post.block_places:
        return spans
    between = set(_uncovered(spans, ((block.start, block.end) for block in visible_blocks(post))))
    return [span for span in spans if span not in between]


def _read_stretches(post: Post, chunks: Iterable[Chunk], encoder: Encoder, index: Index) -> Iterator[Span]:
    """The stretches of a post's visible text that its passages bring before the encoder."""
    for chunk in chunks:
        passage = encodable(post.title, chunk, encoder.token_spans, index.manifest.settings.chunks.context_tokens)
        start = post.visible.span(chunk.start, chunk.end)[0]
        yield start, start + encoder.read_span(passage)


def _uncovered(spans: Sequence[Span], stretches: Iterable[Span]) -> list[Span]:
    """The spans of which a character lies in none of the stretches."""
    covered = np.zeros(max((end for _, end in spans), default=0), dtype=np.bool_)
    for start, end in stretches:
        covered[start:end] = True
    return [(start, end) for start, end in spans if not covered[start:end].all()]


def _stretch(post: Post, span: Span) -> UnreadStretch:
    start, end = post.visible.source(*span)
    return UnreadStretch(post_id=post.id, start=start, end=end, text=post.visible.text[span[0] : span[1]])
