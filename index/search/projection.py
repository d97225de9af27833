"""The map of a corpus: every chunk as a point in two dimensions, drawn when it is built, mapped when it is opened."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, new_array, save_array
from index.encoders.protocol import Vectors
from index.layout import LAYOUT
from index.search.anchors import FEW, Keys, Landmarks, Rows, chosen, settled
from index.search.tsne import Points
from index.search.vector_index import VectorIndex

_STILL = 0.75  # of the landmarks laid out together: as long as so many are left, none of them moves
_APART = 0.002  # of the map's width, at most: equal chunks lie beside each other and not on each other
_AT_ONCE = 65_536  # rows: bounds what is in memory while a map is drawn
Matrix = npt.NDArray[Any]
Settled = npt.NDArray[np.bool_]


class Atlas:
    """The map of a generation.

    Attributes:
        points: Every chunk's place, shape (n, 2).
        rows: The rows of the chunks that the others are placed by.
        places: Where these were put, shape (m, 2).
        settled: Which of these were laid out together, shape (m,); the others came later, and lie among them.
    """

    def __init__(self, points: Points, rows: Rows, places: Points, settled: Settled, vectors: VectorIndex) -> None:
        self.points = points
        self.rows = rows
        self.places = places
        self.settled = settled
        self._vectors = vectors

    @classmethod
    def open(cls, folder: Path, vectors: VectorIndex) -> Self:
        """Map a generation's map, which is over these vectors; nothing is read yet."""
        points, rows, places, settled = (map_array(folder / name) for name in _FILES)
        return cls(points, rows, places, settled, vectors)

    def place(self, vectors: Vectors) -> Points:
        """Where vectors, shape (n, d), lie on the map, shape (n, 2): a chunk's own at its point, all but exactly."""
        return self._landmarks.place(vectors)

    @cached_property
    def _landmarks(self) -> Landmarks:
        return _landmarks(self._vectors.matrix(), self.rows, np.asarray(self.places))


_FILES = (LAYOUT.map_points, LAYOUT.map_landmarks, LAYOUT.map_places, LAYOUT.map_settled)


def draw(folder: Path, keys: Keys, vectors: VectorIndex, before: tuple[Atlas, Keys] | None) -> None:
    """Draw the map of a generation into its folder.

    Args:
        keys: Of every chunk, shape (n, 16).
        vectors: In the form in which they are stored, so that the map is the same whoever made them.
        before: The generation before and its keys: as long as most landmarks are the same, they stay where they
            are, so that a reader finds again what they knew; a map drawn afresh may look another way.
    """
    matrix = vectors.matrix()
    rows = chosen(keys, matrix)
    of_rows = np.asarray(matrix[rows], dtype=np.float32)
    places, laid_out = _kept(keys[rows], of_rows, before) or (settled(of_rows), np.ones(len(rows), dtype=np.bool_))
    save_array(folder / LAYOUT.map_landmarks, rows)
    save_array(folder / LAYOUT.map_places, places)
    save_array(folder / LAYOUT.map_settled, laid_out)
    _write_points(folder / LAYOUT.map_points, keys, matrix, _landmarks(matrix, rows, places))


def _kept(keys: Keys, vectors: Vectors, before: tuple[Atlas, Keys] | None) -> tuple[Points, Settled] | None:
    """Known landmarks where they were, new ones among them, and which are still of the layout they all came from.

    None where too few are: what is placed among others only ever lies between them, and a map of such would shrink.
    """
    if before is None or len(keys) < FEW:
        return None
    atlas, all_keys = before
    known = {key.tobytes(): at for at, key in enumerate(all_keys[atlas.rows])}
    at = np.array([known.get(key.tobytes(), -1) for key in keys])
    is_known = at >= 0
    laid_out = is_known & np.asarray(atlas.settled)[at]
    if laid_out.mean() < _STILL or len(known) < FEW:
        return None
    places = np.asarray(atlas.places)[at]
    places[~is_known] = Landmarks(vectors[is_known], places[is_known]).place(vectors[~is_known])
    return places, laid_out


def _write_points(path: Path, keys: Keys, matrix: Matrix, landmarks: Landmarks) -> None:
    count = len(matrix)
    points = new_array(path, np.float32, (count, 2)) if count else np.zeros((0, 2), dtype=np.float32)
    width = float(np.ptp(landmarks.places, axis=0).max()) or 1.0 if count else 1.0
    for start in range(0, count, _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        points[some] = landmarks.place(matrix[some]) + _offsets(keys[some]) * (_APART * width)
    if isinstance(points, np.memmap):
        points.flush()
    else:
        save_array(path, points)


def _offsets(keys: Keys) -> Points:
    """Between -0.5 and 0.5 both ways, read off the last bytes of each key: the first ones choose landmarks."""
    ends = np.ascontiguousarray(keys[:, -4:]).view("<u2")
    return np.asarray(ends / 65_535 - 0.5, dtype=np.float32)


def _landmarks(matrix: Matrix, rows: Rows, places: Points) -> Landmarks:
    return Landmarks(np.asarray(matrix[rows], dtype=np.float32), places)
