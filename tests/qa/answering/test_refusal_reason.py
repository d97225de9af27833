"""A refusal says what is missing, where that can be told."""

from __future__ import annotations

from pathlib import Path

import pytest

import index
from qa import Assistant
from qa.answer import Level
from qa.answering.refusal_reason import missing_value
from qa.question.question_types import asks_price, holds_price
from qa.settings import AskSettings
from tests.stand_ins import WordHashEncoder, plain_weights

POST = """---
title: The ferry to Gull Rock
---
The ferry to Gull Rock leaves from the old pier. {price} Bring a warm coat, the wind is strong.
"""


def assistant_over(folder: Path, price: str, *, threshold: float = 1.0) -> Assistant:
    """One that refuses whatever it is asked, over a post with or without a price."""
    (folder / "ferry.md").write_text(POST.format(price=price), encoding="utf-8")
    index.build([folder / "ferry.md"], folder / "index", encoder=WordHashEncoder())
    settings = AskSettings(threshold=threshold)
    return Assistant(folder / "index", encoder=WordHashEncoder(), weights=plain_weights(), settings=settings)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("What is the price of the ferry?", "No sentence near the question gives a price."),
        ("When does the ferry leave?", "No sentence near the question gives a time."),
        ("How many people fit on the ferry?", "No sentence near the question gives a number."),
        ("Why does the ferry stop in winter?", "No sentence near the question gives a reason."),
    ],
)
def test_a_refusal_names_what_no_sentence_gives(tmp_path: Path, question: str, reason: str) -> None:
    answer = assistant_over(tmp_path, "").ask(question)
    assert (answer.level, answer.text) == (Level.REFUSAL, f"The posts do not say. {reason}")


def test_where_a_sentence_gives_a_price_nothing_is_said_to_be_missing(tmp_path: Path) -> None:
    answer = assistant_over(tmp_path, "A return ticket costs 7 crowns.").ask("What is the price of the ferry?")
    assert answer.text == "The posts do not say."


def test_an_answer_gives_no_reason(tmp_path: Path) -> None:
    answer = assistant_over(tmp_path, "", threshold=0.0).ask("Who steers the ferry?")
    assert answer.level is Level.ANSWER
    assert "No sentence" not in answer.text


def test_a_question_for_no_kind_of_value_has_no_reason(tmp_path: Path) -> None:
    assert assistant_over(tmp_path, "").ask("Is the ferry safe?").text == "The posts do not say."


def test_without_passages_there_is_no_reason(tmp_path: Path) -> None:
    assistant = assistant_over(tmp_path, "")
    assert missing_value(assistant._pipeline().understand("Who steers?"), []) is None


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How much does the ferry cost?", "en"),
        ("What is the entry fee?", "en"),
        ("how much is the ticket", "en"),
        ("¿Cuánto cuesta el billete?", "es"),
    ],
)
def test_questions_for_a_price_are_known(question: str, language: str) -> None:
    assert asks_price(question, language)


@pytest.mark.parametrize(
    "question", ["How much rain fell?", "How much time does it take?", "How many tickets are sold?"]
)
def test_other_amounts_are_no_price(question: str) -> None:
    assert not asks_price(question)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("It costs $5 a month.", True),
        ("A ticket is 12 € for adults.", True),
        ("It is free for students.", True),
        ("Members pay 40 crowns.", True),
        ("It took 5 minutes.", False),
        ("Free software is a matter of liberty.", False),
    ],
)
def test_prices_in_a_text_are_found(text: str, holds: bool) -> None:
    assert holds_price(text) is holds
