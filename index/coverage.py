"""Does the encoder read the whole corpus? Token by token, with the encoder's own tokenizer."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from index.encoders.protocol import Encoder
from index.reader import Index
from index.records import Chunk, Post, Record
from index.text.context import encodable
from index.text.structure import visible_blocks


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
        seen = _seen(post, by_post.get(post.id, ()), encoder, index)
        missed = [span for span in spans if not _inside(span, seen)]
        tokens += len(spans)
        read += len(spans) - len(missed)
        unread.extend(_stretch(post, span) for span in missed)
    return Coverage(posts=posts, chunks=index.manifest.chunks, tokens=tokens, read=read, unread=tuple(unread[:100]))


def _own_spans(post: Post, encoder: Encoder) -> Sequence[tuple[int, int]]:
    """The tokens of a post's visible text, without what is shown between its blocks, such as an item's number."""
    spans = encoder.token_spans(post.visible.text)
    if not post.block_places:
        return spans
    blocks = [(block.start, block.end) for block in visible_blocks(post)]
    return [span for span in spans if _inside(span, blocks)]


def _seen(post: Post, chunks: Iterable[Chunk], encoder: Encoder, index: Index) -> list[tuple[int, int]]:
    """The stretches of a body that its passages bring before the encoder."""
    stretches = []
    for chunk in chunks:
        passage = encodable(post.title, chunk, encoder.token_spans, index.manifest.settings.chunks.context_tokens)
        start = post.visible.span(chunk.start, chunk.end)[0]
        stretches.append((start, start + encoder.read_span(passage)))
    return sorted(stretches)


def _inside(span: tuple[int, int], stretches: Sequence[tuple[int, int]]) -> bool:
    """Whether a token lies in the stretches; one may reach over the seam of two that touch."""
    start, end = span
    at = bisect_left(stretches, (start + 1,)) - 1
    while at >= 0 and at < len(stretches) and start < end:
        if stretches[at][0] > start:
            return False
        start = max(start, stretches[at][1])
        at += 1
    return start >= end


def _stretch(post: Post, span: tuple[int, int]) -> UnreadStretch:
    start, end = post.visible.source(*span)
    return UnreadStretch(post_id=post.id, start=start, end=end, text=post.visible.text[span[0] : span[1]])
