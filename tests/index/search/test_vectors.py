"""Tables of vectors, and FAISS's exact search against a search short enough to trust."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoders.protocol import Vectors
from index.search.faiss_store import FaissStore, FlatSearch
from index.search.vectors import ExactSearch, map_table, new_table, scores_of
from index.settings import VectorSettings


def _unit(rows: int, dimension: int, seed: int) -> Vectors:
    drawn = np.random.default_rng(seed).normal(size=(rows, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


@given(st.integers(1, 60), st.sampled_from([8, 64]), st.integers(1, 80), st.integers(0, 2**16))
def test_faiss_and_the_reference_find_the_same_rows_with_the_same_scores(
    rows: int, dimension: int, k: int, seed: int
) -> None:
    table, query = _unit(rows, dimension, seed), _unit(1, dimension, seed + 1)[0]
    found, scores = FlatSearch(table).search(query, k)
    expected, expected_scores = ExactSearch(table).search(query, k)
    assert len(found) == min(k, rows)
    assert np.allclose(scores, expected_scores, atol=1e-6)
    assert np.allclose(table[found] @ query, table[expected] @ query, atol=1e-6)  # equal scores may swap
    assert len(set(found.tolist())) == len(found)


@given(st.integers(1, 40), st.integers(1, 50), st.integers(0, 2**16))
def test_only_allowed_rows_are_found_best_first(rows: int, k: int, seed: int) -> None:
    table, query = _unit(rows, 16, seed), _unit(1, 16, seed + 1)[0]
    allowed = np.random.default_rng(seed).random(rows) < 0.5
    found, scores = FlatSearch(table).search(query, k, allowed)
    expected = sorted((table[allowed] @ query).tolist(), reverse=True)[:k]
    assert len(found) == min(k, int(allowed.sum()))
    assert allowed[found].all()
    assert scores.tolist() == pytest.approx(expected, abs=1e-6)


def test_scores_of_named_rows_come_in_their_order() -> None:
    table, query = _unit(20, 8, 1), _unit(1, 8, 2)[0]
    rows = np.array([7, 0, 7, 19], dtype=np.int64)
    expected = [float(table[row] @ query) for row in rows]
    assert scores_of(table, rows, query).tolist() == pytest.approx(expected, abs=1e-6)


def test_a_table_that_was_filled_in_opens_with_the_same_vectors(tmp_path: Path) -> None:
    vectors, settings = _unit(9, 16, 3), VectorSettings()
    new_table(tmp_path / "table.npy", 9, 16, settings)[:] = vectors
    table = map_table(tmp_path / "table.npy")
    assert np.array_equal(table, vectors)
    FaissStore().build(table, tmp_path, settings)
    assert FaissStore().open(table, tmp_path, settings).search(vectors[4], 1)[0].tolist() == [4]


def test_an_empty_table_finds_nothing() -> None:
    rows, scores = FlatSearch(np.zeros((0, 8), dtype=np.float32)).search(_unit(1, 8, 4)[0], 3)
    assert (rows.tolist(), scores.tolist()) == ([], [])
