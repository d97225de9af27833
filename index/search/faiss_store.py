"""FAISS as the vector store: every vector compared while they are few, an inverted file beyond.

Measured at a million vectors with the neighbourhoods of real ones (`python -m benchmarks.scale`): lists of an
inverted file with product-quantised codes in FAISS's fast-scan layout, and the best of them scored again from the
table, find what an exact search finds in a few milliseconds, with codes in memory that take a seventh of the table.
"""

from __future__ import annotations

import errno
import math
from pathlib import Path

import faiss
import numpy as np

from index.arrays import Rows, highest
from index.encoders.protocol import Vectors
from index.search.vectors import Allowed, ExactSearch, Table, VectorSearch, scores_of
from index.settings import VectorSettings

_FILE = "passages.faiss"
_ADD_AT_ONCE = 65_536  # rows: bounds what is in memory while the inverted file is filled
_TRAINED_ON = 64  # rows a list: what k-means needs to place the lists' centres


class FaissStore:
    """The vector store of the name "faiss"."""

    def build(self, table: Table, folder: Path, settings: VectorSettings) -> None:
        """Write an inverted file over a large table; a small one is searched as it is."""
        if len(table) > settings.exact_up_to:
            InvertedFile.build(table, folder / _FILE)

    def open(self, table: Table, folder: Path, settings: VectorSettings) -> VectorSearch:
        """The search that the table's size asks for."""
        return InvertedFile(table, folder / _FILE, settings) if (folder / _FILE).is_file() else FlatSearch(table)


class FlatSearch(ExactSearch):
    """Compares every vector of a table in single precision, by FAISS where all are allowed."""

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows and their scores, best first."""
        if allowed is not None or not len(self._table):
            return super().search(query, k, allowed)
        scores, rows = faiss.knn(query[None], self._table, min(k, len(self._table)), faiss.METRIC_INNER_PRODUCT)
        return rows[0], scores[0]


class InvertedFile:
    """An inverted file over a table in half precision."""

    def __init__(self, table: Table, path: Path, settings: VectorSettings) -> None:
        self._table = table
        self._settings = settings
        self._index = faiss.read_index(str(path))
        self._probed = max(1, round(settings.probed * faiss.extract_index_ivf(self._index).nlist))

    @staticmethod
    def build(table: Table, path: Path) -> None:
        """Write the inverted file of a table, shape (n, d).

        Raises:
            OSError: It could not be written.
        """
        count, dimension = table.shape
        index = faiss.index_factory(dimension, factory(count, dimension), faiss.METRIC_INNER_PRODUCT)
        lists = faiss.extract_index_ivf(index).nlist
        sample = np.sort(np.random.default_rng(0).choice(count, size=min(count, _TRAINED_ON * lists), replace=False))
        index.train(table[sample].astype(np.float32))
        for start in range(0, count, _ADD_AT_ONCE):
            index.add(table[start : start + _ADD_AT_ONCE].astype(np.float32))
        with path.open("wb") as file:  # FAISS's own files may lose their last bytes without an error
            try:
                faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))
            except RuntimeError as error:
                raise OSError(errno.EIO, str(error), str(path)) from error

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows found and their exact scores, best first."""
        if allowed is not None and (few := np.flatnonzero(allowed)).size <= self._settings.exact_up_to:
            rows = few
        else:
            options = {"nprobe": self._probed}
            if allowed is not None:
                options["sel"] = faiss.IDSelectorBitmap(np.packbits(allowed, bitorder="little"))
            candidates = max(self._settings.rescored, 4 * k)
            _, found = self._index.search(query[None], candidates, params=faiss.SearchParametersIVF(**options))
            rows = found[0][found[0] >= 0]  # FAISS fills up with -1 where it finds fewer
        scores = scores_of(self._table, rows, query)
        best = highest(scores, k)
        return rows[best], scores[best]


def factory(count: int, dimension: int) -> str:
    """FAISS's name for the inverted file over `count` vectors: about two lists for each unit of the count's root."""
    lists = 2 ** max(2, round(math.log2(2 * math.sqrt(count))))
    return f"IVF{lists},PQ{max(1, dimension // 2)}x4fs"
