"""Posts and chunks on disk: duplicates, repeated ids, and nothing lost by either."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.filters import Filters
from index.records import Post
from index.storage.post_store import PostStore
from index.storage.post_writer import PostWriter
from index.text.chunking import chunk_post
from tests.stand_ins import WordHashEncoder


def _post(id: str, body: str, origin: str = "a.txt", **fields: object) -> Post:
    return Post.model_validate({"id": id, "title": "T", "body": body, "origin": origin, **fields})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PostWriter]:
    """An empty store."""
    made = PostWriter.create(tmp_path / "posts.sqlite")
    yield made
    made.close()


def _settle(store: PostWriter) -> tuple[int, int]:
    merged, shared = store.merge_twins(), store.tell_ids_apart(["."])
    return merged, shared


def _bodies(store: PostWriter) -> dict[str, str]:
    _settle(store)
    return {post.id: post.body for _, post in store.posts()}


def test_a_post_comes_back_as_it_was_put(store: PostWriter) -> None:
    post = _post("a", "Text 👩‍👧.", authors=("Ana",), url="https://a.example", published="2020-01-02", language="en")
    store.put(post)
    assert store.post_by_id("a") == post
    assert store.post_by_id("b") is None
    assert [kept for _, kept in store.posts()] == [post]


def test_posts_with_the_same_body_are_kept_once_with_all_origins_and_ids(store: PostWriter) -> None:
    for id, body, origin in (
        ("a", "Same text.", "one.txt"),
        ("b", "Same\n text.", "two.txt"),
        ("c", "Same text.", "3.txt"),
    ):
        store.put(_post(id, body, origin))
    assert _settle(store) == (2, 0)
    kept = store.post_by_id("a")
    assert kept is not None
    assert (kept.origin, kept.also_at, kept.also_ids) == ("one.txt", ("two.txt", "3.txt"), ("b", "c"))
    assert store.post_by_id("b") == store.post_by_id("c") == kept
    assert store.count_posts() == 1


def test_of_twins_the_one_with_most_facts_is_kept(store: PostWriter) -> None:
    store.put(_post("a", "Same text.", "the-mill.txt", title="the mill"))
    store.put(_post("b", "Same text.", "two.txt", title="Toll", published="2020-01-01"))
    _settle(store)
    ((_, kept),) = store.posts()
    assert (kept.id, kept.title, kept.also_at, kept.also_ids) == ("b", "Toll", ("the-mill.txt",), ("a",))


def test_short_texts_under_titles_of_their_own_are_no_twins(store: PostWriter) -> None:
    for version in ("1.0.1", "1.0.2"):
        store.put(_post(version, "Bug fixes.", f"{version}.md", title=f"Mill {version} released"))
    store.put(_post("c", "Bug fixes.", "fixes.md", title="fixes"))
    assert _bodies(store) == {"1.0.1": "Bug fixes.", "1.0.2": "Bug fixes."}


def test_a_post_read_twice_from_one_place_leaves_no_trace(store: PostWriter) -> None:
    for _ in range(2):
        store.put(_post("a", "Same."))
    _settle(store)
    assert store.post_by_id("a") == _post("a", "Same.")


def test_a_post_found_at_two_places_under_one_id_remembers_both(store: PostWriter) -> None:
    store.put(_post("a", "Same.", "one.txt"))
    store.put(_post("a", "Same.", "two.txt"))
    assert _settle(store) == (1, 0)
    kept = store.post_by_id("a")
    assert kept is not None
    assert (kept.origin, kept.also_at, kept.also_ids) == ("one.txt", ("two.txt",), ())


def test_a_new_text_from_the_same_file_replaces_the_old_one_where_it_stood(store: PostWriter) -> None:
    for post in (_post("a", "Old."), _post("b", "Other."), _post("a", "New.")):
        store.put(post)
    assert list(_bodies(store).items()) == [("a", "New."), ("b", "Other.")]


def test_different_texts_under_one_id_are_all_kept_and_found_under_it(store: PostWriter) -> None:
    for origin, body in (
        ("./b.jsonl#L10", "Ten."),
        ("./b.jsonl#L2", "Two."),
        ("./docs/a.md", "One."),
        ("./a.md", "Nil."),
    ):
        store.put(_post("x", body, origin, title=f"The title of {body}"))
    assert _settle(store) == (0, 1)
    bodies = {post.id: post.body for _, post in store.posts()}
    assert bodies == {"x": "Nil.", "x (b.jsonl)": "Two.", "x (b.jsonl#L10)": "Ten.", "x (docs/a.md)": "One."}
    assert len(store.rows_meeting(Filters(posts=("x",)))) == 4


@given(st.permutations([("x", "One.", "./a.md"), ("x", "Two.", "./b.md"), ("x (b.md)", "Three.", "./c.md")]))
def test_ids_are_told_apart_alike_in_any_order(puts: list[tuple[str, str, str]]) -> None:
    store = PostWriter.create(Path(":memory:"))
    for id, body, origin in puts:
        store.put(_post(id, body, origin))
    assert _bodies(store) == {"x": "One.", "x (./b.md)": "Two.", "x (b.md)": "Three."}
    store.close()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["One.", "Two.", "Three."])), max_size=8))
def test_every_text_is_kept_once_and_found_under_every_id_it_had(puts: list[tuple[str, str]]) -> None:
    store = PostWriter.create(Path(":memory:"))
    for at, (id, body) in enumerate(puts):
        store.put(_post(id, body, f"{at}.txt"))
    _settle(store)
    found = {(id, post.body) for _, post in store.posts() for id in (post.id, *post.also_ids)}
    assert set(puts) <= found
    assert sorted(post.body for _, post in store.posts()) == sorted({body for _, body in puts})
    store.close()


def test_chunks_come_back_by_row_with_text_cut_from_their_post(tmp_path: Path) -> None:
    posts = [_post("a", "One two. Three four.\n\n- item\n\n# Head\n\nEnd."), _post("b", "Five. Six.")]
    store = PostWriter.create(tmp_path / "posts.sqlite")
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
