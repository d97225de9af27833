"""Who says what: one row a post by date, each decided as if the post were asked alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.filters import Filters
from qa.assistant import Assistant
from qa.settings import AskSettings
from qa.survey.records import Stance, survey_to_json
from qa.survey.survey import MOST_POSTS
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

WHO = "Who has steered the ferry?"
DATED = [
    {"id": "old", "title": "Old", "published": "2015-01-01", "language": "en", "text": "The keeper sells honey."},
    {"id": "new", "title": "New", "published": "2019-06-01", "language": "en", "text": "In town honey is sold by Ann."},
    {"id": "none", "title": "None", "language": "en", "text": "Rain fell on the harbour all day."},
]


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


@pytest.fixture
def dated(tmp_path: Path) -> Iterator[Assistant]:
    """Two posts about honey, and one without a date that is silent."""
    build_small(tmp_path / "index", DATED)
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


def test_every_post_has_one_row_and_the_counts_are_of_all(assistant: Assistant) -> None:
    survey = assistant.survey(WHO)
    assert sorted(row.post.id for row in survey.rows) == ["bees", "ferry", "ferry-notice", "lighthouse"]
    assert survey.posts == sum(survey.counts.values()) == 4
    stances = {row.post.id: row.stance for row in survey.rows}
    assert stances["ferry"] == stances["ferry-notice"] == Stance.ANSWER
    assert survey.summary.startswith("2 of 4 posts say so, ")


def test_the_strongest_sentence_is_proven_and_marked_once(assistant: Assistant) -> None:
    survey = assistant.survey(WHO)
    cited = [row.citation for row in survey.rows if row.citation]
    assert len({citation.marker for citation in cited}) == len(cited)
    for row in survey.rows:
        assert (row.citation is None) == (row.stance is Stance.SILENT)
        if row.citation:
            assert row.citation.focus is not None
            assert row.post.body[row.citation.focus.start : row.citation.focus.end] == row.citation.focus.quote


@pytest.mark.parametrize("question", [WHO, "What does the keeper sell?", "What burned at first?"])
def test_a_post_is_decided_as_if_it_were_asked_alone(assistant: Assistant, question: str) -> None:
    for row in assistant.survey(question).rows:
        alone = assistant.quote(question, filters=Filters(posts=(row.post.id,)))
        if row.stance is not Stance.SILENT:
            assert row.probability == pytest.approx(alone.confidence)


def test_nothing_said_is_all_silent(assistant: Assistant) -> None:
    survey = assistant.survey("Which planet has rings?")
    assert survey.counts == {Stance.ANSWER: 0, Stance.NEAR: 0, Stance.SILENT: 4}
    assert survey.summary == "0 of 4 posts say so, 0 come near, 4 are silent."


def test_rows_are_by_date_and_the_latest_is_named(dated: Assistant) -> None:
    survey = dated.survey("latest post about honey")
    assert [row.post.id for row in survey.rows] == ["new", "old", "none"]
    assert survey.wanted is not None
    assert survey.wanted.post.id == "new"
    assert "The latest: New, 2019-06-01." in survey.summary
    first = dated.survey("What was the first post about honey?")
    assert first.wanted is not None
    assert first.wanted.post.id == "old"


def test_a_date_in_the_question_is_a_filter_and_is_said(dated: Assistant) -> None:
    survey = dated.survey("Which posts mention honey in 2015?")
    assert [row.post.id for row in survey.rows] == ["old"]
    assert survey.filters == Filters(since="2015", until="2015")
    assert survey.summary == ("1 of 1 post says so, 0 come near, 0 are silent. Asked only of posts published in 2015.")


def test_of_many_posts_the_nearest_are_read_and_the_others_counted(tmp_path: Path) -> None:
    posts = [
        {"id": f"p{at}", "title": f"Day {at}", "language": "en", "text": f"Fog lay on pier {at}."} for at in range(60)
    ]
    build_small(tmp_path / "index", posts)
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as many:
        survey = many.survey("What lay on the pier?")
    assert (survey.posts, len(survey.rows), survey.not_shown) == (60, MOST_POSTS, 60 - MOST_POSTS)
    assert survey.remark == (
        f"{60 - MOST_POSTS} silent posts not shown. "
        f"The {MOST_POSTS} nearest posts were read, the others count as silent."
    )
    assert survey.remark in str(survey)


def test_thresholds_are_stated_and_the_setting_moves_the_lower_one(small_index: Path) -> None:
    settings = AskSettings(threshold=0.4)
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights(), settings=settings) as made:
        survey = made.survey(WHO)
    assert (survey.answer_from, survey.near_from) == (0.5, 0.4)
    for row in survey.rows:
        assert (row.stance is Stance.ANSWER) == (row.probability >= 0.5)


def test_json_has_no_bodies(assistant: Assistant) -> None:
    values = survey_to_json(assistant.survey(WHO))
    assert values["posts"] == 4
    assert all("body" not in row["post"] for row in values["rows"])
    assert all("body" not in row["citation"]["post"] for row in values["rows"] if row["citation"])


@pytest.mark.parametrize("question", ["", "?!", "x" * 3_000])
def test_a_question_that_cannot_be_used_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError):
        assistant.survey(question)


FARO = [
    {"id": "faro", "title": "El faro", "published": "2018-01-01", "language": "es", "text": "El guardián vende miel."},
    {"id": "mar", "title": "El mar", "published": "2018-05-01", "language": "es", "text": "Llovió todo el día."},
]


def test_a_survey_is_worded_in_the_language_of_its_question(tmp_path: Path) -> None:
    build_small(tmp_path / "index", FARO)
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        survey = assistant.survey("¿Cuál es la última publicación sobre la miel que vende el guardián en 2018?")
        assert survey.language == "es"
        assert "Solo se ha preguntado a las publicaciones publicadas en 2018." in survey.summary
        assert survey.summary.startswith("1 de 2 publicaciones lo dice, ")
        assert "La última: El faro, 2018-01-01." in survey.summary
        assert "responde  El faro" in str(survey)
        assert survey_to_json(survey)["text"] == survey.summary


def test_posts_asked_are_named_by_their_titles(assistant: Assistant) -> None:
    summary = assistant.survey(WHO, filters=Filters(posts=("ferry",))).summary
    assert summary.endswith("Asked only of posts with title The ferry timetable.")
