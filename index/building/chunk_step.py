"""Posts into chunks and their terms: those known from the generation before as they were, the others anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.arrays import Rows
from index.building.job import BuildJob
from index.encoders.protocol import Encoder
from index.errors import EncoderError
from index.search.chunk_terms import ChunkTerms, TermCollector
from index.settings import BuildSettings
from index.text.chunking import chunk_post
from index.text.context import lexical_text
from index.text.tokenize import terms

NEW = -1


@dataclass(frozen=True)
class ChunkRows:
    """All chunks of a generation, a row each.

    Attributes:
        posts: The row of each chunk's post, shape (chunks,).
        sources: Its row in the generation before, or `NEW`, shape (chunks,).
        bounds: The sentences of chunk `row` are `bounds[row]:bounds[row + 1]`, shape (chunks + 1,).
        terms: Of every chunk.
    """

    posts: Rows
    sources: Rows
    bounds: Rows
    terms: ChunkTerms

    def __post_init__(self) -> None:
        if not len(self.posts) == len(self.sources) == len(self.bounds) - 1 == self.terms.rows:
            counts = (len(self.posts), len(self.sources), len(self.bounds), self.terms.rows)
            raise ValueError(f"posts, sources, bounds and terms of different chunks: {counts}")

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return len(self.posts)

    @property
    def new(self) -> list[int]:
        """The rows without work done before."""
        return np.flatnonzero(self.sources == NEW).tolist()

    def runs(self) -> list[tuple[int, int, int]]:
        """Stretches of rows that follow each other here and in the generation before: row, source, and how many."""
        rows = np.flatnonzero(self.sources != NEW)
        sources = self.sources[rows]
        breaks = np.flatnonzero((np.diff(rows) != 1) | (np.diff(sources) != 1)) + 1
        stretches = zip(np.split(rows, breaks), np.split(sources, breaks), strict=True)
        return [(int(here[0]), int(there[0]), len(here)) for here, there in stretches if len(here)]


def chunk_step(job: BuildJob) -> ChunkRows:
    """Divide every post into chunks, which go into the store, and collect their terms."""
    store, previous = job.store, job.previous
    limit = chunk_limit(job.encoder, job.settings)
    collector = TermCollector()
    posts: list[int] = []
    sources: list[int] = []
    sentences: list[int] = []
    digests = store.digests()
    for done, (row, digest, language) in enumerate(digests, 1):
        known = previous.chunks_of(digest, language) if previous else None
        if previous and known is not None:
            store.put_packed(row, previous.store.packed_chunks(known))
            sources += known
            sentences += np.diff(previous.sentence_bounds[known.start : known.stop + 1]).tolist()
            for source in known:
                collector.add(previous.terms_of(source), language)
        else:
            post = store.post(row)
            chunks = chunk_post(post, job.encoder.token_spans, limit)
            store.put_chunks(row, chunks)
            sources += [NEW] * len(chunks)
            sentences += [len(chunk.sentences) for chunk in chunks]
            for chunk in chunks:
                collector.add(terms(lexical_text(post, chunk), language), language)
        posts += [row] * (len(sources) - len(posts))
        job.progress("chunking", done, len(digests))
    bounds = np.concatenate([[0], np.cumsum(sentences)]).astype(np.int64)
    return ChunkRows(np.asarray(posts), np.asarray(sources), bounds, collector.finished())


def chunk_limit(encoder: Encoder, settings: BuildSettings) -> int:
    """Most tokens of a chunk's own text, so that context, prompt and special tokens fit as well.

    Raises:
        EncoderError: The encoder's limit leaves no room for text.
    """
    identity = encoder.identity
    prompt = len(encoder.token_spans(identity.document_prompt))
    # Two special tokens, the full stop after the context, and two for words that a cut divides into other tokens.
    room = identity.token_limit - prompt - settings.chunks.context_tokens - 5
    if room < 8:
        raise EncoderError(
            "the encoder reads too few tokens for a title and a sentence",
            where=identity.name,
            seen=identity.token_limit,
            remedy="Lower chunks.context_tokens or choose an encoder that reads more.",
        )
    return min(settings.chunks.max_tokens, room)
