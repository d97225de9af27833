"""What every post is asked, and of which posts: dates of publication and "which posts" are taken out of a question."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.filters import Filters
from index.reader import Index
from qa.survey.records import Order
from qa.survey.request import asks_for_posts, survey_request


@pytest.fixture
def index(small_index: Path) -> Iterator[Index]:
    """One of its posts is of 4 May 2021, the others have no date."""
    opened = Index.open(small_index)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("question", "asked", "order"),
    [
        ("Which posts mention the ferry?", "the ferry", None),
        ("what articles are about whale oil", "whale oil", None),
        ("List all posts about bees.", "bees", None),
        ("list all captains", "captains", None),
        ("What is the latest post about honey?", "honey", Order.LATEST),
        ("the oldest article on ships", "ships", Order.FIRST),
        ("¿Qué publicaciones hablan de abejas?", "abejas", None),
    ],
)
def test_which_posts_is_taken_out(index: Index, question: str, asked: str, order: Order | None) -> None:
    request = survey_request(question, Filters(), index)
    assert (request.asked, request.question, request.order) == (question, asked, order)
    assert asks_for_posts(question)


@pytest.mark.parametrize("question", ["Who built the lighthouse?", "What posts are needed for a fence that is high?"])
def test_other_questions_are_asked_as_they_are(index: Index, question: str) -> None:
    assert survey_request(question, Filters(), index).question == question


def test_who_built_asks_for_no_posts() -> None:
    assert not asks_for_posts("Who built the lighthouse on Gull Rock?")


@pytest.mark.parametrize(
    ("dated", "since", "until"),
    [
        ("in 2021", "2021", "2021"),
        ("in May 2021", "2021-05", "2021-05"),
        ("since 2020", "2020", None),
        ("after April 2021", "2021-05", None),
        ("before January 2022", None, "2021-12"),
        ("before 2021-05-05", None, "2021-05-04"),
        ("until 2022", None, "2022"),
        ("between 2019 and 2021", "2019", "2021"),
        ("published from 2020 to 2022", "2020", "2022"),
        ("en mayo de 2021", "2021-05", "2021-05"),
        ("después de 2020", "2021", None),
    ],
)
def test_a_date_becomes_a_filter(index: Index, dated: str, since: str | None, until: str | None) -> None:
    request = survey_request(f"What burned {dated}?", Filters(), index)
    assert (request.question, request.filters) == ("What burned?", Filters(since=since, until=until))


@pytest.mark.parametrize("dated", ["in 1874", "in 2016", "before 2021-02-30", "in 2021-13", "in the evening"])
def test_a_date_on_which_nothing_was_published_stays_in_the_question(index: Index, dated: str) -> None:
    request = survey_request(f"What burned {dated}?", Filters(), index)
    assert (request.question, request.filters) == (f"What burned {dated}?", Filters())


def test_dates_that_are_stated_go_before_those_of_the_question(index: Index) -> None:
    stated = Filters(since="2020")
    request = survey_request("What burned in 2021?", stated, index)
    assert (request.question, request.filters) == ("What burned in 2021?", stated)
