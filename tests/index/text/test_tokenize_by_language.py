"""Terms by the rules of the language a post is written in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.scripts import ngrams
from index.text.stemming import language_rules, term_language
from index.text.stop_words import stop_words
from index.text.tokenize import folded, terms, words

# Of each language two texts that a reader takes for the same, and one that is something else.
ALIKE = [
    ("es", "las estaciones nuevas", "¿Cuál es la nueva estación?", "las estanterías nuevas"),
    ("es", "la investigación", "las investigaciones", "las invitaciones"),
    ("es", "doce casas", "12 casas", "dos casas"),
    ("es", "1.250 euros", "1250 euros", "1.205 euros"),
    ("pt", "as escolas públicas", "a escola pública", "as escadas públicas"),
    ("fr", "l’île d'Oléron", "Oléron, une île", "l'aile d'Oléron"),
    ("it", "dell'isola", "le isole", "dell'asilo"),
    ("de", "die Häuser auf den Straßen", "das Haus an der Strasse", "die Hauben auf den Strassen"),
    ("nl", "de huizen", "het huizen", "de huiden"),
    ("ru", "новые маяки", "новый маяк", "новые майки"),
    ("ru", "ёлки", "елка", "иголки"),
    ("ar", "المَدْرَسَةُ", "مدرسة", "المكتبة"),
    ("ar", "أحمد ١٩٧٤", "احمد 1974", "محمد ١٩٧٤"),
    ("hi", "लड़कियों की किताबें", "लड़की की किताब", "लड़कों की किताबें और कलम"),
    ("ko", "서울에서 등대를", "서울은 등대가", "서울에서 등불을"),
    ("zh", "灯塔的高度", "高度是多少？灯塔", "灯塔的温度"),
    ("ja", "灯台の高さ", "灯台は高い", "灯台の長さ"),
    ("th", "ประภาคาร", "ประภาคารของใคร", "ประชาชน"),
    ("tr", "İstanbul'un ışıkları", "ISTANBUL'UN IŞIKLARI".replace("I", "İ", 1), "İstanbul'un aşıkları"),
    ("el", "οι φάροι", "ο φάρος", "οι φόροι"),
]


@pytest.mark.parametrize(("language", "text", "alike", "other"), ALIKE)
def test_forms_of_a_word_share_their_terms(language: str, text: str, alike: str, other: str) -> None:
    assert set(terms(text, language)) == set(terms(alike, language))
    assert set(terms(text, language)) != set(terms(other, language))


@pytest.mark.parametrize(("language", "text", "alike", "other"), ALIKE)
def test_accents_typed_as_marks_of_their_own_make_no_other_term(
    language: str, text: str, alike: str, other: str
) -> None:
    for one in (text, alike, other):
        assert terms(unicodedata.normalize("NFD", one), language) == terms(one, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("¿Quién es? ¿Cuándo? ¿Dónde y por qué?", "es"),
        ("Wer ist das und warum?", "de"),
        ("Qui est-ce ? Où et pourquoi ?", "fr"),
        ("Кто это и почему?", "ru"),
        ("من هو؟ متى وأين", "xx"),
    ],
)
def test_a_question_of_function_words_asks_for_nothing(question: str, language: str) -> None:
    if language == "xx":  # a language without a list keeps all its words
        assert terms(question, language)
    else:
        assert terms(question, language) == []


def test_words_of_scripts_with_marks_are_not_cut_at_them() -> None:
    assert words("प्रकाशस्तंभ कब बना") == ["प्रकाशस्तंभ", "कब", "बना"]
    assert words("بُنِيَ المنارة") == ["بُنِيَ", "المنارة"]
    assert words("谁创立了Sightbit？") == ["谁创立了", "Sightbit"]
    assert words("ที่นี่ 1874") == ["ที่นี่", "1874"]


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("Йод", "йод"),
        ("ЁЛКА", "елка"),
        ("Їжак", "їжак"),
        ("ў", "ў"),
        ("Σίσυφος", "σισυφοσ"),
        ("서울", "서울"),
        ("が", "が"),
        ("हिन्दी", "हिन्दी"),
        ("ที่", "ที่"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("שָׁלוֹם", "שלום"),
        ("١٩٧٤", "1974"),
    ],
)
def test_folding_leaves_what_makes_another_letter(word: str, plain: str) -> None:
    assert folded(word) == plain
    assert folded(unicodedata.normalize("NFD", word)) == plain


def test_scripts_without_spaces_are_searched_by_ngrams_in_posts_of_any_language() -> None:
    assert terms("灯塔很高", "zh") == ["灯塔", "塔很", "很高"]
    assert terms("What does 你好世界 mean?") == ["你好", "好世", "世界", "mean"]
    assert terms("BM25是一种算法", "zh") == ["bm25", "一种", "种算", "算法"]
    assert terms("りんごのデータ", "ja") == ["デー", "ータ"]
    assert list(ngrams("ประภาคาร", "th")) == ["ประ", "ระภ", "ะภา", "ภาค", "าคา", "คาร"]
    assert list(ngrams("大", "zh")) == ["大"]


def test_a_language_without_rules_is_read_by_english_ones() -> None:
    assert term_language("sw") == term_language("und") == term_language("pcm") == "en"
    assert terms("The keepers were lighting lamps", "und") == terms("The keepers were lighting lamps")


def test_a_question_in_another_language_leaves_out_its_own_stop_words() -> None:
    asked = "¿Cuándo y por qué fundó Ingrid Holm Sightbit en 2018?"
    assert terms(asked, "en", "es") == ["fundo", "ingrid", "holm", "sightbit", "2018"]
    assert terms("Who founded Sightbit in 2018?", "es", "en") == terms("founded Sightbit 2018", "es")


def test_marks_tell_vietnamese_words_apart() -> None:
    assert terms("má mà", "vi")[0] == "má"
    assert len(set(terms("hồ hộ hố", "vi"))) == 3


@pytest.mark.parametrize("language", ["es", "de", "fr", "ru", "ar", "hi", "ko", "vi", "en"])
def test_stop_words_are_in_the_form_that_words_are_looked_up_in(language: str) -> None:
    found = stop_words(language)
    assert found
    assert {language_rules(language).lower(word) for word in found} <= found


@given(st.text(), st.sampled_from(["en", "es", "de", "ru", "ar", "zh", "ja", "th", "ko", "hi", "tr", "vi", "xx"]))
def test_no_text_of_any_language_makes_an_empty_term(text: str, language: str) -> None:
    found = terms(text, language)
    assert all(found)
    assert found == terms(text, language)
