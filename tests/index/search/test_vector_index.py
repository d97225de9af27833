"""FAISS against its exact twin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders.protocol import Vectors
from index.search.vector_index import ExactVectors, FaissVectors


def _unit(rows: int, dimension: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(rows, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


@given(st.integers(1, 60), st.sampled_from([8, 64]), st.integers(1, 80), st.integers(0, 2**16))
def test_faiss_and_its_twin_find_the_same_rows_with_the_same_scores(
    rows: int, dimension: int, k: int, seed: int
) -> None:
    matrix, query = _unit(rows, dimension, seed), _unit(1, dimension, seed + 1)[0]
    found, scores = FaissVectors.build(matrix).search(query, k)
    expected, expected_scores = ExactVectors(matrix).search(query, k)
    assert len(found) == min(k, rows)
    assert np.allclose(scores, expected_scores, atol=1e-6)
    assert np.allclose(matrix[found] @ query, matrix[expected] @ query, atol=1e-6)  # equal scores may swap
    assert len(set(found.tolist())) == len(found)


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**16))
def test_both_find_only_allowed_rows(rows: int, k: int, seed: int) -> None:
    matrix, query = _unit(rows, 16, seed), _unit(1, 16, seed + 1)[0]
    allowed = np.random.default_rng(seed).random(rows) < 0.5
    found, scores = FaissVectors.build(matrix).search(query, k, allowed)
    _, expected_scores = ExactVectors(matrix).search(query, k, allowed)
    assert len(found) == min(k, int(allowed.sum()))
    assert allowed[found].all()
    assert np.allclose(scores, expected_scores, atol=1e-6)


def test_scores_of_named_rows_come_in_their_order() -> None:
    matrix, query = _unit(20, 8, 1), _unit(1, 8, 2)[0]
    rows = np.array([7, 0, 7, 19], dtype=np.int64)
    expected = [float(matrix[row] @ query) for row in rows]
    assert FaissVectors.build(matrix).scores(query, rows).tolist() == pytest.approx(expected, abs=1e-6)
    assert ExactVectors(matrix).scores(query, rows).tolist() == pytest.approx(expected, abs=1e-6)


def test_a_saved_index_opens_with_the_same_vectors(tmp_path: Path) -> None:
    matrix = _unit(9, 16, 3)
    FaissVectors.build(matrix).save(tmp_path / "v.faiss")
    opened = FaissVectors.load(tmp_path / "v.faiss")
    assert (opened.rows, opened.dimension) == (9, 16)
    assert np.array_equal(opened.matrix(), matrix)
    assert opened.search(matrix[4], 1)[0].tolist() == [4]


def test_an_empty_index_finds_nothing() -> None:
    empty = FaissVectors.build(np.zeros((0, 8), dtype=np.float32))
    assert empty.rows == 0
    assert empty.matrix().shape == (0, 8)
    assert empty.search(_unit(1, 8, 4)[0], 3)[0].tolist() == []
