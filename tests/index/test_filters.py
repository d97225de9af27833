"""Filters: which posts they let through, in the index and before any ranking."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import QuestionError
from index.filters import Filters
from index.reader import Index
from qa import Assistant
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

DATED = [
    {"id": str(day), "title": f"Day {day}", "text": f"The lighthouse keeper wrote page {day}.", "authors": [name],
     "publisher": house, "published": date}
    for day, (name, house, date) in enumerate(
        [("Mara Quill", "Coast", "2021-05-04"), ("José Núñez", "Coast", "2021-06-01"), ("mara quill", "Inland", "2022"),
         ("Bo", "Inland", None)]
    )
]  # fmt: skip


@pytest.fixture
def dated(tmp_path: Path) -> Index:
    build_small(tmp_path / "dated", DATED)
    return Index.open(tmp_path / "dated")


def _let_through(opened: Index, **stated: object) -> list[str]:
    allowed = opened.allowed(Filters.model_validate(stated))
    assert allowed is not None
    return [post.id for post, _ in opened.chunks([row for row, yes in enumerate(allowed) if yes])]


@pytest.mark.parametrize(
    ("stated", "posts"),
    [
        ({"posts": ("1", "3")}, ["1", "3"]),
        ({"authors": ("MARA QUILL",)}, ["0", "2"]),
        ({"authors": ("Jose Nunez", "bo")}, ["1", "3"]),
        ({"publishers": ("coast",)}, ["0", "1"]),
        ({"authors": ("mara quill",), "publishers": ("Inland",)}, ["2"]),
        ({"since": "2021-06"}, ["1", "2"]),
        ({"until": "2021"}, ["0", "1"]),
        ({"since": "2021-05-04", "until": "2021-05-04"}, ["0"]),
        ({"since": "2021-05", "authors": ("Mara Quill",)}, ["0", "2"]),
    ],
)
def test_posts_that_meet_every_kind_of_condition_are_let_through(
    dated: Index, stated: dict[str, object], posts: list[str]
) -> None:
    assert _let_through(dated, **stated) == posts


@pytest.mark.parametrize("stated", [{"posts": ("9",)}, {"authors": ("x' OR 1=1 --",)}, {"since": "2023"}])
def test_filters_that_no_post_meets_are_named(dated: Index, stated: dict[str, object]) -> None:
    with pytest.raises(QuestionError, match=r"no post meets the filters.*qa posts"):
        dated.allowed(Filters.model_validate(stated))


@pytest.mark.parametrize("date", ["yesterday", "2021-5", "21", "2021-05-04T10:00"])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(QuestionError, match=f"not a date such as .* in since .seen: '{date}'.*Give a year"):
        Filters(since=date)


@pytest.mark.parametrize(
    ("stated", "error"),
    [
        ({"authors": "Ann Lee"}, "in authors .seen: 'Ann Lee'.*Give a list of at most 1,000 texts"),
        ({"posts": ["x"] * 1_001}, "in posts .*Give a list of at most 1,000 texts"),
        ({"colour": "red"}, "in colour .seen: 'red'.*Use posts, authors, publishers, since, until"),
        ("soon", "seen: 'soon'.*Use posts, authors"),
    ],
)
def test_a_filter_that_cannot_be_used_is_named_with_its_value_and_the_remedy(stated: object, error: str) -> None:
    with pytest.raises(QuestionError, match=error):
        Filters.model_validate(stated)


def test_no_filter_lets_all_through(dated: Index) -> None:
    assert dated.allowed(None) is None
    assert dated.allowed(Filters()) is None


def test_names_are_listed_as_written_the_commonest_first(dated: Index) -> None:
    assert dated.names("publisher") == [("Coast", 2), ("Inland", 2)]
    assert ("José Núñez", 1) in dated.names("author")


def test_answers_passages_and_the_nearest_posts_come_from_what_is_let_through(small_index: Path) -> None:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        question, only = "Who built the lighthouse on Gull Rock?", Filters(posts=("bees", "ferry"))
        assert assistant.ask(question).citations[0].post.id == "lighthouse"
        answer = assistant.ask(question, filters=only)
        shown = [*(one.post for one in answer.passages), *(one.post for one in answer.citations), *answer.nearest]
        assert {post.id for post in shown} <= {"bees", "ferry"}
        found = assistant.search(question, 100, filters=only)
        assert {passage.post.id for passage in found} == {"bees", "ferry"}
        assert assistant.ask(question).citations[0].post.id == "lighthouse"


def test_of_twins_each_id_finds_the_post_that_is_kept(tmp_path: Path) -> None:
    twins = [{"id": name, "title": "T", "text": "The very same words."} for name in ("a", "b")]
    build_small(tmp_path / "twins", twins)
    assert _let_through(Index.open(tmp_path / "twins"), posts=("b",)) == ["a"]
