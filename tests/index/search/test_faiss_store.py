"""The inverted file beside the exact search, on small data with small thresholds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import index
from index.search.faiss_store import FaissStore, FlatSearch, InvertedFile, factory
from index.search.vectors import ExactSearch, Table, map_table, new_table, scores_of
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


def _table(vectors: Vectors, folder: Path) -> Table:
    new_table(folder / "table.npy", len(vectors), vectors.shape[1], SMALL)[:] = vectors
    return map_table(folder / "table.npy")


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Four thousand rows."""
    return _clustered(4_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("large")


@pytest.fixture(scope="module")
def table(vectors: Vectors, folder: Path) -> Table:
    """The table of them, written and opened."""
    return _table(vectors, folder)


@pytest.fixture(scope="module")
def large(table: Table, folder: Path) -> InvertedFile:
    """The inverted file over it, written and opened."""
    FaissStore().build(table, folder, SMALL)
    opened = FaissStore().open(table, folder, SMALL)
    assert isinstance(opened, InvertedFile)
    return opened


def test_nearly_all_that_an_exact_search_finds_is_found(vectors: Vectors, large: InvertedFile) -> None:
    exact, queries = ExactSearch(vectors), _clustered(100, seed=6)
    shared = [len(set(large.search(one, 10)[0]) & set(exact.search(one, 10)[0])) / 10 for one in queries]
    assert float(np.mean(shared)) >= 0.97


def test_scores_of_what_is_found_are_the_tables_not_the_codes(
    vectors: Vectors, table: Table, large: InvertedFile
) -> None:
    query = _clustered(1, seed=7)[0]
    rows, scores = large.search(query, 20)
    assert scores.tolist() == pytest.approx((vectors[rows] @ query).tolist(), abs=1e-3)
    assert np.all(np.diff(scores) <= 0)
    assert np.array_equal(scores_of(table, rows, query), scores)


def test_half_precision_moves_a_score_by_less_than_a_thousandth(vectors: Vectors, table: Table) -> None:
    query, rows = vectors[17], np.arange(len(vectors))
    assert table.dtype == np.float16
    assert np.abs(scores_of(table, rows, query) - vectors @ query).max() < 1e-3


@pytest.mark.parametrize("share", [0.01, 0.3])
def test_only_allowed_rows_are_found_whether_few_or_many(vectors: Vectors, large: InvertedFile, share: float) -> None:
    allowed = np.random.default_rng(8).random(len(vectors)) < share
    query = _clustered(1, seed=9)[0]
    rows, _ = large.search(query, 10, allowed)
    assert len(rows) == 10
    assert allowed[rows].all()
    expected = ExactSearch(vectors).search(query, 10, allowed)[0]
    assert len(set(rows) & set(expected)) >= 9


def test_no_row_is_made_up_where_fewer_are_found_than_asked_for(large: InvertedFile) -> None:
    rows, scores = large.search(_clustered(1, seed=3)[0], 10_000)
    assert len(rows) == len(scores) <= 4_000
    assert rows.min() >= 0
    assert len(set(rows.tolist())) == len(rows)


def test_the_form_follows_the_number_of_rows(vectors: Vectors, tmp_path: Path) -> None:
    for name, rows in (("few", 100), ("many", 101)):
        folder = tmp_path / name
        folder.mkdir()
        FaissStore().build(_table(vectors[:rows], folder), folder, SMALL)
    few, many = (map_table(tmp_path / name / "table.npy") for name in ("few", "many"))
    assert few.dtype == np.float32
    assert many.dtype == np.float16
    assert isinstance(FaissStore().open(few, tmp_path / "few", SMALL), FlatSearch)
    assert isinstance(FaissStore().open(many, tmp_path / "many", SMALL), InvertedFile)


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
    assert isinstance(opened.structures.nearest, InvertedFile)
    assert opened.structures.nearest_sentences is None
    query = encoder.encode_query(["number77"])[0]
    row = int(opened.structures.nearest.search(query, 1)[0][0])
    assert opened.chunks([row])[0][0].id == "p77"
    before = opened.structures.sentence_vectors.tobytes()
    opened.close()
    again = index.build([source], tmp_path / "index", settings=settings, encoder=encoder)
    assert (again.encoded, again.reused) == (0, 300)
    reopened = index.open(tmp_path / "index")
    assert reopened.structures.sentence_vectors.tobytes() == before
    reopened.close()
