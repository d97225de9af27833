"""Questions that a generation must answer as it did when it was built: its own vectors, looked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoders.protocol import Vectors
from index.errors import IndexCorrupt
from index.records import Record

if TYPE_CHECKING:
    from index.search.vector_index import (
        VectorIndex,  # would load faiss for all who only want to know which generation it is
    )

_FOUND = 3
_LOOKED_AT = 10  # another processor may sum in another order and swap rows that are all but equally near


class Probe(Record):
    """The rows nearest to a chunk's own vector, best first."""

    row: int
    rows: tuple[int, ...]


def probes(vectors: VectorIndex) -> tuple[Probe, ...]:
    """What the first, the middle and the last chunk find."""
    wanted = sorted({0, vectors.rows // 2, vectors.rows - 1}) if vectors.rows else []
    return tuple(Probe(row=row, rows=_found(vectors, row, _FOUND)) for row in wanted)


def require_probes(vectors: VectorIndex, expected: tuple[Probe, ...], folder: Path) -> None:
    """Look again.

    Raises:
        IndexCorrupt: A search finds something else than when the generation was built.
    """
    for probe in expected:
        found = _found(vectors, probe.row, _LOOKED_AT)
        if probe.rows[:1] and probe.rows[0] not in found:
            raise IndexCorrupt(
                f"a search for chunk {probe.row} found {probe.rows[0]} when this was built, now {found[:_FOUND]}",
                where=folder,
                remedy="Build the index again: qa build.",
            )


def _found(vectors: VectorIndex, row: int, k: int) -> tuple[int, ...]:
    vector: Vectors = np.asarray(vectors.matrix()[row], dtype=np.float32)
    return tuple(vectors.search(vector, k)[0].tolist())
