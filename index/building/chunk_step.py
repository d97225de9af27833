"""Posts into chunks and their terms: copied from the generation before where they are known, else computed."""

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
from index.text.tokenize import plain_words, terms


@dataclass(frozen=True)
class ChunkRows:
    """All chunks of a generation, a row each.

    Attributes:
        posts: The row of each chunk's post, shape (chunks,).
        bounds: The sentences of chunk `row` are `bounds[row]:bounds[row + 1]`, shape (chunks + 1,).
        terms: Of every chunk.
        words: The distinct words of every chunk in which typing errors can be told.
        new: The rows without work done before.
        known: Of each post that was there before the first row, its row in the generation before, and how many.
    """

    posts: Rows
    bounds: Rows
    terms: ChunkTerms
    words: ChunkTerms
    new: list[int]
    known: list[tuple[int, int, int]]

    def __post_init__(self) -> None:
        sources = len(self.new) + sum(count for _, _, count in self.known)
        counts = (len(self.posts), len(self.bounds) - 1, self.terms.rows, self.words.rows, sources)
        if len(set(counts)) > 1:
            raise ValueError(f"posts, bounds, terms and sources of different chunks: {counts}")

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return len(self.posts)


def chunk_step(job: BuildJob) -> ChunkRows:
    """Divide every post into chunks, which go into the store, and collect their terms and words."""
    store, previous = job.store, job.previous
    limit = chunk_limit(job.encoder, job.settings)
    all_terms, all_words = TermCollector(), TermCollector()
    posts: list[int] = []
    sentences: list[int] = []
    new: list[int] = []
    known: list[tuple[int, int, int]] = []
    digests = store.digests()
    for done, (row, digest, language) in enumerate(digests, 1):
        first = len(posts)
        rows = previous.chunks_of(digest, language) if previous else None
        if previous and rows is not None:
            store.put_packed(row, previous.store.packed_chunks(rows))
            known.append((first, rows.start, len(rows)))
            sentences += np.diff(previous.sentence_bounds[rows.start : rows.stop + 1]).tolist()
            of_chunks = [(previous.terms.of_row(at), previous.words.of_row(at)) for at in rows]
        else:
            post = store.post(row)
            chunks = chunk_post(post, job.encoder.token_spans, limit)
            store.put_chunks(row, chunks)
            new += range(first, first + len(chunks))
            sentences += [len(chunk.sentences) for chunk in chunks]
            texts = [lexical_text(post, chunk) for chunk in chunks]
            of_chunks = [(terms(text, language), plain_words(text, language)) for text in texts]
        for its_terms, its_words in of_chunks:
            all_terms.add(its_terms, language)
            all_words.add(its_words, language)
        posts += [row] * len(of_chunks)
        job.progress("chunking", done, len(digests))
    bounds = np.concatenate([[0], np.cumsum(sentences)]).astype(np.int64)
    return ChunkRows(np.asarray(posts), bounds, all_terms.finished(), all_words.finished(), new, known)


def chunk_limit(encoder: Encoder, settings: BuildSettings) -> int:
    """Most tokens of a chunk's own text, so that context, prompt and special tokens fit as well.

    Raises:
        EncoderError: The encoder's limit leaves no room for text.
    """
    identity = encoder.identity
    prompt = len(encoder.token_spans(identity.document_prompt))
    # Two special tokens, the full stop after the context, and two for words that tokenize differently at its ends.
    room = identity.token_limit - prompt - settings.chunks.context_tokens - 5
    if room < 8:
        raise EncoderError(
            "the encoder reads too few tokens for a title and a sentence",
            where=identity.name,
            seen=identity.token_limit,
            remedy="Lower chunks.context_tokens or choose an encoder that reads more.",
        )
    return min(settings.chunks.max_tokens, room)
