"""Vector stores of other packages: found by name, kept in the index, asked with the same outcome."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import index
from index.errors import IndexCorrupt, SettingsError
from index.reader import Index
from index.search.candidates import SearchQuery
from index.settings import BuildSettings, VectorSettings
from tests.fake_packages import install_example
from tests.stand_ins import SMALL_CHUNKS, WordHashEncoder, write_posts

SETTINGS = SMALL_CHUNKS.model_copy(update={"vectors": VectorSettings(store="brute-force")})


def _build(folder: Path, settings: BuildSettings) -> Path:
    index.build([write_posts(folder / "posts.jsonl")], folder / "index", settings=settings, encoder=WordHashEncoder())
    return folder / "index"


@pytest.mark.parametrize("with_filter", [False, True])
def test_the_store_of_the_guide_gives_the_candidates_of_the_built_in_one(
    tmp_path: Path, small_index: Path, monkeypatch: pytest.MonkeyPatch, with_filter: bool
) -> None:
    install_example("Vector stores", tmp_path / "package", monkeypatch)
    query = SearchQuery(WordHashEncoder().encode_query(["Who steers the ferry?"])[0], {"en": ["ferri", "steer"]})
    found = []
    for root in (_build(tmp_path, SETTINGS), small_index):
        opened = Index.open(root)
        allowed = opened.allowed_where(lambda post: post.id != "ferry") if with_filter else None
        found.append(opened.search(query, 3, allowed))
        store, name = type(opened.structures.nearest).__name__, opened.manifest.settings.vectors.store
        assert (store == "BruteForceSearch") == (name == "brute-force") == (root != small_index)
        opened.close()
    assert np.array_equal(found[0].rows, found[1].rows)
    assert np.array_equal(found[0].dense, found[1].dense)
    assert np.array_equal(found[0].lexical, found[1].lexical)


def test_the_files_of_a_store_are_published_and_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_example("Vector stores", tmp_path / "package", monkeypatch)
    (path,) = _build(tmp_path, SETTINGS).rglob("transposed.npy")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexCorrupt, match=r"not as it was published in .*transposed\.npy"):
        Index.open(tmp_path / "index")


def test_a_store_that_is_not_installed_is_named_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match=r"no vector store of this name .*seen: brute-force.*: faiss"):
        _build(tmp_path, SETTINGS)
    assert not (tmp_path / "index").exists()
    with monkeypatch.context() as installed:
        install_example("Vector stores", tmp_path / "package", installed)
        _build(tmp_path, SETTINGS)
    with pytest.raises(SettingsError, match=r"Install the package that has it"):
        Index.open(tmp_path / "index")


def test_another_store_encodes_nothing_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_example("Vector stores", tmp_path / "package", monkeypatch)
    _build(tmp_path, SMALL_CHUNKS)
    report = index.build([tmp_path / "posts.jsonl"], tmp_path / "index", settings=SETTINGS, encoder=WordHashEncoder())
    assert (report.generation, report.encoded) == (2, 0)
