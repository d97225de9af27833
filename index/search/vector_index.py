"""Inner-product search over unit vectors: FAISS, and an exact numpy twin short enough to trust."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any, Protocol, Self

import faiss
import numpy as np
import numpy.typing as npt

from index.encoders.protocol import Vectors

Rows = npt.NDArray[np.int64]
Allowed = npt.NDArray[np.bool_]
"""For each row whether a search may return it, shape (rows,)."""


class VectorIndex(Protocol):
    """What a search over vectors offers; rows are numbered in the order they were added."""

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows and their scores for one query vector, best first; fewer if there are fewer."""

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Inner products of one query vector with the rows named, in their order."""

    def matrix(self) -> npt.NDArray[Any]:
        """All vectors, shape (n, d), without a copy."""

    @property
    def rows(self) -> int:
        """How many vectors there are."""


class ExactVectors:
    """The reference: one matrix product and a sort."""

    def __init__(self, matrix: Vectors) -> None:
        self._matrix = matrix

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows and their scores, best first; equal scores by row."""
        scores = self._matrix @ query
        rows = np.argsort(-scores, kind="stable").astype(np.int64)
        rows = rows[:k] if allowed is None else rows[allowed[rows]][:k]
        return rows, scores[rows]

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Inner products with the rows named."""
        return np.asarray(self._matrix[rows] @ query, dtype=np.float32)


class FaissVectors:
    """FAISS flat inner-product index: exact, and what larger structures will be measured against."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index
        self._matrix = _table(index)

    @classmethod
    def build(cls, matrix: Vectors) -> Self:
        """Index the rows of a matrix, shape (n, d)."""
        index = faiss.IndexFlatIP(matrix.shape[1])
        index.add(np.ascontiguousarray(matrix, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Open a saved index by mapping its file."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY))

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        write_structure(self._index, path)

    @property
    def rows(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return int(self._index.d)

    @property
    def description(self) -> str:
        """What kind of structure this is, in FAISS's own words."""
        return type(self._index).__name__

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows and their scores, best first."""
        if self.rows == 0:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        parameters = None if allowed is None else faiss.SearchParameters(sel=selector(allowed))
        asked = np.ascontiguousarray(query[None, :])
        scores, rows = self._index.search(asked, min(k, self.rows), params=parameters)
        found = rows[0] >= 0  # FAISS fills up with -1 where it finds fewer
        return rows[0][found], scores[0][found]

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Inner products with the rows named."""
        return np.asarray(self._matrix[rows] @ query, dtype=np.float32)

    def matrix(self) -> Vectors:
        """All vectors, shape (n, d), without a copy."""
        return self._matrix


def write_structure(index: faiss.Index, path: Path) -> None:
    """Write a FAISS index through a file of Python's: FAISS's own may lose its last bytes without a word.

    Raises:
        OSError: It could not be written.
    """
    with path.open("wb") as file:
        try:
            faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))
        except RuntimeError as error:
            raise OSError(errno.EIO, str(error), str(path)) from error


def selector(allowed: Allowed) -> faiss.IDSelector:
    """Allowed rows as FAISS takes them."""
    return faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))


def _table(index: faiss.Index) -> Vectors:
    """A view on the vectors inside a flat index."""
    if index.ntotal == 0:
        return np.zeros((0, index.d), dtype=np.float32)
    flat = faiss.downcast_index(index)
    return np.asarray(faiss.rev_swig_ptr(flat.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d))
