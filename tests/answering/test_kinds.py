"""What kind of value a question asks for, and whether a text holds one."""

from __future__ import annotations

import pytest

from qa.kinds import Kind, asks_author, holds_value, kind_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the lamp lit?", Kind.TIME),
        ("In what year did it open?", Kind.TIME),
        ("How many stairs are there?", Kind.NUMBER),
        ("What percentage of bees died?", Kind.NUMBER),
        ("What was the total cost?", Kind.NUMBER),
        ("Who built it?", Kind.PERSON),
        ("Whose lamp was it?", Kind.PERSON),
        ("Where does the ferry leave?", Kind.PLACE),
        ("Which country is it in?", Kind.PLACE),
        ("Why did they leave?", Kind.REASON),
        ("What was the reason for it?", Kind.REASON),
        ("How do I climb the tower?", Kind.STEPS),
        ("What are the steps?", Kind.STEPS),
        ("List the hives", Kind.MEMBERS),
        ("What are the island's hives?", Kind.OTHER),
        ("Does it rain?", Kind.OTHER),
        ("灯塔", Kind.OTHER),
    ],
)
def test_a_question_asks_for_a_kind_of_value(question: str, kind: Kind) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("kind", "text", "question", "holds"),
    [
        (Kind.NUMBER, "It has 112 stairs.", "How many stairs?", True),
        (Kind.NUMBER, "It has a dozen stairs.", "How many stairs?", True),
        (Kind.NUMBER, "It has many stairs.", "How many stairs?", False),
        (Kind.NUMBER, "In 1874 it had many.", "How many in 1874?", False),
        (Kind.TIME, "It opened in May.", "When did it open?", True),
        (Kind.TIME, "Two years later it closed.", "When did it close?", True),
        (Kind.TIME, "It opened late.", "When did it open?", False),
        (Kind.PERSON, "It was built by Ingrid Holm.", "Who built it?", True),
        (Kind.PERSON, "It was built by hand.", "Who built it?", False),
        (Kind.PERSON, "It is known that Gull Rock stood.", "Who built Gull Rock?", False),
        (Kind.PLACE, "It leaves from Gull Pier.", "Where does it leave?", True),
        (Kind.PLACE, "It leaves late.", "Where does it leave?", False),
        (Kind.REASON, "They left because it rained.", "Why did they leave?", True),
        (Kind.REASON, "They left.", "Why did they leave?", False),
        (Kind.OTHER, "Anything at all, in 1874.", "Does it rain?", False),
    ],
)
def test_a_text_holds_a_value_that_the_question_does_not_state(
    kind: Kind, text: str, question: str, holds: bool
) -> None:
    assert holds_value(kind, text, question) is holds


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("Who wrote the post about bees?", True),
        ("Who is the author of it?", True),
        ("Who are the authors?", True),
        ("Which people published this article?", True),
        ("Who wrote the constitution?", False),
        ("Who built the lighthouse?", False),
    ],
)
def test_a_question_after_an_author_is_known(question: str, asks: bool) -> None:
    assert asks_author(question) is asks
