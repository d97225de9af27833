"""Words that the posts lack, and the posts' own spelling of them."""

from __future__ import annotations

import pytest

from index.search.bm25 import LexicalIndex
from index.settings import LexicalSettings
from qa.question.spelling import corpus_terms, corrected_question, foreign_terms
from tests.stand_ins import lexical_index


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """Four words as they stem: fountain, paraffin, lighthous, rock."""
    return lexical_index(["fountain paraffin", "the lighthouses of rock"], LexicalSettings())


def letters(word: str) -> int:
    """Pieces of an encoder that knows no word."""
    return len(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paraffin", "paraffin"),
        ("parafin", "paraffin"),
        ("paraffni", "paraffin"),
        ("araffin", "paraffin"),
        ("apraffin", "paraffin"),
        ("lighthuoses", "lighthouses"),
        ("lightowses", "lighthouses"),
        ("rokc", "rock"),
        ("lighthouse", "lighthouse"),
        ("hte", "the"),
        ("whree", "where"),
    ],
)
def test_a_slip_is_read_as_the_nearest_word_of_the_posts_or_function_word(
    lexical: LexicalIndex, typed: str, meant: str
) -> None:
    assert corrected_question(f"is {typed}?", letters, lexical) == f"is {meant}?"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("rk", "too short to guess from"),
        ("zebra", "nothing is near"),
        ("mountain", "another first letter"),
        ("rack", "in a short word another letter makes another word"),
        ("para1fin", "not a word of letters"),
        ("prfn", "too far"),
        ("ROC", "an acronym"),
        ("灯塔灯塔", "searched by its pieces"),
    ],
)
def test_a_word_without_a_near_one_is_kept_because_its_lack_is_evidence(
    lexical: LexicalIndex, word: str, why: str
) -> None:
    assert corrected_question(word, letters, lexical) == word, why


@pytest.mark.parametrize(("pieces", "read"), [(1, "rok lighthuose"), (2, "rock lighthuose"), (3, "rock lighthouses")])
def test_what_the_encoder_reads_in_few_pieces_may_be_a_word_of_its_own(
    lexical: LexicalIndex, pieces: int, read: str
) -> None:
    assert corrected_question("rok lighthuose", lambda _: pieces, lexical) == read


def test_only_whole_words_are_replaced_and_capitals_stay_where_they_are(lexical: LexicalIndex) -> None:
    assert corrected_question("Rokc, rokcet! LIGHTHUOSES UserGuide?", letters, lexical) == (
        "Rock, rokcet! LIGHTHOUSES UserGuide?"
    )


def test_the_commonest_of_equally_near_words_is_meant() -> None:
    posts = lexical_index(["the cart", "the card", "a card"], LexicalSettings())
    assert corrected_question("caard", letters, posts) == "card"
    assert corrected_question("cartd", letters, posts) == "card"


def test_words_of_any_script_with_letters_are_corrected() -> None:
    posts = lexical_index(["маяк на скале", "हिन्दी भाषा"], LexicalSettings())
    assert corrected_question("мяак हिन्द", letters, posts) == "маяк हिन्दी"


def test_terms_are_joined_and_split_as_the_posts_write_them(lexical: LexicalIndex) -> None:
    assert corpus_terms(["fountain", "parafin", "light", "hous", "rock"], lexical) == [
        *("fountain", "parafin", "lighthous", "light", "hous", "rock")
    ]
    assert corpus_terms(["fountainrock", "rock"], lexical) == ["fountain", "rock"]


SPANISH = "¿Quién estudió las políticas de la institución en Gull Rock en 1874?"


def test_a_foreign_question_is_read_by_both_languages_rules() -> None:
    english = lexical_index(["Politics of an institution on Gull Rock, 1874"], LexicalSettings())
    found = foreign_terms(SPANISH, english, "en", "es")
    assert found == ["estudio", "polit", "institucion", "gull", "rock", "1874"]
    assert [term for term in found if not english.knows(term)] == ["estudio", "institucion"]


def test_words_of_function_of_both_languages_are_left_out_of_a_foreign_question(lexical: LexicalIndex) -> None:
    assert foreign_terms("¿Quién es y dónde está?", lexical, "en", "es") == []
    assert foreign_terms("Who is it, and where?", lexical, "es", "en") == []


def test_a_foreign_question_in_a_script_of_its_own_keeps_its_pieces_and_names(lexical: LexicalIndex) -> None:
    found = foreign_terms("谁创立了Paraffin？", lexical, "en", "zh")
    assert [term for term in found if lexical.knows(term)] == ["paraffin"]
    assert "创立" in found
