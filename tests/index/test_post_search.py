"""Posts found by what they are called, who wrote and published them, and what they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.post_search import WordQuery
from index.reader import Index
from tests.stand_ins import POSTS, build_small

ACCENTED = {"id": "cafe", "title": "Un café à Málaga", "authors": ["José Núñez"], "text": "Straße and naïve tea."}
EMPTY = {"id": "only-title", "title": "Zephyr", "publisher": "Wind & Co", "text": "…"}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Index]:
    build_small(tmp_path / "index", [*POSTS, ACCENTED, EMPTY])
    index = Index.open(tmp_path / "index")
    yield index
    index.close()


def _found(index: Index, sought: str) -> list[str]:
    total, found = index.find_posts(sought, 0, 100)
    assert total == len(found)
    return [post.id for post, _ in found]


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
    ((_, chunk),) = opened.find_posts("paraffin", 0, 1)[1]
    assert chunk is not None
    assert "paraffin" in chunk.text
    ((_, none),) = opened.find_posts("Quill", 0, 1)[1]
    assert none is None


def test_a_passage_below_a_title_that_says_it_is_none(opened: Index) -> None:
    ((post, chunk),) = opened.find_posts("timetable", 0, 1)[1]
    assert (post.id, chunk) == ("ferry", None)


def test_pages_follow_each_other(opened: Index) -> None:
    for sought, size in (("", 6), (" ", 6), ("ferry", 3)):
        pages = [opened.find_posts(sought, at, 1) for at in range(size + 1)]
        assert {total for total, _ in pages} == {size}
        ids = [post.id for _, found in pages for post, _ in found]
        assert len(ids) == len(set(ids)) == size


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
