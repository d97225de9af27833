"""The large form of the vector index beside the exact one, on small data with small thresholds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import index
from index.search.ivf import LargeVectors, StoredVectors, factory
from index.search.vector_files import open_passages, open_sentences, save_passages, save_sentences
from index.search.vector_index import ExactVectors, FaissVectors
from index.settings import BuildSettings, ChunkSettings, VectorSettings
from tests.stand_ins import WordHashEncoder, write_posts

SMALL = VectorSettings(exact_up_to=100, probed=0.75, rescored=250)
Vectors = npt.NDArray[np.float32]


def _clustered(count: int, dimension: int = 128, seed: int = 5) -> Vectors:
    """Unit vectors around a few dozen centres, as texts about a few dozen subjects have."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(40, dimension))
    rows = centres[generator.integers(0, 40, size=count)] + 0.5 * generator.normal(size=(count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Four thousand rows."""
    return _clustered(4_000)


@pytest.fixture(scope="module")
def large(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> LargeVectors:
    """The large form over them, written and opened."""
    folder = tmp_path_factory.mktemp("large")
    save_passages(vectors, folder, SMALL)
    opened = open_passages(folder, SMALL)
    assert isinstance(opened, LargeVectors)
    return opened


def test_nearly_all_that_an_exact_search_finds_is_found(vectors: Vectors, large: LargeVectors) -> None:
    exact, queries = ExactVectors(vectors), _clustered(100, seed=6)
    shared = [len(set(large.search(one, 10)[0]) & set(exact.search(one, 10)[0])) / 10 for one in queries]
    assert float(np.mean(shared)) >= 0.97


def test_scores_of_what_is_found_are_the_tables_not_the_codes(vectors: Vectors, large: LargeVectors) -> None:
    query = _clustered(1, seed=7)[0]
    rows, scores = large.search(query, 20)
    assert scores.tolist() == pytest.approx((vectors[rows] @ query).tolist(), abs=1e-3)
    assert np.all(np.diff(scores) <= 0)
    assert np.array_equal(large.scores(query, rows), scores)


def test_half_precision_moves_a_score_by_less_than_a_thousandth(vectors: Vectors, tmp_path: Path) -> None:
    StoredVectors.write(vectors, tmp_path / "table.npy")
    stored = StoredVectors.load(tmp_path / "table.npy")
    query, rows = vectors[17], np.arange(len(vectors))
    assert np.abs(stored.scores(query, rows) - vectors @ query).max() < 1e-3


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_only_allowed_rows_are_found_whether_few_or_many(vectors: Vectors, large: LargeVectors, share: float) -> None:
    allowed = np.random.default_rng(8).random(len(vectors)) < share
    query = _clustered(1, seed=9)[0]
    rows, _ = large.search(query, 10, allowed)
    assert len(rows) == 10
    assert allowed[rows].all()
    expected = ExactVectors(vectors).search(query, 10, allowed)[0]
    assert len(set(rows) & set(expected)) >= 9


def test_no_row_is_made_up_where_fewer_are_found_than_asked_for(large: LargeVectors) -> None:
    rows, scores = large.search(_clustered(1, seed=3)[0], 10_000)
    assert len(rows) == len(scores) <= large.rows
    assert rows.min() >= 0
    assert len(set(rows.tolist())) == len(rows)


def test_the_form_follows_the_number_of_rows(vectors: Vectors, tmp_path: Path) -> None:
    for name, rows in (("few", 100), ("many", 101)):
        folder = tmp_path / name
        folder.mkdir()
        save_passages(vectors[:rows], folder, SMALL)
        save_sentences(vectors[:rows], folder, SMALL)
    assert isinstance(open_passages(tmp_path / "few", SMALL), FaissVectors)
    assert isinstance(open_sentences(tmp_path / "few"), FaissVectors)
    assert isinstance(open_passages(tmp_path / "many", SMALL), LargeVectors)
    assert isinstance(open_sentences(tmp_path / "many"), StoredVectors)


def test_more_vectors_get_more_lists() -> None:
    assert factory(100_000, 384) == "IVF512,PQ192x4fs"
    assert factory(1_000_000, 384) == "IVF2048,PQ192x4fs"


def test_an_index_built_in_the_large_form_is_opened_asked_and_built_again(tmp_path: Path) -> None:
    words = "gull rock lamp boat pier sand kelp tide wind rain".split()
    posts = [
        {
            "id": f"p{number}",
            "title": f"Note {number}",
            "text": f"The {words[number % 10]} met {words[number // 10 % 10]} number{number}.",
        }
        for number in range(300)
    ]
    source = write_posts(tmp_path / "posts.jsonl", posts)
    settings = BuildSettings(chunks=ChunkSettings(max_tokens=40, context_tokens=16), vectors=SMALL)
    encoder = WordHashEncoder()
    index.build([source], tmp_path / "index", settings=settings, encoder=encoder)
    opened = index.open(tmp_path / "index")
    assert isinstance(opened.structures.vectors, LargeVectors)
    query = encoder.encode_query(["number77"])[0]
    row = int(opened.structures.vectors.search(query, 1)[0][0])
    assert opened.chunks([row])[0][0].id == "p77"
    before = opened.structures.sentence_vectors.matrix().tobytes()
    opened.close()
    again = index.build([source], tmp_path / "index", settings=settings, encoder=encoder)
    assert (again.encoded, again.reused) == (0, 300)
    reopened = index.open(tmp_path / "index")
    assert reopened.structures.sentence_vectors.matrix().tobytes() == before
    reopened.close()
