"""The map of a corpus: every chunk as a point in the plane, computed when it is built, mapped when it is opened."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.arrays import Rows, map_array, save_arrays
from index.encoders.protocol import Vectors
from index.layout import LAYOUT
from index.search.anchors import FEW, Anchors, Keys, choose_anchors, lay_out
from index.search.tsne import Points
from index.search.vectors import Table

_STABLE = 0.75  # of the anchors laid out together: as long as so many are left, none of them moves
_APART = 0.002  # of the map's width, at most: equal chunks lie beside each other and not on each other
_FILES = (LAYOUT.map_points, LAYOUT.map_anchors, LAYOUT.map_anchor_points, LAYOUT.map_anchors_kept)
Flags = npt.NDArray[np.bool_]


class Projection:
    """The map of a generation.

    Attributes:
        points: Of every chunk, shape (n, 2).
        rows: The rows of the anchors.
        anchor_points: Where these are, shape (m, 2).
        together: Which of these were laid out together, shape (m,); the others were placed among them later.
    """

    def __init__(self, points: Points, rows: Rows, anchor_points: Points, together: Flags, table: Table) -> None:
        self.points = points
        self.rows = rows
        self.anchor_points = anchor_points
        self.together = together
        self._table = table

    @classmethod
    def open(cls, folder: Path, table: Table) -> Self:
        """Map a generation's map, which is over the table of its chunks' vectors; nothing is read yet."""
        points, rows, anchor_points, together = (map_array(folder / name) for name in _FILES)
        return cls(points, rows, anchor_points, together, table)

    def save(self, folder: Path) -> None:
        """Write the map into a generation's folder."""
        arrays: list[npt.NDArray[Any]] = [self.points, self.rows, self.anchor_points, self.together]
        save_arrays(folder, dict(zip(_FILES, arrays, strict=True)))

    @classmethod
    def compute(cls, keys: Keys, table: Table, before: tuple[Projection, Keys] | None) -> Self:
        """The map of a generation.

        Args:
            keys: Of every chunk.
            table: Vectors as they are stored, so that a map computed again is the same.
            before: The generation before and its keys: as long as most anchors are the same, they stay where they
                are, so that a reader recognises the map; one computed afresh may look another way.
        """
        rows = choose_anchors(keys, table)
        vectors = np.asarray(table[rows], dtype=np.float32)
        anchor_points, together = _kept(keys[rows], vectors, before) or (
            lay_out(vectors),
            np.ones(len(rows), dtype=np.bool_),
        )
        width = float(np.ptp(anchor_points, axis=0).max()) or 1.0 if len(rows) else 1.0
        points = Anchors(vectors, anchor_points).place(table) + _offsets(keys) * (_APART * width)
        return cls(points, rows, anchor_points, together, table)

    def place(self, vectors: Vectors) -> Points:
        """Where vectors, shape (n, d), lie on the map, shape (n, 2): a chunk's own at its point, all but exactly."""
        return self._anchors.place(vectors)

    @cached_property
    def _anchors(self) -> Anchors:
        return Anchors(np.asarray(self._table[self.rows], dtype=np.float32), np.asarray(self.anchor_points))


def _kept(keys: Keys, vectors: Vectors, before: tuple[Projection, Keys] | None) -> tuple[Points, Flags] | None:
    """Known anchors where they were, new ones among them, and which are still of the layout they all came from.

    None where too few are: what is placed among others only ever lies between them, and a map of such would shrink.
    """
    if before is None or len(keys) < FEW:
        return None
    projection, all_keys = before
    known = {key.tobytes(): at for at, key in enumerate(all_keys[projection.rows])}
    at = np.array([known.get(key.tobytes(), -1) for key in keys])
    is_known = at >= 0
    together = is_known & np.asarray(projection.together)[at]
    if together.mean() < _STABLE or len(known) < FEW:
        return None
    points = np.asarray(projection.anchor_points)[at]
    points[~is_known] = Anchors(vectors[is_known], points[is_known]).place(vectors[~is_known])
    return points, together


def _offsets(keys: Keys) -> Points:
    """Between -0.5 and 0.5 both ways, read off the last bytes of each key: the first ones choose anchors."""
    ends = np.ascontiguousarray(keys[:, -4:]).view("<u2")
    return np.asarray(ends / 65_535 - 0.5, dtype=np.float32)
