"""Anchors: a few chunks laid out in the plane, among which all others, and questions as well, are placed.

Anchors are laid out by t-SNE (van der Maaten and Hinton 2008). What else there is lies at the mean of the anchors
nearest to it, weighted by `exp(cosine / 0.05)`: the same rule whenever it is asked, and nothing to be trained. How
faithful the map is stands in docs/performance.md (`python -m benchmarks.projection`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.arrays import Rows
from index.encoders.protocol import Vectors
from index.search.tsne import Points, tsne
from index.search.vectors import Table

MOST = 1_000
FEW = 32  # below, every anchor is every other's neighbour, and t-SNE has nothing to keep
_NEIGHBOURS = 8
_TEMPERATURE = 0.05  # lower, and everything sits on its nearest anchor; higher, and it gathers in the middle of all
_PERPLEXITY = 30
_ROUNDS = 750
_AT_ONCE = 1_024  # rows: their cosines with all anchors stay in the processor's cache

Keys = npt.NDArray[np.uint8]
"""Of every chunk a hash of what its vectors depend on, shape (n, 16)."""


@dataclass(frozen=True)
class Anchors:
    """Anchors' unit vectors, shape (m, d), and their points, shape (m, 2)."""

    vectors: Vectors
    points: Points

    def place(self, vectors: Table) -> Points:
        """The points of vectors, shape (n, d), among the anchors; all the same where there are none."""
        placed = np.zeros((len(vectors), 2), dtype=np.float32)
        for start in range(0, len(vectors) if len(self.points) else 0, _AT_ONCE):
            placed[start : start + _AT_ONCE] = self._between(vectors[start : start + _AT_ONCE])
        return placed

    def _between(self, vectors: Table) -> Points:
        cosines = np.asarray(vectors, dtype=np.float32) @ self.vectors.T
        nearest = np.argpartition(-cosines, min(_NEIGHBOURS, cosines.shape[1]) - 1, axis=1)[:, :_NEIGHBOURS]
        near = np.take_along_axis(cosines, nearest, axis=1)
        weights = np.exp((near - near.max(axis=1, keepdims=True)) / _TEMPERATURE)
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("nk,nkd->nd", weights, self.points[nearest]), dtype=np.float32)


def choose_anchors(keys: Keys, table: Table) -> Rows:
    """The rows of the chunks with the smallest keys, in the order of these; of equal vectors the first.

    Keys are hashes, so this is a fair draw, and a chunk that comes or goes changes it only if it is drawn itself.
    """
    prefixes = np.ascontiguousarray(keys[:, :8]).view(">u8").ravel()
    drawn = np.unique(prefixes, return_index=True)[1][:MOST]
    half = np.asarray(table[drawn], dtype=np.float16)  # what differs by less is the same to t-SNE
    distinct = np.unique(half, axis=0, return_index=True)[1]
    return np.asarray(drawn[np.sort(distinct)], dtype=np.int64)


def lay_out(vectors: Vectors) -> Points:
    """Points for unit vectors, shape (m, d), no two of them equal; the same ones at every call."""
    if not len(vectors):
        return np.zeros((0, 2), dtype=np.float32)
    principal = _principal(vectors)
    if len(vectors) < FEW:
        return principal
    return tsne(vectors, principal, min(_PERPLEXITY, len(vectors) / 4), _ROUNDS)


def _principal(vectors: Vectors) -> Points:
    """Along the two directions in which they differ most."""
    left, lengths, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    along = (left * lengths)[:, :2]
    signs = np.sign(np.take_along_axis(along, np.abs(along).argmax(axis=0)[None], axis=0))
    points = np.zeros((len(vectors), 2), dtype=np.float32)
    points[:, : along.shape[1]] = along * signs  # else either sign would do
    return points
