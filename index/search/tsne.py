"""t-SNE for a few thousand points at most: every pair is looked at, which for so few is quicker than a library's tree.

van der Maaten and Hinton 2008, with the learning rate of Belkina et al. 2019. A library's takes a second to be
imported alone, more than the layout of a small corpus.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from index.encoders.protocol import Vectors

_EXAGGERATED = 250  # rounds in which likeness counts twelvefold, so that groups find together
_EXAGGERATION = 12.0
_SLOWEST = 50.0  # learning rate
_SPREAD = 1e-4  # of the first places
_SEARCHED = 40  # halvings of the search for a bandwidth
_DECIMALS = 4  # of cosines: what a processor adds up otherwise would grow, round by round, to another map

Points = npt.NDArray[np.float32]
"""Places in the plane, shape (n, 2)."""


def tsne(vectors: Vectors, first: Points, perplexity: float, rounds: int) -> Points:
    """Places in the plane, shape (m, 2), for unit vectors, shape (m, d): neighbours there are neighbours here.

    Args:
        first: Where the points begin, shape (m, 2); only their arrangement counts.
        perplexity: How many neighbours each point is to keep, about.
    """
    likeness = _likeness(vectors, perplexity)
    places = first * np.float32(_SPREAD / max(float(first[:, 0].std()), 1e-12))
    rate = np.float32(max(len(vectors) / _EXAGGERATION / 4, _SLOWEST))
    step, gains = np.zeros_like(places), np.ones_like(places)
    likeness *= np.float32(_EXAGGERATION)
    for round_ in range(rounds):
        if round_ == _EXAGGERATED:
            likeness /= np.float32(_EXAGGERATION)
            step, gains = np.zeros_like(places), np.ones_like(places)
        slope = _slope(likeness, places)
        gains = np.where(step * slope < 0, gains + np.float32(0.2), gains * np.float32(0.8)).clip(min=0.01)
        step = np.float32(0.5 if round_ < _EXAGGERATED else 0.8) * step - rate * gains * slope
        places = places + step
    return np.asarray(places - places.mean(axis=0), dtype=np.float32)


def _slope(likeness: npt.NDArray[np.float32], places: Points) -> Points:
    """The gradient of the Kullback-Leibler divergence between likeness and nearness."""
    near = np.subtract.outer(places[:, 0], places[:, 0]) ** 2  # by differences: squares would cancel out
    near += np.subtract.outer(places[:, 1], places[:, 1]) ** 2
    near += np.float32(1)
    np.reciprocal(near, out=near)  # Student's t with one degree of freedom
    np.fill_diagonal(near, 0)
    pull = near * np.float32(-1 / float(near.sum()))
    pull += likeness
    pull *= near
    return np.asarray(4 * (pull.sum(axis=1)[:, None] * places - pull @ places), dtype=np.float32)


def _likeness(vectors: Vectors, perplexity: float) -> npt.NDArray[np.float32]:
    """Each pair's share of all likeness, shape (m, m): Gaussians of the width that gives each point its perplexity."""
    apart = 2 - 2 * np.round(np.asarray(vectors @ vectors.T, dtype=np.float64), _DECIMALS)
    np.fill_diagonal(apart, np.inf)
    apart -= apart.min(axis=1, keepdims=True)
    np.fill_diagonal(apart, 0)
    low, high = np.zeros(len(apart)), np.full(len(apart), np.inf)
    sharp = np.ones(len(apart))
    for _ in range(_SEARCHED):
        weights = np.exp(-apart * sharp[:, None])
        np.fill_diagonal(weights, 0)  # nothing is its own neighbour
        total = weights.sum(axis=1)
        entropy = np.log(total) + sharp * (apart * weights).sum(axis=1) / total
        is_wide = entropy > np.log(perplexity)
        low, high = np.where(is_wide, sharp, low), np.where(is_wide, high, sharp)
        sharp = np.where(np.isinf(high), sharp * 2, (low + high) / 2)
    weights /= total[:, None]
    both = weights + weights.T
    return np.asarray(both / both.sum(), dtype=np.float32)
