"""`qa survey`: the counts, one row a post, JSON for programs, and the exit code of a refusal where no post answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qa.assistant import Assistant
from qa.cli import options
from qa.cli.main import app
from tests.stand_ins import WordHashEncoder, plain_weights


@pytest.fixture(autouse=True)
def _small(small_index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights())
    monkeypatch.setattr(options, "open_assistant", lambda *_, **__: made)


def test_it_prints_the_counts_and_a_row_for_each_post() -> None:
    ran = CliRunner().invoke(app, ["survey", "Which posts say who steered the ferry?"])
    assert ran.exit_code == 0
    assert ran.stdout.startswith("2 of 4 posts say so")
    assert "“Captain Oda Lind has steered the ferry since 1998.”" in ran.stdout
    assert ran.stdout.count("answer  ") == 2


@pytest.mark.parametrize(
    "question", ["Which posts mention the ferry?", "list all posts about the ferry", "latest post about the ferry"]
)
def test_a_question_for_posts_leads_from_ask_to_the_survey(question: str) -> None:
    surveyed, asked = (CliRunner().invoke(app, [command, question]) for command in ("survey", "ask"))
    assert (asked.stdout, asked.exit_code) == (surveyed.stdout, surveyed.exit_code)
    both = json.loads(CliRunner().invoke(app, ["ask", question, "--json"]).stdout)
    assert both["survey"] == json.loads(CliRunner().invoke(app, ["survey", question, "--json"]).stdout)
    assert both["level"]


def test_another_question_is_answered_and_leads_nowhere() -> None:
    values = json.loads(CliRunner().invoke(app, ["ask", "Who has steered the ferry?", "--json"]).stdout)
    assert values["survey"] is None
    assert "Oda Lind" in values["text"]


def test_json_is_for_programs() -> None:
    ran = CliRunner().invoke(app, ["survey", "Who has steered the ferry?", "--json", "--until", "2022"])
    values = json.loads(ran.stdout)
    assert [row["post"]["id"] for row in values["rows"]] == ["lighthouse"]
    assert values["filters"]["until"] == "2022"


def test_where_no_post_answers_the_exit_code_is_that_of_a_refusal() -> None:
    assert CliRunner().invoke(app, ["survey", "Which planet has rings?"]).exit_code == 1
