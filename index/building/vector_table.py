"""Vectors of all chunks and sentences while a build fills them in: mapped files, whatever the corpus' size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.arrays import new_array
from index.encoders.protocol import Vectors
from index.search.vector_files import save_passages, save_sentences
from index.settings import VectorSettings


class VectorTable:
    """Two tables of vectors in a folder, filled row by row in any order.

    Args:
        bounds: The sentences of chunk `row` are `bounds[row]:bounds[row + 1]`.
        dimension: Width of a vector.
    """

    def __init__(self, folder: Path, bounds: npt.NDArray[np.int64], dimension: int) -> None:
        self._bounds = bounds
        self._paths = (folder / "passages.tmp", folder / "sentences.tmp")
        sizes = (len(bounds) - 1, int(bounds[-1]))
        self._passages, self._sentences = (
            new_array(path, np.float32, (size, dimension)) if size else np.zeros((0, dimension), dtype=np.float32)
            for path, size in zip(self._paths, sizes, strict=True)
        )

    def put(self, row: int, passage: Vectors, sentences: Vectors) -> None:
        """A chunk's vector, shape (d,), and its sentences', shape (m, d)."""
        self._passages[row] = passage
        self._sentences[self._bounds[row] : self._bounds[row + 1]] = sentences

    def copy(self, row: int, count: int, passages: Vectors, sentences: Vectors) -> None:
        """The vectors of `count` chunks from a row on."""
        self._passages[row : row + count] = passages
        self._sentences[self._bounds[row] : self._bounds[row + count]] = sentences

    def finish(self, folder: Path, settings: VectorSettings) -> None:
        """Write both tables into a generation's folder in the form that their size asks for, and remove them."""
        save_passages(self._passages, folder, settings)
        save_sentences(self._sentences, folder, settings)
        for path in self._paths:
            path.unlink(missing_ok=True)
