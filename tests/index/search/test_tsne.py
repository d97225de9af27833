"""The layout of the map: as good as a library's by its own measure, groups apart, the same at every call."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.manifold import TSNE

from index.encoders.protocol import Vectors
from index.search.tsne import Points, tsne

_PERPLEXITY = 10.0
_ROUNDS = 500


@pytest.fixture(scope="module")
def groups() -> Vectors:
    """Six groups of twenty unit vectors each, in their order."""
    chance = np.random.default_rng(3)
    centres = chance.normal(size=(6, 24))
    rows = np.repeat(centres, 20, axis=0) + 0.6 * chance.normal(size=(120, 24))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def first(groups: Vectors) -> Points:
    left, lengths, _ = np.linalg.svd(groups - groups.mean(axis=0), full_matrices=False)
    return np.asarray((left * lengths)[:, :2], dtype=np.float32)


def _nearest(rows: npt.NDArray[np.float32], most: int) -> npt.NDArray[np.int64]:
    apart = ((rows[:, None].astype(np.float64) - rows[None]) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1)[:, :most]


def _kept(vectors: Vectors, places: Points) -> float:
    """The share of each row's five nearest that are among its ten nearest in the plane."""
    pairs = zip(_nearest(vectors, 5), _nearest(places, 10), strict=True)
    return float(np.mean([len(set(near.tolist()) & set(shown.tolist())) / 5 for near, shown in pairs]))


def test_it_keeps_as_many_neighbours_as_a_library_does(groups: Vectors, first: Points) -> None:
    theirs = TSNE(init=first, perplexity=_PERPLEXITY, max_iter=_ROUNDS, method="exact").fit_transform(groups)
    ours = tsne(groups, first, _PERPLEXITY, _ROUNDS)
    assert _kept(groups, ours) >= _kept(groups, theirs) - 0.05
    assert _kept(groups, ours) > 0.6


def test_groups_lie_apart(groups: Vectors, first: Points) -> None:
    nearest = _nearest(tsne(groups, first, _PERPLEXITY, _ROUNDS), 5)
    same = nearest // 20 == np.arange(120)[:, None] // 20
    assert same.mean() > 0.9


def test_it_is_the_same_at_every_call_and_in_the_middle(groups: Vectors, first: Points) -> None:
    once, again = (tsne(groups, first, _PERPLEXITY, 60) for _ in range(2))
    assert np.array_equal(once, again)
    assert np.abs(once.mean(axis=0)).max() < 1e-3


def test_the_scale_of_where_it_begins_does_not_count(groups: Vectors, first: Points) -> None:
    assert np.allclose(tsne(groups, first, _PERPLEXITY, 5), tsne(groups, 8 * first, _PERPLEXITY, 5), atol=1e-6)
