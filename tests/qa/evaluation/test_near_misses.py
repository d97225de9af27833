"""Near misses that are proposed: close to the posts, unanswerable as far as a rule can tell, and marked as such."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from index.records import Post
from qa.evaluation.gold import GoldQuestion
from qa.evaluation.near_misses import near_misses


def _proposed(make: SimpleNamespace, *questions: str, posts: tuple[Post, ...] = (), limit: int = 10) -> list[str]:
    asked: list[GoldQuestion] = [make.gold(id=f"g{number}", question=text) for number, text in enumerate(questions)]
    return [question.question for question in near_misses(asked, posts, limit)]


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Where was Brinewatch founded?", "How many people worked at Brinewatch when it was founded?"),
        ("When did Junco set up its office?", "Why did Junco set up its office?"),
        ("How many parameters does Heron have?", "How many parameters did Heron have at first?"),
        ("Who is Noor El-Khatib?", "Where was Noor El-Khatib born?"),
        ("What is Heron?", "How much does Heron cost?"),
        ("Who wrote the post “A keeper”?", "Who translated the post “A keeper”?"),
    ],
)
def test_another_attribute_of_the_same_subject_is_asked_for(make: SimpleNamespace, question: str, other: str) -> None:
    assert _proposed(make, question) == [other]


def test_the_same_is_asked_of_another_subject_unless_a_post_says_it(make: SimpleNamespace, boat: Post) -> None:
    questions = "When was Brinewatch founded?", "How many boats does the Junco have?"
    assert "When was the Junco founded?" in _proposed(make, *questions)
    said = boat.model_copy(update={"body": "It is long ago.\nJunco was founded in 1990."})
    assert "When was the Junco founded?" not in _proposed(make, *questions, posts=(said,))


def test_what_is_asked_already_is_not_proposed(make: SimpleNamespace) -> None:
    assert _proposed(make, "Where is A1 based?", "Where was A1 based before?") == []


def test_proposals_are_marked_as_unanswerable_near_misses_up_to_the_limit(make: SimpleNamespace) -> None:
    asked = [make.gold(id=name, question=f"What is {name}?") for name in ("A1", "B2", "C3")]
    proposed = near_misses(asked, (), 2)
    assert [(one.id, one.answerable, one.kind, one.posts) for one in proposed] == [
        ("n001", False, "near-miss", ()),
        ("n002", False, "near-miss", ()),
    ]
