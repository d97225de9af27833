"""Questions that lean on the ones before them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.records import Post
from qa.answer import Answer
from qa.assistant import Assistant
from qa.question.followup import Turn, standalone
from qa.records import Citation, Segment
from tests.stand_ins import WordHashEncoder, plain_weights

FOUNDED = "Who founded Sightbit?"
STEPS = "To climb the tower, do the following:\n\n1. Buy a ticket.\n2. Take the noon ferry.\n3. Climb the stairs."


@pytest.fixture
def assistant(small_index: Path) -> Iterator[Assistant]:
    """An assistant over the small index."""
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as made:
        yield made


def _answer(question: str, *quotes: str) -> Answer:
    posts = [Post(id=f"p{number}", title="A post", body=quote) for number, quote in enumerate(quotes)]
    citations = tuple(
        Citation(marker=f"[{number}]", quote=post.body, start=0, end=len(post.body), post=post)
        for number, post in enumerate(posts, 1)
    )
    return Answer(
        question=question,
        question_as_understood=question,
        segments=(Segment(" ".join(quotes)),),
        answered=bool(quotes),
        confidence=0.9,
        citations=citations,
    )


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("And who funded it?", "And who funded Sightbit?"),
        ("When was it founded?", "When was Sightbit founded?"),
        ("Where are they based?", "Where are Sightbit based?"),
        ("How do I install that?", "How do I install Sightbit?"),
        ("Who are its investors?", "Who are Sightbit’s investors?"),
        ("What does their CEO say?", "What does Sightbit’s CEO say?"),
        ("Did Cisco fund it?", "Did Cisco fund Sightbit?"),
    ],
)
def test_a_pronoun_stands_for_the_subject_of_the_question_before(question: str, understood: str) -> None:
    assert standalone(question, [FOUNDED]) == understood


@pytest.mark.parametrize(
    ("before", "understood"),
    [
        ("When does the ferry leave?", "How old is the ferry?"),
        ("What does the keeper sell in summer?", "How old is the keeper?"),
        ("Who steers the harbour ferry?", "How old is the harbour ferry?"),
        ("what is hybrid search", "How old is the hybrid search?"),
    ],
)
def test_a_subject_without_a_name_is_the_thing_and_not_its_verb(before: str, understood: str) -> None:
    assert standalone("How old is it?", [before]) == understood


@pytest.mark.parametrize("question", ["what about Cisco?", "How about Cisco?", "And Cisco?"])
def test_another_thing_is_asked_the_same(question: str) -> None:
    assert standalone(question, [FOUNDED]) == "Who founded Cisco?"


def test_another_year_takes_the_place_of_the_first() -> None:
    before = "How many cameras did Brinewatch use in 2023?"
    assert standalone("And in 2024?", [before]) == "How many cameras did Brinewatch use in 2024?"


@pytest.mark.parametrize(
    ("asked", "item"), [("the second one", "Take the noon ferry"), ("the last step", "Climb the stairs")]
)
def test_an_item_of_the_list_quoted_before_is_named(asked: str, item: str) -> None:
    history = [_answer("How do I climb the tower?", STEPS)]
    understood = standalone(f"How long is {asked}?", history)
    assert understood == f"How long is “{item}”? (How do I climb the tower?)"


def test_without_a_list_the_quotes_are_the_items() -> None:
    history = [_answer("Who wrecked?", "A brig.", "A whaler.")]
    assert "“A whaler.”" in standalone("When did the second one sink?", history)


def test_an_item_that_was_not_listed_is_not_made_up() -> None:
    history = [_answer("How do I climb the tower?", STEPS)]
    assert standalone("How long is the sixth step?", history) == "How long is the sixth step?"


@pytest.mark.parametrize(
    "question",
    [
        "How does the Jetson AGX work?",
        "What is Kubeflow and how do I install it?",
        "Is it true that Kubeflow runs on Kubernetes?",
        "Does Kubeflow say that models are portable?",
        "Who made the camera that sees swimmers?",
        "How does Kubeflow run its pipelines?",
        "What has Sightbit learned since it was founded?",
        "Why?",
    ],
)
def test_a_question_with_its_own_subject_is_left_alone(question: str) -> None:
    assert standalone(question, [FOUNDED]) == question


@pytest.mark.parametrize("question", ["And who funded it?", "what about Cisco?", "How long is the second one?"])
def test_without_a_history_nothing_is_changed(question: str) -> None:
    assert standalone(question, []) == question


def test_the_last_turn_counts_and_as_it_was_understood() -> None:
    understood = standalone("And who funded it?", [FOUNDED])
    turns: list[Turn] = [FOUNDED, _answer(understood, "Cisco did.")]
    assert standalone("When was it founded?", turns) == "When was Sightbit founded?"
    assert standalone("When was it founded?", [*turns, "What is Kubeflow?"]) == "When was Kubeflow founded?"


def test_an_assistant_says_how_it_understood_a_follow_up(assistant: Assistant) -> None:
    first = assistant.ask("Who has steered the ferry?")
    second = assistant.ask("When does it leave?", history=[first])
    assert second.question == "When does it leave?"
    assert second.question_as_understood == "When does the ferry leave?"
    assert second.citations[0].quote.startswith("The ferry leaves the pier at noon.")
    assert assistant.ask("When does it leave?").question_as_understood == "When does it leave?"


def test_an_assistant_takes_plain_questions_as_history(assistant: Assistant) -> None:
    answer = assistant.ask("And who built it?", history=["How tall is Gull Rock?"])
    assert answer.question_as_understood == "And who built Gull Rock?"
    assert answer.citations[0].post.id == "lighthouse"


def test_an_assistant_finds_the_item_of_its_own_list(assistant: Assistant) -> None:
    steps = assistant.ask("How do I climb the tower?")
    answer = assistant.ask("What about the second one?", history=[steps])
    assert "“Take the noon ferry”" in answer.question_as_understood
