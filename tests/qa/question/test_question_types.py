"""What kind of value a question asks for, and whether a text holds one."""

from __future__ import annotations

import pytest

from qa.question.question_types import Kind, asked_noun, asks_author, can_tell, holds_value, kind_of


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


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("¿Cuándo se encendió la lámpara?", Kind.TIME),
        ("¿En qué año abrió?", Kind.TIME),
        ("¿A qué hora sale el barco?", Kind.TIME),
        ("¿Cuántos escalones hay?", Kind.NUMBER),
        ("¿Cuánto cuesta?", Kind.NUMBER),
        ("¿Qué porcentaje de abejas murió?", Kind.NUMBER),
        ("¿Quién lo construyó?", Kind.PERSON),
        ("¿Quiénes lo hicieron?", Kind.PERSON),
        ("¿Dónde atraca el barco?", Kind.PLACE),
        ("¿De dónde sale?", Kind.PLACE),
        ("¿En qué ciudad está?", Kind.PLACE),
        ("¿Por qué se fueron?", Kind.REASON),
        ("¿Cuál fue la causa?", Kind.REASON),
        ("¿Cómo se hace el pan?", Kind.STEPS),
        ("¿Cuáles son los pasos?", Kind.STEPS),
        ("¿Cuáles son las colmenas?", Kind.MEMBERS),
        ("¿Qué barco es el más rápido?", Kind.NAME),
        ("¿Qué hizo la capitana?", Kind.OTHER),
        ("¿Llueve?", Kind.OTHER),
        ("cuando y donde quiera", Kind.TIME),
    ],
)
def test_a_spanish_question_asks_for_a_kind_of_value(question: str, kind: Kind) -> None:
    assert kind_of(question, "es") is kind


@pytest.mark.parametrize(
    ("kind", "text", "holds"),
    [
        (Kind.NUMBER, "Tiene 112 escalones.", True),
        (Kind.NUMBER, "Tiene una docena de escalones.", True),
        (Kind.NUMBER, "Tiene muchos escalones.", False),
        (Kind.TIME, "Abrió en mayo.", True),
        (Kind.TIME, "Dos años después cerró.", True),
        (Kind.TIME, "Abrió tarde.", False),
        (Kind.PERSON, "Lo construyó Íngrid Holm.", True),
        (Kind.PERSON, "Se construyó a mano.", False),
        (Kind.PLACE, "Sale de Puerto Lindar.", True),
        (Kind.PLACE, "Se guarda junto al muelle.", True),
        (Kind.PLACE, "Sale tarde.", False),
        (Kind.REASON, "Se fueron porque llovía.", True),
        (Kind.REASON, "Se fueron.", False),
    ],
)
def test_a_spanish_text_holds_a_value(kind: Kind, text: str, holds: bool) -> None:
    assert holds_value(kind, text, "¿…?", "es") is holds


def test_of_other_languages_only_figures_are_told() -> None:
    assert kind_of("Wann wurde er gebaut?", "de") is Kind.OTHER
    assert holds_value(Kind.TIME, "Er wurde 1874 gebaut.", "¿Cuándo?", "de")
    assert not holds_value(Kind.TIME, "Er wurde im Mai gebaut.", "¿Cuándo?", "de")
    assert not holds_value(Kind.PLACE, "Er steht auf dem Felsen.", "¿Dónde?", "de")
    assert [can_tell(kind, "de") for kind in (Kind.NUMBER, Kind.TIME, Kind.PERSON, Kind.PLACE)] == [
        True,
        True,
        False,
        False,
    ]
    assert all(can_tell(kind, language) for kind in Kind for language in ("en", "es"))


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("¿Quién escribió la entrada sobre las abejas?", True),
        ("¿Quién es el autor del artículo?", True),
        ("¿Quién escribió la constitución?", False),
        ("¿Quién construyó el faro?", False),
    ],
)
def test_a_spanish_question_after_an_author_is_known(question: str, asks: bool) -> None:
    assert asks_author(question, "es") is asks


def test_the_noun_of_a_spanish_question_is_what_follows_which() -> None:
    assert asked_noun("¿Qué barco es el más rápido?", "es") == "barco"
    assert asked_noun("¿Cuál es la capital?", "es") == ""
    assert asked_noun("¿Qué hizo?", "es") == ""
