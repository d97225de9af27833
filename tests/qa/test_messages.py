"""What the product says itself, in the question's language."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.filters import Filters
from qa.answer import Level
from qa.assistant import Assistant
from qa.cli.terminal import shown
from qa.messages import ENGLISH, Messages, messages_in
from qa.question.query import checked_question
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

SPANISH = messages_in("es")
FARO = {
    "id": "faro",
    "title": "El faro de Gull Rock",
    "language": "es",
    "text": "Ingrid Holm construyó el faro en 1874. El guardián vende miel en verano.",
}


def test_a_language_without_messages_gets_english_ones() -> None:
    assert messages_in("es") is SPANISH is not ENGLISH
    assert all(messages_in(code) is ENGLISH for code in ("en", "de", "und", ""))


@pytest.mark.parametrize("field", [one.name for one in fields(Messages)])
def test_every_message_is_there_in_both_languages_with_the_same_places(field: str) -> None:
    english, spanish = getattr(ENGLISH, field), getattr(SPANISH, field)
    if isinstance(english, str):
        assert re.findall(r"{\w+}", english) == re.findall(r"{\w+}", spanish)
        assert bool(english) == bool(spanish)
    elif isinstance(english, dict):
        assert english.keys() == spanish.keys()


def test_a_survey_is_worded_with_the_same_places_in_both_languages() -> None:
    for part, english in ENGLISH.survey.items():
        spanish = SPANISH.survey[part]
        assert len(english) == len(spanish)
        assert [re.findall(r"{\w+}", text) for text in english] == [re.findall(r"{\w+}", text) for text in spanish]


def test_words_for_the_confidence_change_at_the_same_figures_in_both_languages() -> None:
    for level in ENGLISH.confidence_steps:
        english, spanish = (messages.confidence_steps[level] for messages in (ENGLISH, SPANISH))
        assert [least for least, _ in english] == [least for least, _ in spanish]


def test_languages_have_names_and_those_without_are_named_by_their_code() -> None:
    assert SPANISH.named(["en", "de"]) == "alemán e inglés"
    assert ENGLISH.named(["en", "xx"]) == "English and xx"
    assert SPANISH.language("xx") == "otro idioma (xx)"


def test_confidence_is_put_in_words_by_level() -> None:
    assert ENGLISH.confidence_words(0.83, Level.ANSWER) == "fairly sure · 83 %"
    assert ENGLISH.confidence_words(0.04, Level.NEAREST) == "shares the subject at most · 4 % chance of an answer"
    assert SPANISH.confidence_words(0.83, Level.ANSWER) == "bastante segura · 83 %"
    in_spanish = "casi seguro que no está · 1 % de probabilidad de respuesta"
    assert SPANISH.confidence_words(0.01, Level.REFUSAL) == in_spanish


@pytest.mark.parametrize("messages", [ENGLISH, SPANISH])
def test_what_is_quoted_as_the_nearest_is_never_said_not_to_be_there(messages: Messages) -> None:
    of_refusals = {words for _, words in messages.confidence_steps[Level.REFUSAL]}
    assert messages.confidence_steps.keys() == set(Level) - {Level.REPLY}  # a reply has no certainty
    assert of_refusals.isdisjoint(words for _, words in messages.confidence_steps[Level.NEAREST])


def test_a_filter_is_described_in_the_questions_language() -> None:
    filters = Filters(authors=("Mara Quill", "Tomas Reed"), since="2021")
    assert ENGLISH.filtered(filters) == f"Asked only of posts with {filters}."
    assert "autor Mara Quill o Tomas Reed, desde 2021" in SPANISH.filtered(filters)


def test_what_is_wrong_with_a_question_is_said_in_its_language(tmp_path: Path) -> None:
    build_small(tmp_path / "index", [FARO])
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        with pytest.raises(QuestionError, match="la pregunta está vacía") as empty:
            assistant.ask("  …  ")
        assert empty.value.remedy == "Escriba una pregunta."
        with pytest.raises(QuestionError, match="the question is too long"):
            assistant.ask("who built the lighthouse and why " * 100)
        with pytest.raises(QuestionError, match=r"demasiado larga .*3\.") as too_long:
            assistant.ask("¿quién construyó el faro y por qué? " * 100)
        assert "2.000 caracteres" in too_long.value.remedy
    with pytest.raises(QuestionError, match="the question is empty"):
        checked_question("", 10)


def test_a_spanish_answer_is_framed_in_spanish_wherever_it_is_shown(tmp_path: Path) -> None:
    build_small(tmp_path / "index", [FARO])
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights(0.0)) as assistant:
        answer = assistant.ask("¿Quién construyó el faro?")
    assert (answer.answered, answer.language, answer.warnings) == (True, "es", ())
    assert "Ingrid Holm construyó el faro en 1874." in answer.text
    assert "muy segura" in str(answer)
    assert "muy segura" in answer._repr_html_()
    assert "muy segura" in str(shown(answer).renderable)
