"""Posts of a store to chunks, and where each chunk's work was done before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.building.reuse import Previous
from index.encoders.protocol import Encoder
from index.errors import EncoderError
from index.settings import BuildSettings
from index.storage.post_store import PostStore
from index.text.chunking import chunk_post

Rows = npt.NDArray[np.int64]
NEW = -1


@dataclass(frozen=True)
class Cut:
    """Of each chunk its post's row, its row in the generation before (or `NEW`), and where its sentences begin.

    `bounds` has one more than there are chunks: the sentences of chunk `row` are `bounds[row]:bounds[row + 1]`.
    """

    posts: Rows
    sources: Rows
    bounds: Rows

    def __post_init__(self) -> None:
        if not len(self.posts) == len(self.sources) == len(self.bounds) - 1:
            raise ValueError(f"{len(self.posts)} posts, {len(self.sources)} sources, {len(self.bounds)} bounds")

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return len(self.posts)

    @property
    def new(self) -> list[int]:
        """The rows without work done before."""
        return np.flatnonzero(self.sources == NEW).tolist()

    def runs(self) -> list[tuple[int, int, int]]:
        """Stretches of rows that follow each other here and there: first row, first source, how many."""
        rows = np.flatnonzero(self.sources != NEW)
        sources = self.sources[rows]
        breaks = np.flatnonzero((np.diff(rows) != 1) | (np.diff(sources) != 1)) + 1
        stretches = zip(np.split(rows, breaks), np.split(sources, breaks), strict=True)
        return [(int(here[0]), int(there[0]), len(here)) for here, there in stretches if len(here)]


def cut(
    store: PostStore,
    encoder: Encoder,
    settings: BuildSettings,
    previous: Previous | None,
    tell: Callable[[str, int, int | None], None],
) -> Cut:
    """Cut every post into the store; a post that was there before is cut as it was."""
    limit = chunk_limit(encoder, settings)
    posts: list[int] = []
    sources: list[int] = []
    counts: list[int] = []
    digests = store.digests()
    for done, (row, digest) in enumerate(digests, 1):
        known = previous.chunks_of(digest) if previous else None
        if previous and known is not None:
            store.put_packed(row, previous.store.packed_chunks(known))
            sources += known
            counts += np.diff(previous.sentence_bounds[known.start : known.stop + 1]).tolist()
            posts += [row] * len(known)
        else:
            chunks = chunk_post(store.post(row), encoder.token_spans, limit)
            store.put_chunks(row, chunks)
            sources += [NEW] * len(chunks)
            counts += [len(chunk.sentences) for chunk in chunks]
            posts += [row] * len(chunks)
        tell("cutting", done, len(digests))
    bounds = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Cut(np.asarray(posts, dtype=np.int64), np.asarray(sources, dtype=np.int64), bounds)


def chunk_limit(encoder: Encoder, settings: BuildSettings) -> int:
    """Most tokens of a chunk's own text, so that context, prompt and special tokens fit as well.

    Raises:
        EncoderError: The encoder's limit leaves no room for text.
    """
    identity = encoder.identity
    prompt = len(encoder.token_spans(identity.document_prompt))
    # Two special tokens, the full stop after the context, and two for words that a cut splits anew.
    room = identity.token_limit - prompt - settings.chunks.context_tokens - 5
    if room < 8:
        raise EncoderError(
            "the encoder reads too few tokens for a title and a sentence",
            where=identity.name,
            seen=identity.token_limit,
            remedy="Lower chunks.context_tokens or choose an encoder that reads more.",
        )
    return min(settings.chunks.max_tokens, room)
