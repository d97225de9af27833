"""Vectors of a build that is not finished: a stopped build goes on where it was.

Records stand one behind the other, each with its checksum; what a kill tore off at the end is ignored and
written over. The file lies in the index folder until a generation is published.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from index.encoders.protocol import Vectors

_HEAD = struct.Struct("<16sII")  # key, number of sentences, width of a vector
_SUM = struct.Struct("<I")
_FLOAT = 4


class Checkpoint:
    """Keys with the vectors of their chunk and of its sentences, on disk as soon as they are known."""

    NAME = "encoded.checkpoint"

    def __init__(self, path: Path) -> None:
        self.path = path
        self._places: dict[bytes, tuple[int, int, int]] = {}
        self._file = open(path, "a+b")  # noqa: SIM115  # closed by `close`
        end = 0
        for key, at, sentences, width, end in _records(self._file.fileno()):  # noqa: B007  # the last end counts
            self._places[key] = (at, sentences, width)
        self._file.truncate(end)

    @classmethod
    def open(cls, root: Path) -> Self:
        """The checkpoint of an index folder, with what an earlier build left in it."""
        return cls(root / cls.NAME)

    def get(self, key: bytes) -> tuple[Vectors, Vectors] | None:
        """A chunk's vector, shape (1, d), and its sentences', shape (m, d); None where it was never encoded."""
        place = self._places.get(key)
        if place is None:
            return None
        at, sentences, width = place
        data = os.pread(self._file.fileno(), (1 + sentences) * width * _FLOAT, at)
        vectors = np.frombuffer(data, dtype="<f4").reshape(1 + sentences, width)
        return vectors[:1], vectors[1:]

    def append(self, keys: Sequence[bytes], encoded: Sequence[tuple[Vectors, Vectors]]) -> None:
        """Keep a batch; returns when it is on the disk."""
        for key, (passage, sentences) in zip(keys, encoded, strict=True):
            payload = np.concatenate([passage, sentences]).astype("<f4").tobytes()
            head = _HEAD.pack(key, len(sentences), passage.shape[1])
            self._file.write(head + payload + _SUM.pack(zlib.crc32(head + payload)))
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; an empty one is removed."""
        is_empty = os.fstat(self._file.fileno()).st_size == 0
        self._file.close()
        if is_empty:
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def remove(cls, root: Path) -> None:
        """Remove an index folder's checkpoint: what was in it is published."""
        (root / cls.NAME).unlink(missing_ok=True)


def _records(file: int) -> Iterator[tuple[bytes, int, int, int, int]]:
    """Of each whole record the key, where its vectors begin, how many and how wide they are, and its end."""
    at = 0
    while len(head := os.pread(file, _HEAD.size, at)) == _HEAD.size:
        key, sentences, width = _HEAD.unpack(head)
        size = (1 + sentences) * width * _FLOAT
        rest = os.pread(file, size + _SUM.size, at + _HEAD.size)
        if len(rest) < size + _SUM.size or _SUM.unpack(rest[size:])[0] != zlib.crc32(head + rest[:size]):
            return
        start, at = at + _HEAD.size, at + _HEAD.size + size + _SUM.size
        yield key, start, sentences, width, at
