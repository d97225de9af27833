"""The map computed at build time: the same one whoever builds it, true to the vectors, and guarded like every file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.encoders.protocol import Vectors
from index.errors import IndexCorrupt
from index.layout import LAYOUT
from index.reader import Index
from index.search.anchors import MOST, Anchors, Keys, choose_anchors, lay_out
from index.search.projection import Projection
from index.storage.generation import current_folder
from tests.stand_ins import POSTS, build_small

WORDS = "ferry pier lamp keeper honey hive storm rock tower oil captain sound heather smoke ticket stairs".split()


def _posts(count: int) -> list[dict[str, Any]]:
    """Short posts of a few words each, one chunk a post, no two alike."""
    drawn = np.random.default_rng(3)
    return [
        {"id": f"{at}", "title": f"T{at}", "text": " ".join([*drawn.choice(WORDS, 5), f"own{at}"]) + "."}
        for at in range(count)
    ]


def _built(folder: Path, posts: Sequence[dict[str, Any]] | Sequence[Any]) -> Index:
    build_small(folder, posts)
    return Index.open(folder)


def _clusters(count: int, dimension: int = 16, groups: int = 8) -> tuple[Vectors, np.ndarray[Any, Any]]:
    """Unit vectors around a few centres, with the number of each one's centre."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(groups, dimension))
    group = np.arange(count) % groups
    rows = centres[group] + 0.25 * rng.normal(size=(count, dimension))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32), group


def _keys(count: int, seed: int = 1) -> Keys:
    return np.random.default_rng(seed).integers(0, 256, size=(count, 16), dtype=np.uint8)


def _map(folder: Path, keys: Keys, vectors: Vectors, before: tuple[Projection, Keys] | None = None) -> Projection:
    folder.mkdir()
    Projection.compute(keys, vectors, before).save(folder)
    return Projection.open(folder, vectors)


def _width(points: Any) -> float:
    return float(np.ptp(points, axis=0).max())


def test_the_same_corpus_has_the_same_map(tmp_path: Path) -> None:
    first, second = (_built(tmp_path / name, _posts(60)) for name in ("one", "two"))
    assert first.map_points()[0].tobytes() == second.map_points()[0].tobytes()
    assert np.isfinite(first.map_points()[0]).all()


def test_the_order_of_the_posts_does_not_matter(tmp_path: Path) -> None:
    posts = _posts(60)
    first, second = _built(tmp_path / "one", posts), _built(tmp_path / "two", posts[::-1])
    places = [
        {post.id: point for (post, _), point in zip(one.chunks(range(60)), one.map_points()[0].tolist(), strict=True)}
        for one in (first, second)
    ]
    assert places[0].keys() == places[1].keys()
    for name, point in places[0].items():
        np.testing.assert_allclose(point, places[1][name], atol=1e-3 * _width(first.map_points()[0]))


def test_a_chunk_lies_where_its_vector_is_placed(tmp_path: Path) -> None:
    opened = _built(tmp_path / "index", _posts(80))
    placed = opened.place(np.asarray(opened.structures.vectors))
    far = np.linalg.norm(placed - opened.map_points()[0], axis=1)
    assert far.max() <= 0.002 * _width(opened.map_points()[0])


def test_equal_chunks_lie_beside_each_other_and_not_on_each_other(tmp_path: Path) -> None:
    vectors, _ = _clusters(200)
    vectors[100:] = vectors[:100]
    projection = _map(tmp_path / "map", _keys(200), vectors)
    far = np.linalg.norm(projection.points[100:] - projection.points[:100], axis=1)
    assert (far > 0).all()
    assert far.max() <= 0.004 * _width(projection.points)
    assert len(projection.rows) == 100


@pytest.mark.slow
def test_neighbours_are_neighbours_on_the_map(tmp_path: Path) -> None:
    vectors, group = _clusters(1_500)
    projection = _map(tmp_path / "map", _keys(1_500), vectors)
    assert len(projection.rows) == MOST
    from_all = np.linalg.norm(projection.points[:, None] - projection.points[None], axis=2)
    np.fill_diagonal(from_all, np.inf)
    nearest = np.argsort(from_all, axis=1)[:, :10]
    assert (group[nearest] == group[:, None]).mean() > 0.95


@pytest.mark.parametrize("count", [0, 1, 2, 5, 33])
def test_tiny_corpora_have_maps(tmp_path: Path, count: int) -> None:
    vectors, _ = _clusters(count)
    projection = _map(tmp_path / "map", _keys(count), vectors)
    assert projection.points.shape == (count, 2)
    assert np.isfinite(projection.points).all()
    assert len({tuple(point) for point in projection.points.tolist()}) == count
    asked = projection.place(np.eye(3, 16, dtype=np.float32))
    assert asked.shape == (3, 2)
    assert np.isfinite(asked).all()


def test_posts_that_are_all_alike_have_a_map(tmp_path: Path) -> None:
    vectors = np.tile(np.eye(1, 16, dtype=np.float32), (40, 1))
    projection = _map(tmp_path / "map", _keys(40), vectors)
    assert len(projection.rows) == 1
    assert np.isfinite(projection.points).all()


