"""A generation's vectors: tables that hold all of them, and the search that a vector store offers over passages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, highest, map_array, new_array
from index.encoders.protocol import Vectors
from index.errors import SettingsError
from index.plugins import ExtensionPoint
from index.settings import VectorSettings

Allowed = npt.NDArray[np.bool_]
"""For each row whether a search may return it, shape (rows,)."""
Table = npt.NDArray[Any]
"""Unit vectors, shape (rows, d): in single precision while they are few, else in half precision.

Half precision moves a cosine of unit vectors by less than 0.001 (tested), and halves the file."""


class VectorSearch(Protocol):
    """An opened vector store."""

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows and their inner products with one query vector, best first; fewer if there are fewer.

        Args:
            query: Shape (d,).
            allowed: None allows all.
        """


@runtime_checkable
class VectorStore(Protocol):
    """Makes and opens what finds the nearest passages; other packages register one in `postqa.vector_stores`.

    The index keeps all vectors in tables of its own, from which the scores of candidates are read, so that a store
    only has to find rows. docs/extending.md has an example.
    """

    def build(self, table: Table, folder: Path, settings: VectorSettings) -> None:
        """Write what a search needs beside the table into an empty folder: its files are hashed and published."""

    def open(self, table: Table, folder: Path, settings: VectorSettings) -> VectorSearch:
        """Open what `build` wrote over the same table, with the settings of the build."""


VECTOR_STORES = ExtensionPoint("postqa.vector_stores", {"faiss": "index.search.faiss_store:FaissStore"})


def vector_store(name: str) -> VectorStore:
    """The vector store of a name.

    Raises:
        SettingsError: There is none of this name.
        PluginError: It cannot be loaded, or has no `build` and `open`.
    """
    store = VECTOR_STORES.load(name)
    if store is None:
        names = ", ".join(VECTOR_STORES.origins())
        remedy = f"Install the package that has it, or build with one of: {names}."
        raise SettingsError("there is no vector store of this name", where="vectors.store", seen=name, remedy=remedy)
    return cast("VectorStore", VECTOR_STORES.make(name, store, VectorStore))


class ExactSearch:
    """Compares every vector: the reference for other searches, and short enough to trust."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def search(self, query: Vectors, k: int, allowed: Allowed | None = None) -> tuple[Rows, Vectors]:
        """The k best allowed rows and their scores, best first; equal scores by row."""
        scores = np.asarray(self._table @ query, dtype=np.float32)
        rows = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
        best = rows[highest(scores[rows], k)]
        return best, scores[best]


def scores_of(table: Table, rows: Rows, query: Vectors) -> Vectors:
    """Inner products of one query vector, shape (d,), with some rows of a table, in their order."""
    return np.asarray(table[rows].astype(np.float32, copy=False) @ query)


def new_table(path: Path, rows: int, dimension: int, settings: VectorSettings) -> Table:
    """A file of a table to be filled in, in the precision that its size asks for."""
    return new_array(path, np.float32 if rows <= settings.exact_up_to else np.float16, (rows, dimension))


def map_table(path: Path) -> Table:
    """Open a table; of a large one rows here and there are read."""
    table = map_array(path)
    return table if table.dtype == np.float32 else map_array(path, scattered=True)
