"""Posts and chunks on disk: duplicates, repeated ids, and nothing lost by either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.records import Post
from index.storage.post_store import PostStore
from index.text.chunking import chunk_post
from tests.stand_ins import WordHashEncoder


def _post(id: str, body: str, origin: str = "a.txt", **fields: object) -> Post:
    return Post.model_validate({"id": id, "title": "T", "body": body, "origin": origin, **fields})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostStore]:
    """An empty store."""
    made = PostStore.create(tmp_path / "posts.sqlite")
    yield made
    made.close()


def _bodies(store: PostStore) -> list[tuple[str, str]]:
    store.merge_twins()
    return [(post.id, post.body) for _, post in store.posts()]


def test_a_post_comes_back_as_it_was_put(store: PostStore) -> None:
    post = _post("a", "Text 👩‍👧.", authors=("Ana",), url="https://a.example", published="2020-01-02", language="en")
    assert store.put(post)
    assert store.post_by_id("a") == post
    assert store.post_by_id("b") is None
    assert [kept for _, kept in store.posts()] == [post]


def test_posts_with_the_same_title_and_body_are_kept_once_with_all_origins_and_ids(store: PostStore) -> None:
    assert store.put(_post("a", "Same.", "one.txt"))
    assert not store.put(_post("b", "Same.", "two.txt"))
    assert not store.put(_post("c", "Same.", "three.txt"))
    store.merge_twins()
    kept = store.post_by_id("a")
    assert kept is not None
    assert (kept.origin, kept.also_at, kept.also_ids) == ("one.txt", ("two.txt", "three.txt"), ("b", "c"))
    assert store.count_posts() == 1


def test_a_post_read_twice_from_one_place_leaves_no_trace(store: PostStore) -> None:
    for _ in range(2):
        store.put(_post("a", "Same."))
    store.merge_twins()
    assert store.post_by_id("a") == _post("a", "Same.")


def test_a_post_found_at_two_places_under_one_id_remembers_both(store: PostStore) -> None:
    assert store.put(_post("a", "Same.", "one.txt"))
    assert not store.put(_post("a", "Same.", "two.txt"))
    kept = store.post_by_id("a")
    assert kept is not None
    assert (kept.origin, kept.also_at, kept.also_ids) == ("one.txt", ("two.txt",), ())


def test_of_two_posts_with_one_id_the_latest_wins_in_the_place_of_the_first(store: PostStore) -> None:
    for post in (_post("a", "Old."), _post("b", "Other."), _post("a", "New.")):
        assert store.put(post)
    assert _bodies(store) == [("a", "New."), ("b", "Other.")]


def test_a_new_text_under_an_id_leaves_a_twins_text_under_its_own(store: PostStore) -> None:
    store.put(_post("a", "Same.", "one.txt"))
    store.put(_post("b", "Same.", "two.txt"))
    store.put(_post("a", "New.", "three.txt"))
    assert sorted(_bodies(store)) == [("a", "New."), ("b", "Same.")]


def test_an_id_whose_latest_text_is_another_posts_keeps_no_old_text(store: PostStore) -> None:
    store.put(_post("a", "Same."))
    store.put(_post("b", "Old."))
    store.put(_post("b", "Same.", "two.txt"))
    assert _bodies(store) == [("a", "Same.")]
    kept = store.post_by_id("a")
    assert kept is not None
    assert kept.also_ids == ("b",)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["One.", "Two.", "Three."])), max_size=8))
def test_every_ids_latest_text_is_found_under_it_or_beside_its_twin(puts: list[tuple[str, str]]) -> None:
    store = PostStore.create(Path(":memory:"))
    for at, (id, body) in enumerate(puts):
        store.put(_post(id, body, f"{at}.txt"))
    store.merge_twins()
    found = {id: post.body for _, post in store.posts() for id in (post.id, *post.also_ids)}
    assert found == dict(puts)
    bodies = [body for _, body in _bodies(store)]
    assert len(bodies) == len(set(bodies))
    store.close()


def test_chunks_come_back_by_row_with_text_cut_from_their_post(tmp_path: Path) -> None:
    posts = [_post("a", "One two. Three four.\n\n- item\n\n# Head\n\nEnd."), _post("b", "Five. Six.")]
    store = PostStore.create(tmp_path / "posts.sqlite")
    put = []
    for post in posts:
        store.put(post)
    for row, post in store.posts():
        chunks = chunk_post(post, WordHashEncoder().token_spans, 16)
        store.put_chunks(row, chunks)
        put += chunks
    store.close()
    opened = PostStore.open(tmp_path / "posts.sqlite")
    assert opened.count_chunks() == len(put)
    assert [chunk for _, chunk in opened.all_chunks()] == put
    owners = {post.id: post for post in posts}
    assert [opened.chunk(row, owners[chunk.post_id]) for row, chunk in enumerate(put)] == put
    opened.close()
