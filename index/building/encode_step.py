"""Vectors of every chunk and sentence into a table: copied where they are known, else encoded, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.building.checkpoint import Journal
from index.building.chunk_step import Cut
from index.building.reuse import KEY_BYTES, Keys, Previous, key_of
from index.building.vector_table import VectorTable
from index.encoders.protocol import Encodable, Encoder, Vectors
from index.settings import BuildSettings
from index.storage.post_store import PostStore
from index.text.context import encodable

_ENCODE_AT_ONCE = 256  # chunks: enough to sort by length, few enough to bound memory and move the bar


@dataclass(frozen=True)
class Encoded:
    """Keys of all chunks, shape (n, 16); how many were encoded; which rows of the generation before were used."""

    keys: Keys
    encoded: int
    used: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class _Wanted:
    row: int
    key: bytes
    passage: Encodable


def encode(
    store: PostStore,
    chunks: Cut,
    table: VectorTable,
    encoder: Encoder,
    settings: BuildSettings,
    previous: Previous | None,
    journal: Journal,
    tell: Callable[[str, int, int | None], None],
) -> Encoded:
    """Fill a table; what is encoded is in the journal before it is in the table."""
    keys = np.zeros((chunks.chunks, KEY_BYTES), dtype=np.uint8)
    used = np.zeros(previous.chunks if previous else 0, dtype=np.bool_)
    if previous:
        _copy(chunks, table, previous, keys, used)
    new = chunks.new
    done = encoded = 0
    for batch in _batches(store, new, encoder, settings):
        unknown = []
        for one in batch:
            keys[one.row] = np.frombuffer(one.key, dtype=np.uint8)
            at = previous.row_of(one.key) if previous else None
            found = previous.vectors(at) if previous and at is not None else journal.get(one.key)
            if at is not None:
                used[at] = True
            if found is None:
                unknown.append(one)
            else:
                table.put(one.row, *found)
        _encode(unknown, table, encoder, journal)
        encoded += len(unknown)
        done += len(batch)
        tell("encoding", done, len(new))
    return Encoded(keys, encoded, used)


def _copy(chunks: Cut, table: VectorTable, previous: Previous, keys: Keys, used: npt.NDArray[np.bool_]) -> None:
    for row, source, count in chunks.runs():
        first, last = previous.sentence_bounds[source], previous.sentence_bounds[source + count]
        table.copy(row, count, previous.passages[source : source + count], previous.sentences[first:last])
        keys[row : row + count] = previous.keys[source : source + count]
        used[source : source + count] = True


def _batches(store: PostStore, rows: list[int], encoder: Encoder, settings: BuildSettings) -> Iterator[list[_Wanted]]:
    for start in range(0, len(rows), _ENCODE_AT_ONCE):
        at_once = rows[start : start + _ENCODE_AT_ONCE]
        batch = []
        for row, (post, chunk) in zip(at_once, store.some_chunks(at_once), strict=True):
            passage = encodable(post.title, chunk, encoder.token_spans, settings.chunks.context_tokens)
            batch.append(_Wanted(row, key_of(passage, encoder.identity), passage))
        yield batch


def _encode(wanted: list[_Wanted], table: VectorTable, encoder: Encoder, journal: Journal) -> None:
    if not wanted:
        return
    vectors = encoder.encode_document([one.passage for one in wanted])
    ends = np.cumsum([len(one.passage.sentences) for one in wanted]).tolist()
    pairs: list[tuple[Vectors, Vectors]] = [
        (vectors.passages[at], vectors.sentences[start:end])
        for at, (start, end) in enumerate(zip([0, *ends], ends, strict=False))
    ]
    journal.append([one.key for one in wanted], pairs)
    for one, pair in zip(wanted, pairs, strict=True):
        table.put(one.row, *pair)
