"""Terms the corpus lacks, and its own nearest spelling."""

from __future__ import annotations

import pytest

from index.search.bm25 import LexicalIndex
from index.settings import LexicalSettings
from qa.question.spelling import corrected_terms, foreign_terms
from tests.stand_ins import lexical_index


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """Four words as they stem: fountain, paraffin, lighthous, rock."""
    return lexical_index(["fountain paraffin", "lighthouse rock"], LexicalSettings())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("paraffin", "paraffin"),
        ("parafin", "paraffin"),
        ("paraffni", "paraffin"),
        ("lighthuos", "lighthous"),
        ("ligthhuos", "lighthous"),
    ],
)
def test_a_slip_is_read_as_the_nearest_word_of_the_corpus(lexical: LexicalIndex, typed: str, meant: str) -> None:
    assert corrected_terms([typed], lexical) == [meant]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        ("rokc", "too short to guess from"),
        ("zebra", "nothing is near"),
        ("mountain", "another first letter"),
        ("para1fin", "not a word of letters"),
        ("prfn", "too far"),
    ],
)
def test_a_term_without_a_near_word_is_kept_because_its_lack_is_evidence(
    lexical: LexicalIndex, term: str, why: str
) -> None:
    assert corrected_terms([term], lexical) == [term], why


def test_terms_keep_their_order_and_two_that_mean_one_become_one(lexical: LexicalIndex) -> None:
    assert corrected_terms(["rock", "parafin", "paraffin", "zebra"], lexical) == ["rock", "paraffin", "zebra"]


SPANISH = "¿Quién estudió las políticas de la institución en Gull Rock en 1874?"


def test_a_foreign_question_is_read_by_both_languages_rules_and_by_the_nearest_spelling() -> None:
    english = lexical_index(["Politics of an institution on Gull Rock, 1874"], LexicalSettings())
    found = foreign_terms(SPANISH, english, "en", "es")
    assert found == ["estudio", "polit", "institut", "gull", "rock", "1874"]
    assert [term for term in found if not english.knows(term)] == ["estudio"]


def test_words_of_function_of_both_languages_are_left_out_of_a_foreign_question(lexical: LexicalIndex) -> None:
    assert foreign_terms("¿Quién es y dónde está?", lexical, "en", "es") == []
    assert foreign_terms("Who is it, and where?", lexical, "es", "en") == []


def test_a_foreign_question_in_a_script_of_its_own_keeps_its_pieces_and_names(lexical: LexicalIndex) -> None:
    found = foreign_terms("谁创立了Paraffin？", lexical, "en", "zh")
    assert [term for term in found if lexical.knows(term)] == ["paraffin"]
    assert "创立" in found
