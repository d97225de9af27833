"""The map of a corpus: every chunk as a point in two dimensions, drawn when it is built, mapped when it is opened."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from index.arrays import map_array, new_array, save_array
from index.encoders.protocol import Vectors
from index.generation import LAYOUT
from index.landmarks import Keys, Landmarks, Points, Rows, chosen, settled
from index.vectors import VectorIndex

_APART = 0.002  # of the map's width, at most: equal chunks lie beside each other and not on each other
_AT_ONCE = 65_536  # rows: bounds what is in memory while a map is drawn
Matrix = npt.NDArray[Any]


class Atlas:
    """The map of a generation.

    Attributes:
        points: Every chunk's place, shape (n, 2).
        rows: The rows of the chunks that the others are placed by.
        places: Where these were put, shape (m, 2).
    """

    def __init__(self, points: Points, rows: Rows, places: Points, vectors: VectorIndex) -> None:
        self.points = points
        self.rows = rows
        self.places = places
        self._vectors = vectors

    @classmethod
    def open(cls, folder: Path, vectors: VectorIndex) -> Self:
        """Map a generation's map, which is over these vectors; nothing is read yet."""
        points, rows, places = (map_array(folder / name) for name in _FILES)
        return cls(points, rows, places, vectors)

    def place(self, vectors: Vectors) -> Points:
        """Where vectors, shape (n, d), lie on the map, shape (n, 2): a chunk's own at its point, all but exactly."""
        return self._landmarks.place(vectors)

    @cached_property
    def _landmarks(self) -> Landmarks:
        return _landmarks(self._vectors.matrix(), self.rows, np.asarray(self.places))


_FILES = (LAYOUT.map_points, LAYOUT.map_landmarks, LAYOUT.map_places)


def draw(folder: Path, keys: Keys, vectors: VectorIndex, before: tuple[Atlas, Keys] | None) -> None:
    """Draw the map of a generation into its folder.

    Args:
        keys: Of every chunk, shape (n, 16).
        vectors: In the form in which they are stored, so that the map is the same whoever made them.
        before: The generation before and its keys: if it has the same landmarks, they stay where they are.
    """
    matrix = vectors.matrix()
    rows = chosen(keys, matrix)
    places = _kept(keys[rows], before)
    if places is None:
        places = settled(np.asarray(matrix[rows], dtype=np.float32))
    save_array(folder / LAYOUT.map_landmarks, rows)
    save_array(folder / LAYOUT.map_places, places)
    _write_points(folder / LAYOUT.map_points, keys, matrix, _landmarks(matrix, rows, places))


def _kept(keys: Keys, before: tuple[Atlas, Keys] | None) -> Points | None:
    """The places of the generation before, if its landmarks are the same in the same order."""
    if before is None:
        return None
    atlas, all_keys = before
    return np.asarray(atlas.places) if np.array_equal(all_keys[atlas.rows], keys) else None


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
