"""What kind of value a question asks for, and whether a text holds one."""

from __future__ import annotations

import pytest

from qa.question.question_types import QuestionType, asked_noun, asks_author, holds_value, question_type, recognises


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the lamp lit?", QuestionType.TIME),
        ("In what year did it open?", QuestionType.TIME),
        ("How many stairs are there?", QuestionType.NUMBER),
        ("What percentage of bees died?", QuestionType.NUMBER),
        ("What was the total cost?", QuestionType.NUMBER),
        ("Who built it?", QuestionType.PERSON),
        ("Whose lamp was it?", QuestionType.PERSON),
        ("Where does the ferry leave?", QuestionType.PLACE),
        ("Which country is it in?", QuestionType.PLACE),
        ("Why did they leave?", QuestionType.REASON),
        ("What was the reason for it?", QuestionType.REASON),
        ("How do I climb the tower?", QuestionType.STEPS),
        ("What are the steps?", QuestionType.STEPS),
        ("List the hives", QuestionType.MEMBERS),
        ("What are the island's hives?", QuestionType.OTHER),
        ("Does it rain?", QuestionType.OTHER),
        ("灯塔", QuestionType.OTHER),
    ],
)
def test_a_question_asks_for_a_type_of_value(question: str, kind: QuestionType) -> None:
    assert question_type(question) is kind


@pytest.mark.parametrize(
    ("kind", "text", "question", "holds"),
    [
        (QuestionType.NUMBER, "It has 112 stairs.", "How many stairs?", True),
        (QuestionType.NUMBER, "It has a dozen stairs.", "How many stairs?", True),
        (QuestionType.NUMBER, "It has many stairs.", "How many stairs?", False),
        (QuestionType.NUMBER, "In 1874 it had many.", "How many in 1874?", False),
        (QuestionType.TIME, "It opened in May.", "When did it open?", True),
        (QuestionType.TIME, "Two years later it closed.", "When did it close?", True),
        (QuestionType.TIME, "It opened late.", "When did it open?", False),
        (QuestionType.PERSON, "It was built by Ingrid Holm.", "Who built it?", True),
        (QuestionType.PERSON, "It was built by hand.", "Who built it?", False),
        (QuestionType.PERSON, "It is known that Gull Rock stood.", "Who built Gull Rock?", False),
        (QuestionType.PLACE, "It leaves from Gull Pier.", "Where does it leave?", True),
        (QuestionType.PLACE, "It leaves late.", "Where does it leave?", False),
        (QuestionType.REASON, "They left because it rained.", "Why did they leave?", True),
        (QuestionType.REASON, "They left.", "Why did they leave?", False),
        (QuestionType.OTHER, "Anything at all, in 1874.", "Does it rain?", False),
    ],
)
def test_a_text_holds_a_value_that_the_question_does_not_state(
    kind: QuestionType, text: str, question: str, holds: bool
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
        ("¿Cuándo se encendió la lámpara?", QuestionType.TIME),
        ("¿En qué año abrió?", QuestionType.TIME),
        ("¿A qué hora sale el barco?", QuestionType.TIME),
        ("¿Cuántos escalones hay?", QuestionType.NUMBER),
        ("¿Cuánto cuesta?", QuestionType.NUMBER),
        ("¿Qué porcentaje de abejas murió?", QuestionType.NUMBER),
        ("¿Quién lo construyó?", QuestionType.PERSON),
        ("¿Quiénes lo hicieron?", QuestionType.PERSON),
        ("¿Dónde atraca el barco?", QuestionType.PLACE),
        ("¿De dónde sale?", QuestionType.PLACE),
        ("¿En qué ciudad está?", QuestionType.PLACE),
        ("¿Por qué se fueron?", QuestionType.REASON),
        ("¿Cuál fue la causa?", QuestionType.REASON),
        ("¿Cómo se hace el pan?", QuestionType.STEPS),
        ("¿Cuáles son los pasos?", QuestionType.STEPS),
        ("¿Cuáles son las colmenas?", QuestionType.MEMBERS),
        ("¿Qué barco es el más rápido?", QuestionType.NAME),
        ("¿Qué hizo la capitana?", QuestionType.OTHER),
        ("¿Llueve?", QuestionType.OTHER),
        ("cuando y donde quiera", QuestionType.TIME),
    ],
)
def test_a_spanish_question_asks_for_a_type_of_value(question: str, kind: QuestionType) -> None:
    assert question_type(question, "es") is kind


@pytest.mark.parametrize(
    ("kind", "text", "holds"),
    [
        (QuestionType.NUMBER, "Tiene 112 escalones.", True),
        (QuestionType.NUMBER, "Tiene una docena de escalones.", True),
        (QuestionType.NUMBER, "Tiene muchos escalones.", False),
        (QuestionType.TIME, "Abrió en mayo.", True),
        (QuestionType.TIME, "Dos años después cerró.", True),
        (QuestionType.TIME, "Abrió tarde.", False),
        (QuestionType.PERSON, "Lo construyó Íngrid Holm.", True),
        (QuestionType.PERSON, "Se construyó a mano.", False),
        (QuestionType.PLACE, "Sale de Puerto Lindar.", True),
        (QuestionType.PLACE, "Se guarda junto al muelle.", True),
        (QuestionType.PLACE, "Sale tarde.", False),
        (QuestionType.REASON, "Se fueron porque llovía.", True),
        (QuestionType.REASON, "Se fueron.", False),
    ],
)
def test_a_spanish_text_holds_a_value(kind: QuestionType, text: str, holds: bool) -> None:
    assert holds_value(kind, text, "¿…?", "es") is holds


def test_of_other_languages_only_figures_are_told() -> None:
    assert question_type("Wann wurde er gebaut?", "de") is QuestionType.OTHER
    assert holds_value(QuestionType.TIME, "Er wurde 1874 gebaut.", "¿Cuándo?", "de")
    assert not holds_value(QuestionType.TIME, "Er wurde im Mai gebaut.", "¿Cuándo?", "de")
    assert not holds_value(QuestionType.PLACE, "Er steht auf dem Felsen.", "¿Dónde?", "de")
    assert [
        recognises(kind, "de")
        for kind in (QuestionType.NUMBER, QuestionType.TIME, QuestionType.PERSON, QuestionType.PLACE)
    ] == [
        True,
        True,
        False,
        False,
    ]
    assert all(recognises(kind, language) for kind in QuestionType for language in ("en", "es"))


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
