"""Vectors of every chunk and sentence into tables: copied where they are known, else encoded, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import Rows
from index.building.checkpoint import Checkpoint
from index.building.chunk_step import ChunkRows
from index.building.job import BuildJob
from index.building.reuse import KEY_BYTES, key_of
from index.encoders.protocol import Encodable, Vectors
from index.layout import LAYOUT
from index.search.anchors import Keys
from index.search.vectors import Table, new_table
from index.settings import VectorSettings
from index.text.context import encodable

_ENCODE_AT_ONCE = 256  # chunks: enough to sort by length, few enough to bound memory and move the bar


class VectorTables:
    """A generation's tables of vectors, filled in any order; each vector is written once, in its final form.

    Args:
        bounds: The sentences of chunk `row` are `bounds[row]:bounds[row + 1]`.
        dimension: Width of a vector.
    """

    def __init__(self, folder: Path, bounds: Rows, dimension: int, settings: VectorSettings) -> None:
        self._bounds = bounds
        self.passages: Table = new_table(folder / LAYOUT.vectors, len(bounds) - 1, dimension, settings)
        self.sentences: Table = new_table(folder / LAYOUT.sentence_vectors, int(bounds[-1]), dimension, settings)

    def put(self, row: int, passages: Table, sentences: Table) -> None:
        """The vectors of n chunks from a row on, shape (n, d), and of their sentences, shape (m, d)."""
        after = row + len(passages)
        self.passages[row:after] = passages
        self.sentences[self._bounds[row] : self._bounds[after]] = sentences


@dataclass(frozen=True)
class Encoded:
    """The outcome of encoding.

    Attributes:
        keys: Of all chunks.
        passages: The table of the chunks' vectors.
        encoded: How many chunks the encoder read.
        reused: Of each chunk of the generation before whether its vectors were used.
    """

    keys: Keys
    passages: Table
    encoded: int
    reused: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _NewChunk:
    row: int
    key: bytes
    passage: Encodable


def encode_step(job: BuildJob, chunks: ChunkRows) -> Encoded:
    """Write the vectors of all chunks; what is encoded is in the checkpoint before it is in the tables."""
    previous = job.previous
    tables = VectorTables(job.folder, chunks.bounds, job.encoder.identity.dimension, job.settings.vectors)
    keys = np.zeros((chunks.count, KEY_BYTES), dtype=np.uint8)
    reused = np.zeros(previous.chunks if previous else 0, dtype=np.bool_)
    if previous:
        for row, source, count in chunks.known:
            tables.put(row, *previous.vectors(source, count))
            keys[row : row + count] = previous.keys[source : source + count]
            reused[source : source + count] = True
    done = encoded = 0
    checkpoint = Checkpoint(job.root)
    for batch in _batches(job, chunks.new):
        unknown = []
        for chunk in batch:
            keys[chunk.row] = np.frombuffer(chunk.key, dtype=np.uint8)
            known = previous.row_of(chunk.key) if previous else None
            if previous and known is not None:
                reused[known] = True
                tables.put(chunk.row, *previous.vectors(known, 1))
            elif (vectors := checkpoint.get(chunk.key)) is not None:
                tables.put(chunk.row, *vectors)
            else:
                unknown.append(chunk)
        _encode(job, unknown, tables, checkpoint)
        encoded += len(unknown)
        done += len(batch)
        job.progress("encoding", done, len(chunks.new))
    return Encoded(keys, tables.passages, encoded, reused)


def _batches(job: BuildJob, rows: list[int]) -> Iterator[list[_NewChunk]]:
    context_tokens = job.settings.chunks.context_tokens
    for start in range(0, len(rows), _ENCODE_AT_ONCE):
        batch = []
        at_once = rows[start : start + _ENCODE_AT_ONCE]
        for row, (post, chunk) in zip(at_once, job.store.some_chunks(at_once), strict=True):
            passage = encodable(post.title, chunk, job.encoder.token_spans, context_tokens)
            batch.append(_NewChunk(row, key_of(passage, job.encoder.identity), passage))
        yield batch


def _encode(job: BuildJob, chunks: list[_NewChunk], tables: VectorTables, checkpoint: Checkpoint) -> None:
    if not chunks:
        return
    vectors = job.encoder.encode_document([chunk.passage for chunk in chunks])
    ends = np.cumsum([len(chunk.passage.sentences) for chunk in chunks])
    pairs: list[tuple[Vectors, Vectors]] = [
        (vectors.passages[at : at + 1], sentences)
        for at, sentences in enumerate(np.split(vectors.sentences, ends[:-1]))
    ]
    checkpoint.append([chunk.key for chunk in chunks], pairs)
    for chunk, pair in zip(chunks, pairs, strict=True):
        tables.put(chunk.row, *pair)
