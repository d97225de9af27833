"""Which language a question is in, and what is said where the posts are in another."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.encoders.languages import languages_of
from index.reader import Index
from qa.assistant import Assistant
from qa.question.language import language_of
from qa.question.query import understand
from tests.stand_ins import POSTS, WordHashEncoder, build_small, plain_weights

FOREIGN = [
    ("¿Quién fundó Sightbit?", "es"),
    ("¿Cuántas cámaras se instalaron en la playa?", "es"),
    ("¿Qué hace el Doctor Who?", "es"),
    ("Wer hat Sightbit gegründet?", "de"),
    ("Wie viele Kameras wurden am Strand installiert?", "de"),
    ("Qui a fondé Sightbit ?", "fr"),
    ("Combien de caméras ont été installées sur la plage ?", "fr"),
    ("Кто основал Sightbit?", "ru"),
    ("Когда был построен маяк?", "ru"),
    ("من بنى المنارة على الصخرة؟", "ar"),
    ("谁创立了 Sightbit？", "zh"),
    ("海滩上安装了多少台摄像机？", "zh"),
    ("灯台はいつ建てられましたか？", "ja"),
    ("등대는 언제 지어졌습니까?", "ko"),
    ("ประภาคารสร้างขึ้นเมื่อใด", "th"),
    ("प्रकाशस्तंभ कब बनाया गया था?", "hi"),
]
ENGLISH = [
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
]
GERMAN = {"id": "turm", "title": "Der Turm", "language": "de", "text": "Ingrid Holm baute den Turm auf dem Felsen."}


@pytest.mark.parametrize("question", ENGLISH)
def test_an_english_question_of_an_english_corpus_is_english(question: str) -> None:
    assert language_of(question, ("en",)) == "en"


@pytest.mark.parametrize(("question", "code"), FOREIGN)
def test_a_foreign_question_is_told_by_its_script_or_its_words(question: str, code: str) -> None:
    assert language_of(question, ("en",)) == code


@pytest.mark.parametrize(("question", "code"), FOREIGN)
def test_a_question_in_a_language_of_the_posts_is_in_that_one(question: str, code: str) -> None:
    assert language_of(question, (code,)) == code
    assert language_of(question, ("en", code)) == code
    assert language_of("Who built the lighthouse on the rock?", ("en", code)) == "en"


@pytest.mark.parametrize("question", ["Who built the lighthouse on the rock?", "What is DECnet?", "How is it funded?"])
def test_an_english_question_of_a_spanish_corpus_is_english(question: str) -> None:
    assert language_of(question, ("es",)) == "en"


@pytest.mark.parametrize("question", ["Sightbit", "1874", "Marina Iriarte", "Где?"])
def test_in_doubt_a_question_is_in_the_posts_language(question: str) -> None:
    assert language_of(question, ("ru",)) == "ru"


def test_a_corpus_of_unknown_language_is_taken_as_english() -> None:
    assert language_of("Who founded Sightbit?", ("und",)) == "en"
    assert language_of("lifeguard cameras", ("und",)) == "en"


@pytest.mark.parametrize(
    ("encoder", "language", "can"),
    [
        ("all-MiniLM-L6-v2", "en", True),
        ("all-MiniLM-L6-v2", "es", False),
        ("multilingual", "es", True),
        ("multilingual-e5-small", "zh", True),
        ("word-hash", "en", True),
    ],
)
def test_an_encoder_reads_english_alone_unless_its_name_says_otherwise(encoder: str, language: str, can: bool) -> None:
    assert (language in languages_of(encoder)) is can


def test_the_warning_names_both_languages_and_stands_where_the_answer_is_printed(small_index: Path) -> None:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        assert assistant.ask("Who built the lighthouse?").warnings == ()
        answer = assistant.ask("Wer hat den Leuchtturm gebaut?")
    (warning,) = answer.warnings
    assert warning.startswith("The question seems to be in German; the posts are in English.")
    assert f"note: {warning}" in str(answer)
    assert warning in answer._repr_html_()


def test_a_spanish_question_is_warned_and_refused_in_spanish(small_index: Path) -> None:
    with Assistant(small_index, encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        answer = assistant.ask("¿Quién pintó el techo de la capilla?")
    assert (answer.language, answer.text) == ("es", "Las publicaciones no lo dicen.")
    (warning,) = answer.warnings
    assert warning.startswith("La pregunta parece estar en español; las publicaciones están en inglés.")
    printed = str(answer)
    assert f"nota: {warning}" in printed
    assert "de probabilidad de respuesta" in printed


def test_the_languages_are_those_of_the_posts(tmp_path: Path) -> None:
    build_small(tmp_path / "index", [*POSTS, GERMAN])
    with Assistant(tmp_path / "index", encoder=WordHashEncoder(), weights=plain_weights()) as assistant:
        assert assistant.ask("Wer hat den Leuchtturm gebaut?").warnings == ()
        assert "están en alemán e inglés" in assistant.ask("¿Quién construyó el faro?").warnings[0]


def test_a_multilingual_encoder_gives_no_warning_but_says_in_which_language_it_quotes(tmp_path: Path) -> None:
    encoder = WordHashEncoder(name="multilingual")
    build_small(tmp_path / "index", encoder=encoder)
    weights = plain_weights(threshold=0.0)
    with Assistant(tmp_path / "index", encoder=encoder, weights=weights) as assistant:
        answer = assistant.ask("¿Quién construyó el faro Gull Rock?")
        assert answer.warnings == (
            "Las publicaciones que responden están en inglés; se citan tal como están escritas.",
        )
        assert assistant.ask("Wer baute Gull Rock?").warnings[0].startswith("The posts that answer are in English")
        assert assistant.ask("Who built Gull Rock?").warnings == ()


def test_a_refusal_of_a_multilingual_encoder_has_nothing_quoted_to_tell_of(tmp_path: Path) -> None:
    encoder = WordHashEncoder(name="multilingual")
    build_small(tmp_path / "index", encoder=encoder)
    with Assistant(tmp_path / "index", encoder=encoder, weights=plain_weights(threshold=1.0)) as assistant:
        assert assistant.ask("¿Quién construyó el faro Gull Rock?").warnings == ()


def test_a_question_is_read_for_every_language_of_the_posts(tmp_path: Path) -> None:
    spanish = {"id": "faro", "title": "El faro", "language": "es", "text": "Los guardianes encendían las lámparas."}
    build_small(tmp_path / "index", [*POSTS, spanish, GERMAN])
    opened = Index.open(tmp_path / "index")
    query = understand("¿Quién era el guardián de Gull Rock?", WordHashEncoder(), opened.terms)
    assert (query.language, query.is_foreign) == ("es", False)
    assert set(query.terms) == {"en", "es", "de"}
    assert opened.terms.knows(next(iter(query.terms_in("es").weights)))
    assert {"gull", "rock"} <= query.terms_in("en").names
    assert query.terms_in("und") is query.terms_in("en")
    assert [query.is_foreign_to(one) for one in ("es", "en", "und")] == [False, True, False]
    assert understand("Qui est le gardien ?", WordHashEncoder(), opened.terms).is_foreign
    opened.close()