@pytest.mark.slow
def test_a_build_with_the_same_anchors_keeps_every_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = _clusters(1_200)
    keys = _keys(1_200)
    first = _map(tmp_path / "one", keys, vectors)
    added, more = _clusters(1)[0], np.full((1, 16), 255, dtype=np.uint8)  # the last of all keys: no anchor

    def laid_out_again(_: Vectors) -> None:
        pytest.fail("the anchors were laid out again")

    monkeypatch.setattr("index.search.projection.lay_out", laid_out_again)
    second = _map(tmp_path / "two", np.vstack([more, keys]), np.vstack([added, vectors]), (first, keys))
    np.testing.assert_allclose(second.points[1:], first.points, atol=1e-3 * _width(first.points))


def test_a_few_new_anchors_find_their_place_and_the_others_keep_theirs(tmp_path: Path) -> None:
    vectors, group = _clusters(400)
    keys = _keys(400)
    before = _map(tmp_path / "before", keys[:360], vectors[:360])
    after = _map(tmp_path / "after", keys, vectors, (before, keys[:360]))
    far = np.linalg.norm(after.points[:360] - before.points, axis=1)
    assert far.max() <= 0.01 * _width(before.points)  # new neighbours draw a little
    assert after.together.sum() == 360
    for new in range(360, 400):
        nearest = np.linalg.norm(after.points[:360] - after.points[new], axis=1).argmin()
        assert group[nearest] == group[new]


def test_anchors_stay_while_most_of_those_laid_out_together_are_left(tmp_path: Path) -> None:
    vectors, _ = _clusters(400)
    keys = _keys(400)
    projection, end, drawn = _map(tmp_path / "240", keys[:240], vectors[:240]), 240, []
    for new_end in (270, 300, 330):  # in the last one fewer than three quarters are of the first layout
        projection, end = (
            _map(tmp_path / str(new_end), keys[:new_end], vectors[:new_end], (projection, keys[:end])),
            new_end,
        )
        drawn.append(int(projection.together.sum()))
    assert drawn == [240, 240, 330]
    alone = _map(tmp_path / "alone", keys[:330], vectors[:330])
    assert projection.points.tobytes() == alone.points.tobytes()


def test_a_corpus_that_shrinks_keeps_its_map(tmp_path: Path) -> None:
    vectors, _ = _clusters(200)
    keys = _keys(200)
    before = _map(tmp_path / "before", keys, vectors)
    after = _map(tmp_path / "after", keys[::2], vectors[::2], (before, keys))
    assert np.linalg.norm(after.points - before.points[::2], axis=1).max() <= 0.002 * _width(before.points)


def test_building_again_keeps_the_map_and_a_new_post_finds_its_place(tmp_path: Path) -> None:
    first = _built(tmp_path / "index", POSTS)
    again = _built(tmp_path / "index", POSTS)
    assert again.manifest.generation == 2
    assert again.map_points()[0].tobytes() == first.map_points()[0].tobytes()
    more = _built(tmp_path / "index", [*POSTS, {"id": "new", "title": "New", "text": "A whale swam by the pier."}])
    assert len(more.map_points()[0]) == more.manifest.chunks


def test_anchors_are_drawn_by_key_and_each_vector_once() -> None:
    keys = np.zeros((4, 16), dtype=np.uint8)
    keys[:, 0] = [3, 1, 2, 0]
    vectors = np.eye(4, dtype=np.float32)
    assert choose_anchors(keys, vectors).tolist() == [3, 1, 2, 0]
    vectors[2] = vectors[3]
    assert choose_anchors(keys, vectors).tolist() == [3, 1, 0]


def test_a_vector_between_two_anchors_lies_between_their_places() -> None:
    vectors = np.eye(2, dtype=np.float32)
    anchors = Anchors(vectors, np.array([[0, 0], [10, 0]], dtype=np.float32))
    middle, left = anchors.place(np.array([[0.7071, 0.7071], [1, 0]], dtype=np.float32))
    assert middle == pytest.approx([5, 0], abs=1e-4)
    assert left == pytest.approx([0, 0], abs=1e-4)


def test_places_differ_in_two_directions_where_vectors_do() -> None:
    places = lay_out(np.eye(5, dtype=np.float32))
    assert places.shape == (5, 2)
    assert (np.ptp(places, axis=0) > 0).all()


@pytest.mark.parametrize(
    "name", [LAYOUT.map_points, LAYOUT.map_anchors, LAYOUT.map_anchor_points, LAYOUT.map_anchors_kept]
)
def test_damage_to_the_map_is_found_when_an_index_is_opened(small_index: Path, name: str) -> None:
    path = current_folder(small_index) / name
    sound = bytearray(path.read_bytes())
    sound[-1] ^= 1
    path.write_bytes(sound)
    with pytest.raises(IndexCorrupt, match=name):
        Index.open(small_index)


def test_a_row_is_found_by_its_place_in_a_post(small_index: Path) -> None:
    opened = Index.open(small_index)
    for row, (post, chunk) in enumerate(opened.chunks(range(opened.manifest.chunks))):
        assert opened.row_at(post.id, chunk.start) == row
        assert opened.row_at(post.id, chunk.end - 1) == row
    last = opened.structures.chunk_posts.tolist().count(1) - 1
    assert opened.row_at("lighthouse", 10**9) == last
    assert opened.row_at("nobody", 0) is None
