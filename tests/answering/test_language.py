"""Questions in a language that the corpus does not speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.language import language_warning
from qa.render import answer_html, answer_text
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

FOREIGN = [
    ("¿Quién fundó Sightbit?", "Spanish", "es"),
    ("¿Cuántas cámaras se instalaron en la playa?", "Spanish", "es"),
    ("Wer hat Sightbit gegründet?", "German", "de"),
    ("Wie viele Kameras wurden am Strand installiert?", "German", "de"),
    ("Qui a fondé Sightbit ?", "French", "fr"),
    ("Combien de caméras ont été installées sur la plage ?", "French", "fr"),
    ("Кто основал Sightbit?", "Russian", "ru"),
    ("Когда был построен маяк?", "Russian", "ru"),
    ("谁创立了 Sightbit？", "Chinese", "zh"),
    ("海滩上安装了多少台摄像机？", "Chinese", "zh"),
]


@pytest.mark.parametrize(
    "question",
    [
        "Who founded Sightbit?",
        "How many cameras did the lifeguards install on the beach?",
        "Why?",
        "hi",
        "1874",
        "BM25",
        "Sightbit",
        "Sightbit founders",
        "lifeguard cameras",
        "Jetson AGX Xavier",
        "Kubeflow hybrid cloud pipeline",
        "transformer encoder decoder attention",
        "multilingual sentence embeddings Google",
        "junco grants 2025 winners",
        "Netanel Eliav Adam Bismut Gadi Kovler",
        "What does 你好 mean?",
        "Who is Núñez of the Université Laval?",
        "…",
    ],
)
def test_an_english_question_of_an_english_corpus_is_not_warned(question: str) -> None:
    assert language_warning(question, ["en"]) is None


@pytest.mark.parametrize(("question", "name", "code"), FOREIGN)
def test_a_warning_names_both_languages(question: str, name: str, code: str) -> None:
    warning = language_warning(question, ["en"])
    assert warning is not None
    assert f"The question seems to be in {name}; the posts are in English." in warning
    assert code not in warning.split()


@pytest.mark.parametrize(("question", "name", "code"), FOREIGN)
def test_a_corpus_in_the_questions_language_gives_no_warning(question: str, name: str, code: str) -> None:
    assert language_warning(question, [code]) is None, name
    assert language_warning(question, ["en", code]) is None, name


def test_an_english_question_of_a_spanish_corpus_is_warned() -> None:
    warning = language_warning("Who built the lighthouse on the rock?", ["es"])
    assert warning is not None
    assert "in English; the posts are in Spanish" in warning


def test_a_short_question_of_a_russian_corpus_is_not_warned() -> None:
    assert language_warning("Где?", ["ru"]) is None


def test_a_corpus_of_unknown_language_is_taken_as_english() -> None:
    assert language_warning("Who founded Sightbit?", ["und"]) is None
    assert "the posts are in English" in str(language_warning("¿Quién fundó Sightbit?", ["und"]))


def test_the_warning_stands_in_the_answer_and_where_it_is_printed(small_index: Path) -> None:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        assert assistant.ask("Who built the lighthouse?").warnings == ()
        answer = assistant.ask("Wer hat den Leuchtturm gebaut?")
    assert len(answer.warnings) == 1
    assert "German" in answer.warnings[0]
    assert f"note: {answer.warnings[0]}" in answer_text(answer)
    assert answer.warnings[0] in answer_html(answer)


def test_the_languages_are_those_of_the_posts(tmp_path: Path) -> None:
    german = {"id": "turm", "title": "Der Turm", "language": "de", "text": "Ingrid Holm baute den Turm auf dem Felsen."}
    build_small(tmp_path / "index", [*POSTS, german])
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        assert assistant.ask("Wer hat den Leuchtturm gebaut?").warnings == ()
        assert "the posts are in English and German" in assistant.ask("¿Quién construyó el faro?").warnings[0]
