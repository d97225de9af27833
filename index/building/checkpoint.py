"""Vectors of a build that is not finished: a stopped build goes on where it was.

Each batch is a file of its own, written in one step; their folder is removed when a generation is published.
"""

from __future__ import annotations

import io
import shutil
import uuid
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.encoders.protocol import Vectors
from index.files import write_file

Encoded = tuple[Vectors, Vectors]
"""A chunk's vector, shape (1, d), and its sentences', shape (m, d)."""


class Checkpoint:
    """Keys with the vectors of their chunk and of its sentences, on disk as soon as they are known."""

    NAME = "checkpoint"

    def __init__(self, root: Path) -> None:
        self._folder = root / self.NAME
        self._files = {key: path for path in sorted(self._folder.glob("*.npz")) for key in _batch(path)}
        self._batch = lru_cache(maxsize=1)(_batch)

    def get(self, key: bytes) -> Encoded | None:
        """The vectors of a key; None where it was never encoded."""
        path = self._files.get(key)
        return self._batch(path).get(key) if path else None

    def append(self, keys: Sequence[bytes], encoded: Sequence[Encoded]) -> None:
        """Keep a batch; returns when it is on the disk."""
        content = io.BytesIO()
        counts = [len(sentences) for _, sentences in encoded]
        vectors = np.concatenate([vectors for pair in encoded for vectors in pair])
        np.savez(content, keys=np.array(keys, dtype="V16"), counts=np.array(counts), vectors=vectors)
        self._folder.mkdir(exist_ok=True)
        write_file(self._folder / f"{uuid.uuid4().hex}.npz", content.getvalue())

    @classmethod
    def remove(cls, root: Path) -> None:
        """Remove an index folder's checkpoint: what was in it is published."""
        shutil.rmtree(root / cls.NAME, ignore_errors=True)


def _batch(path: Path) -> dict[bytes, Encoded]:
    """What a file holds by key; nothing where it is damaged: the format has a checksum of each array."""
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, counts, vectors = file["keys"].tolist(), file["counts"], file["vectors"]
    except Exception:  # a damaged file may raise anything
        return {}
    pairs = (np.split(rows, [1]) for rows in np.split(vectors, np.cumsum(counts + 1)[:-1]))
    return {key: (passage, sentences) for key, (passage, sentences) in zip(keys, pairs, strict=True)}
