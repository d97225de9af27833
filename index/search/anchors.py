"""A few chunks that stand for all: which they are, where they lie in the plane, and where others lie among them.

Landmarks are laid out by t-SNE (van der Maaten and Hinton 2008). What else there is, a question as well, lies at
the mean of the landmarks it is most like, weighed by `exp(cosine / 0.05)`: one rule whenever it is asked, and
nothing of it has to be trained. How faithful that is stands in docs/performance.md (`python -m benchmarks.atlas`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.encoders.protocol import Vectors
from index.search.tsne import Points, tsne

MOST = 1_000
_NEIGHBOURS = 8
_WARMTH = 0.05  # less, and everything sits on its nearest landmark; more, and it gathers in the middle of all eight
_PERPLEXITY = 30
_ROUNDS = 750
FEW = 32  # below, every landmark is every other's neighbour, and t-SNE has nothing to keep
_AT_ONCE = 1_024  # rows: their cosines with all landmarks stay in the processor's cache

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Landmarks:
    """Landmarks' unit vectors, shape (m, d), and their places."""

    vectors: Vectors
    places: Points

    def place(self, vectors: Vectors) -> Points:
        """Where vectors, shape (n, d), lie among the landmarks; all in one place where there are none."""
        placed = np.zeros((len(vectors), 2), dtype=np.float32)
        if not len(self.places):
            return placed
        for start in range(0, len(vectors), _AT_ONCE):
            placed[start : start + _AT_ONCE] = self._between(vectors[start : start + _AT_ONCE])
        return placed

    def _between(self, vectors: Vectors) -> Points:
        cosines = np.asarray(vectors, dtype=np.float32) @ self.vectors.T
        nearest = np.argpartition(-cosines, min(_NEIGHBOURS, cosines.shape[1]) - 1, axis=1)[:, :_NEIGHBOURS]
        likeness = np.take_along_axis(cosines, nearest, axis=1)
        weights = np.exp((likeness - likeness.max(axis=1, keepdims=True)) / _WARMTH)
        weights /= weights.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("nk,nkd->nd", weights, self.places[nearest]), dtype=np.float32)


def chosen(keys: Keys, vectors: npt.NDArray[np.floating]) -> Rows:
    """The rows of the chunks with the smallest keys, in the order of these; of equal vectors the first.

    Keys are hashes, so this is a fair draw, and a chunk that comes or goes changes it only if it is drawn itself.

    Args:
        keys: Of every chunk, shape (n, 16).
        vectors: Of every chunk, shape (n, d), which may be a mapped file.
    """
    prefixes = np.ascontiguousarray(keys[:, :8]).view(">u8").ravel()
    drawn = np.unique(prefixes, return_index=True)[1][:MOST]
    half = np.asarray(vectors[drawn], dtype=np.float16)  # what differs by less is the same to t-SNE
    distinct = np.unique(half, axis=0, return_index=True)[1]
    return np.asarray(drawn[np.sort(distinct)], dtype=np.int64)


def settled(vectors: Vectors) -> Points:
    """Places for unit vectors, shape (m, d), no two of them equal; the same ones at every call."""
    if not len(vectors):
        return np.zeros((0, 2), dtype=np.float32)
    return _principal(vectors) if len(vectors) < FEW else _neighbourly(vectors)


def _principal(vectors: Vectors) -> Points:
    """Along the two directions in which they differ most."""
    left, lengths, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    along = (left * lengths)[:, :2]
    signs = np.sign(np.take_along_axis(along, np.abs(along).argmax(axis=0)[None], axis=0))
    places = np.zeros((len(vectors), 2), dtype=np.float32)
    places[:, : along.shape[1]] = along * signs  # else either sign would do
    return places


def _neighbourly(vectors: Vectors) -> Points:
    """By t-SNE: neighbours among the vectors are neighbours in the plane."""
    return tsne(vectors, _principal(vectors), min(_PERPLEXITY, len(vectors) / 4), _ROUNDS)
