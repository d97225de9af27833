"""t-SNE for a few thousand points at most: every pair is compared, which for so few is quicker than a library's tree.

van der Maaten and Hinton 2008, with the learning rate of Belkina et al. 2019. A library takes a second to be imported
alone, more than the layout of a small corpus.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.encoders.protocol import Vectors

_EARLY_ROUNDS = 250  # of exaggeration, in which groups gather
_EXAGGERATION = 12.0
_LEAST_RATE = 50.0
_INITIAL_SPREAD = 1e-4
_BISECTIONS = 40  # of the search for a bandwidth
_DECIMALS = 4  # of cosines: differences between processors would grow, round by round, to another map

Points = npt.NDArray[np.float32]
"""Points in the plane, shape (n, 2)."""


def tsne(vectors: Vectors, initial: Points, perplexity: float, rounds: int) -> Points:
    """Points, shape (m, 2), for unit vectors, shape (m, d): neighbours among the vectors are neighbours in the plane.

    Args:
        initial: Where the points begin, shape (m, 2); only their arrangement counts.
        perplexity: About how many neighbours each point is to keep.
    """
    affinities = _affinities(vectors, perplexity)
    points = initial * np.float32(_INITIAL_SPREAD / max(float(initial[:, 0].std()), 1e-12))
    rate = np.float32(max(len(vectors) / _EXAGGERATION / 4, _LEAST_RATE))
    velocity, gains = np.zeros_like(points), np.ones_like(points)
    affinities *= np.float32(_EXAGGERATION)
    for number in range(rounds):
        if number == _EARLY_ROUNDS:
            affinities /= np.float32(_EXAGGERATION)
            velocity, gains = np.zeros_like(points), np.ones_like(points)
        gradient = _gradient(affinities, points)
        gains = np.where(velocity * gradient < 0, gains + np.float32(0.2), gains * np.float32(0.8)).clip(min=0.01)
        velocity = np.float32(0.5 if number < _EARLY_ROUNDS else 0.8) * velocity - rate * gains * gradient
        points = points + velocity
    return np.asarray(points - points.mean(axis=0), dtype=np.float32)


def _gradient(affinities: npt.NDArray[np.float32], points: Points) -> Points:
    """The gradient of the Kullback-Leibler divergence between the affinities of vectors and of points."""
    near = np.subtract.outer(points[:, 0], points[:, 0]) ** 2  # by differences: squares would cancel out
    near += np.subtract.outer(points[:, 1], points[:, 1]) ** 2
    near += np.float32(1)
    np.reciprocal(near, out=near)  # Student's t with one degree of freedom
    np.fill_diagonal(near, 0)
    pull = near * np.float32(-1 / float(near.sum()))
    pull += affinities
    pull *= near
    return np.asarray(4 * (pull.sum(axis=1)[:, None] * points - pull @ points), dtype=np.float32)


def _affinities(vectors: Vectors, perplexity: float) -> npt.NDArray[np.float32]:
    """Each pair's share of all affinity, shape (m, m): Gaussians of the width that gives each point its perplexity."""
    distances = 2 - 2 * np.round(np.asarray(vectors @ vectors.T, dtype=np.float64), _DECIMALS)
    np.fill_diagonal(distances, np.inf)
    distances -= distances.min(axis=1, keepdims=True)
    np.fill_diagonal(distances, 0)
    low, high = np.zeros(len(distances)), np.full(len(distances), np.inf)
    precision = np.ones(len(distances))
    for _ in range(_BISECTIONS):
        weights = np.exp(-distances * precision[:, None])
        np.fill_diagonal(weights, 0)  # nothing is its own neighbour
        total = weights.sum(axis=1)
        entropy = np.log(total) + precision * (distances * weights).sum(axis=1) / total
        is_wide = entropy > np.log(perplexity)
        low, high = np.where(is_wide, precision, low), np.where(is_wide, high, precision)
        precision = np.where(np.isinf(high), precision * 2, (low + high) / 2)
    weights /= total[:, None]
    both = weights + weights.T
    return np.asarray(both / both.sum(), dtype=np.float32)
