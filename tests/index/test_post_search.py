"""Posts found by what they are called, who wrote and published them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.post_search import FoundPosts, WordQuery
from index.reader import Index
from tests.stand_ins import POSTS, WordHashEncoder, build_small

ACCENTED = {"id": "cafe", "title": "Un café à Málaga", "authors": ["José Núñez"], "text": "Straße and naïve tea."}
EMPTY = {"id": "only-title", "title": "Zephyr", "publisher": "Wind & Co", "text": "…"}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Index]:
    build_small(tmp_path / "index", [*POSTS, ACCENTED, EMPTY])
    index = Index.open(tmp_path / "index")
    yield index
    index.close()


def _found(index: Index, sought: str) -> list[str]:
    found = index.find_posts(sought, 0, 100)
    assert found.total == len(found.posts)
    return [one.post.id for one in found.posts]


@pytest.mark.parametrize(
    ("sought", "posts"),
    [
        ("lighthouse", ["lighthouse"]),
        ("LIGHTHOUSE gull", ["lighthouse"]),
        ("mara quill", ["lighthouse"]),
        ("coast letters", ["lighthouse"]),
        ("paraffin", ["lighthouse"]),
        ("cafe malaga", ["cafe"]),
        ("JOSE NUNEZ", ["cafe"]),
        ("Café", ["cafe"]),
        ("strasse naive", ["cafe"]),
        ("wind", ["only-title"]),
        ("zep", ["only-title"]),
        ("quill bees", []),
        ("no such word", []),
        ("?!", []),
    ],
)
def test_every_word_counts_wherever_it_stands_without_case_and_accents(
    opened: Index, sought: str, posts: list[str]
) -> None:
    assert _found(opened, sought) == posts


def test_other_forms_and_beginnings_of_a_word_are_found_in_the_text(opened: Index) -> None:
    assert _found(opened, "gathering") == _found(opened, "gath") == ["bees"]


def test_stop_words_are_looked_for_only_alone(opened: Index) -> None:
    assert _found(opened, "the ferry timetable") == ["ferry"]
    assert set(_found(opened, "about")) == {"ferry-notice"}


def test_a_title_goes_before_a_text(opened: Index) -> None:
    assert _found(opened, "honey ferry") == ["lighthouse"]
    assert set(_found(opened, "ferry")[:2]) == {"ferry", "ferry-notice"}
    assert _found(opened, "ferry")[-1] == "lighthouse"


def test_the_passage_that_says_it_comes_with_the_post(opened: Index) -> None:
    (found,) = opened.find_posts("paraffin", 0, 1).posts
    assert found.chunk is not None
    assert "paraffin" in found.chunk.text
    (by_name,) = opened.find_posts("Quill", 0, 1).posts
    assert by_name.chunk is None


def test_a_passage_below_a_title_that_says_it_is_none(opened: Index) -> None:
    (found,) = opened.find_posts("timetable", 0, 1).posts
    assert (found.post.id, found.chunk) == ("ferry", None)


def test_pages_follow_each_other(opened: Index) -> None:
    for sought, size in (("", 6), (" ", 6), ("ferry", 3)):
        pages = [opened.find_posts(sought, at, 1) for at in range(size + 1)]
        assert {page.total for page in pages} == {size}
        ids = [found.post.id for page in pages for found in page.posts]
        assert len(ids) == len(set(ids)) == size


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[Index]:
    """The posts among others that have nothing to do with them."""
    fog = [{"id": f"fog-{at}", "title": f"Day {at}", "text": f"Fog lay on meadow {at}."} for at in range(40)]
    build_small(tmp_path / "index", [*POSTS, *fog])
    index = Index.open(tmp_path / "index")
    yield index
    index.close()


def _near(index: Index, text: str) -> FoundPosts:
    return index.find_posts(text, 0, 100, WordHashEncoder().encode_query([text])[0])


def test_a_post_that_lacks_a_word_is_found_by_meaning_with_its_nearest_passage(wide: Index) -> None:
    found = _near(wide, "who steered the old ferry")
    assert (found.with_words, found.near) == (0, len(found.posts))
    assert {one.post.id for one in found.posts[:2]} == {"ferry", "ferry-notice"}
    assert all(one.is_near for one in found.posts)
    assert found.posts[0].chunk is not None
    assert "has steered the ferry" in found.posts[0].chunk.text


def test_posts_by_words_and_by_meaning_are_fused_by_their_ranks(wide: Index) -> None:
    found = _near(wide, "captain oda lind steered pier")
    by_words = [one.post.id for one in wide.find_posts("captain oda lind steered pier", 0, 100).posts]
    assert found.with_words == len(by_words) > 0
    assert found.near > 0
    assert found.total == len(found.posts)
    assert [one.post.id for one in found.posts if not one.is_near] == by_words
    assert "ferry-notice" in {one.post.id for one in found.posts if one.is_near}


@pytest.mark.parametrize("text", ["?!", ""])
def test_nothing_is_near_what_has_no_word(wide: Index, text: str) -> None:
    assert _near(wide, text).near == 0


def test_of_few_passages_none_is_called_near(opened: Index) -> None:
    assert _near(opened, "who steered the old ferry").posts == []


def test_nothing_asked_is_the_corpus_in_its_order(opened: Index) -> None:
    assert _found(opened, "") == [*(str(post["id"]) for post in POSTS), "cafe", "only-title"]


@pytest.mark.parametrize("typed", ["%", "_", "' OR 'x'='x' --", "\x00", "\ud800", "a" * 5_000, "🦆"])
def test_odd_words_find_nothing_and_break_nothing(opened: Index, typed: str) -> None:
    assert _found(opened, typed) == []


def test_words_of_a_text_fit_what_was_sought_in_other_forms() -> None:
    sought = WordQuery.of("the Gathered, honey", ("en",))
    assert sought.words == ("gathered", "honey")
    assert sought.matches("gathers")
    assert sought.matches("Honeycomb")
    assert not sought.matches("comb")
    assert not WordQuery.of("", ("en",)).is_in("anything")
