"""Vectors too many to compare one by one: a stored table, and a FAISS structure that says where to look in it.

Measured at a million vectors with the neighbourhoods of real ones (`python -m benchmarks.scale`): lists of an
inverted file with product-quantised codes in FAISS's fast-scan layout, and the best of them scored again from the
table, find what an exact search finds in a few milliseconds, with codes in memory that take a seventh of the table.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Self

import faiss
import numpy as np
import numpy.typing as npt

from index.arrays import map_array, new_array
from index.encoders.protocol import Vectors
from index.search.vector_index import Allowed, ExactVectors, Rows, selector, write_structure
from index.settings import VectorSettings

_ADD_AT_ONCE = 65_536  # rows: bounds what is in memory while a structure is filled
_TRAINED_ON = 64  # rows a list: what k-means needs to place the lists' centres
Table = npt.NDArray[np.float16]


class StoredVectors:
    """A table in half precision, mapped: scores of rows that are named, no search.

    Half precision moves a cosine of unit vectors by less than 0.001 (tested), and halves the file.
    """

    def __init__(self, table: Table) -> None:
        self._table = table

    @staticmethod
    def write(vectors: Vectors, path: Path) -> None:
        """Write vectors, shape (n, d), which may be a mapped file, block by block."""
        table = new_array(path, np.float16, vectors.shape)
        for start in range(0, len(vectors), _ADD_AT_ONCE):
            table[start : start + _ADD_AT_ONCE] = vectors[start : start + _ADD_AT_ONCE]
        table.flush()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Map a table."""
        return cls(map_array(path, scattered=True))

    @property
    def rows(self) -> int:
        """How many vectors there are."""
        return len(self._table)

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """Inner products of one query vector with the rows named, in their order."""
        return np.asarray(self._table[rows].astype(np.float32) @ query, dtype=np.float32)

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """Nothing: these rows are reached through what they belong to."""
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)

    def matrix(self) -> npt.NDArray[np.float16]:
        """All vectors, shape (n, d), without a copy."""
        return self._table


class LargeVectors(StoredVectors):
    """The table with an inverted file over it."""

    def __init__(self, table: Table, index: faiss.Index, settings: VectorSettings) -> None:
        super().__init__(table)
        self._index = index
        self._settings = settings
        self._probes = max(1, round(settings.probed * faiss.extract_index_ivf(index).nlist))

    @staticmethod
    def build(vectors: Vectors, path: Path) -> None:
        """Write the structure over vectors, shape (n, d), which may be a mapped file."""
        count, dimension = vectors.shape
        index = faiss.index_factory(dimension, factory(count, dimension), faiss.METRIC_INNER_PRODUCT)
        lists = faiss.extract_index_ivf(index).nlist
        sample = np.sort(np.random.default_rng(0).choice(count, size=min(count, _TRAINED_ON * lists), replace=False))
        index.train(np.ascontiguousarray(vectors[sample], dtype=np.float32))
        for start in range(0, count, _ADD_AT_ONCE):
            index.add(np.ascontiguousarray(vectors[start : start + _ADD_AT_ONCE], dtype=np.float32))
        write_structure(index, path)

    @classmethod
    def open(cls, table: Path, structure: Path, settings: VectorSettings) -> Self:
        """Map the table, read the structure."""
        return cls(map_array(table, scattered=True), faiss.read_index(str(structure)), settings)

    @property
    def description(self) -> str:
        """What kind of structure this is, in FAISS's own words."""
        return type(faiss.downcast_index(self._index)).__name__

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows found and their exact scores, best first."""
        if allowed is not None and (few := np.flatnonzero(allowed)).size <= self._settings.exact_up_to:
            at, scores = ExactVectors(self._table[few].astype(np.float32)).search(query, k)
            return few[at].astype(np.int64), scores
        how = {"nprobe": self._probes} | ({} if allowed is None else {"sel": selector(allowed)})
        wide = max(self._settings.rescored, 4 * k)
        asked = np.ascontiguousarray(query[None, :])
        _, found = self._index.search(asked, wide, params=faiss.SearchParametersIVF(**how))
        rows = found[0][found[0] >= 0]  # FAISS fills up with -1 where it finds fewer
        scores = self.scores(query, rows)
        best = np.argsort(-scores, kind="stable")[:k]
        return rows[best], scores[best]


def factory(count: int, dimension: int) -> str:
    """FAISS's name for the structure over `count` vectors: about two lists for each unit of the count's root."""
    lists = 2 ** max(2, round(math.log2(2 * math.sqrt(count))))
    return f"IVF{lists},PQ{max(1, dimension // 2)}x4fs"
