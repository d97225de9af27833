"""Which form the vectors of a generation have on disk: exact while they are few, a table and a structure beyond."""

from __future__ import annotations

from pathlib import Path

from index.encoders.protocol import Vectors
from index.layout import LAYOUT
from index.search.ivf import LargeVectors, StoredVectors
from index.search.vector_index import FaissVectors, VectorIndex
from index.settings import VectorSettings


def save_passages(vectors: Vectors, folder: Path, settings: VectorSettings) -> None:
    """Write passages' vectors, shape (n, d), into a generation's folder."""
    if len(vectors) <= settings.exact_up_to:
        FaissVectors.build(vectors).save(folder / LAYOUT.vectors)
    else:
        StoredVectors.write(vectors, folder / LAYOUT.passage_table)
        LargeVectors.build(vectors, folder / LAYOUT.vectors)


def save_sentences(vectors: Vectors, folder: Path, settings: VectorSettings) -> None:
    """Write sentences' vectors, shape (m, d), into a generation's folder."""
    if len(vectors) <= settings.exact_up_to:
        FaissVectors.build(vectors).save(folder / LAYOUT.sentence_vectors)
    else:
        StoredVectors.write(vectors, folder / LAYOUT.sentence_table)


def open_passages(folder: Path, settings: VectorSettings) -> VectorIndex:
    """Open passages' vectors in the form they have."""
    table = folder / LAYOUT.passage_table
    if table.is_file():
        return LargeVectors.open(table, folder / LAYOUT.vectors, settings)
    return FaissVectors.load(folder / LAYOUT.vectors)


def open_sentences(folder: Path) -> VectorIndex:
    """Open sentences' vectors in the form they have."""
    table = folder / LAYOUT.sentence_table
    return StoredVectors.load(table) if table.is_file() else FaissVectors.load(folder / LAYOUT.sentence_vectors)
