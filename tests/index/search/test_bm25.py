"""BM25: the share of a question's weight that a chunk holds."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.search.bm25 import LexicalIndex
from index.search.chunk_terms import TermCollector
from index.settings import LexicalSettings
from index.text.tokenize import plain_words, terms
from tests.stand_ins import lexical_index

SETTINGS = LexicalSettings(k1=1.0, b=0.5)
TEXTS = ["Gull, gull, rock", "rock lamp", "lamp"]  # 3, 2 and 1 terms: two on average


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """Three chunks of three words."""
    return lexical_index(TEXTS, SETTINGS)


def _idf(holding: int) -> float:
    """Three chunks weigh terms as ten do."""
    return math.log(1 + Fraction(2 * (10 - holding) + 1, 2 * holding + 1))


def _saturated(count: int, length: int) -> Fraction:
    """`tf / (tf + k1 · (1 - b + b · length / average))` with k1 = 1 and b = 1/2."""
    return Fraction(count) / (count + 1 - Fraction(1, 2) + Fraction(1, 2) * Fraction(length, 2))


def test_the_weight_of_a_term_is_robertsons_idf(lexical: LexicalIndex) -> None:
    gull, rock, whale = (lexical.idf(terms(word)[0]) for word in ("gull", "rock", "whale"))
    assert [gull, rock, whale] == pytest.approx([math.log(22 / 3), math.log(22 / 5), math.log(22)])


def test_shares_agree_with_bm25_worked_out_by_hand(lexical: LexicalIndex) -> None:
    assert (_saturated(2, 3), _saturated(1, 3), _saturated(1, 2)) == (
        Fraction(8, 13),
        Fraction(4, 9),
        Fraction(1, 2),
    )
    total = _idf(1) + _idf(2)
    expected = [
        (_idf(1) * Fraction(8, 13) + _idf(2) * Fraction(4, 9)) / total,
        _idf(2) * Fraction(1, 2) / total,
        0.0,
    ]
    assert lexical.shares(terms("gull rock")).tolist() == pytest.approx(expected, rel=1e-6)


def test_a_term_no_chunk_holds_weighs_on_the_share(lexical: LexicalIndex) -> None:
    with_whale = lexical.shares(terms("rock whale"))
    without = lexical.shares(terms("rock"))
    assert (with_whale[:2] / without[:2]).tolist() == pytest.approx([_idf(2) / (_idf(2) + _idf(0))] * 2)


def test_a_term_asked_twice_counts_once(lexical: LexicalIndex) -> None:
    assert np.array_equal(lexical.shares(["gull", "rock", "rock"]), lexical.shares(["gull", "rock"]))


def test_a_question_of_unknown_or_no_terms_finds_nothing(lexical: LexicalIndex) -> None:
    assert not lexical.shares(["whale"]).any()
    assert not lexical.shares([]).any()


def test_what_it_knows_are_the_stems_of_its_chunks(lexical: LexicalIndex) -> None:
    assert sorted(lexical.vocabulary) == ["gull", "lamp", "rock"]
    assert lexical.knows("gull")
    assert not lexical.knows("whale")


def test_a_saved_index_opens_the_same(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path / "lexical")
    opened = LexicalIndex.load(tmp_path / "lexical")
    assert opened.rows == 3
    assert sorted(opened.vocabulary) == sorted(lexical.vocabulary)
    assert opened.idf("rock") == lexical.idf("rock")
    question = terms("gull rock whale")
    assert np.array_equal(opened.shares(question), lexical.shares(question))


def test_nothing_saved_is_pickled(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} <= {".json", ".npy"}
    for path in files:
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        else:
            path.read_text(encoding="utf-8")


def test_a_chunk_without_terms_keeps_its_row() -> None:
    lexical = lexical_index(["the", "rock", "…"], SETTINGS)
    assert lexical.rows == 3
    assert (lexical.shares(["rock"]) > 0).tolist() == [False, True, False]


def test_an_index_of_chunks_without_terms_finds_nothing() -> None:
    assert lexical_index(["the", "…"], SETTINGS).shares(["rock"]).tolist() == [0.0, 0.0]


VOCABULARY = st.lists(st.sampled_from(["gull", "rock", "lamp", "boat", "pier"]), max_size=12).map(" ".join)


@given(st.lists(VOCABULARY, min_size=1, max_size=8), VOCABULARY)
def test_a_share_lies_between_nothing_and_all(texts: list[str], question: str) -> None:
    lexical = lexical_index(texts, LexicalSettings())
    shares = lexical.shares(terms(question))
    assert shares.shape == (len(texts),)
    assert ((shares >= 0) & (shares <= 1)).all()


MIXED = (("The keepers lit the lamps", "en"), ("Los fareros encendieron las lámparas", "es"), ("灯塔很高", "zh"))


def _mixed() -> LexicalIndex:
    all_terms, all_words = TermCollector(), TermCollector()
    for text, language in MIXED:
        all_terms.add(terms(text, language), language)
        all_words.add(plain_words(text, language), language)
    return LexicalIndex.build(all_terms.finished(), all_words.finished(), SETTINGS)


def test_chunks_of_several_languages_stand_in_one_index(tmp_path: Path) -> None:
    _mixed().save(tmp_path / "lexical")
    lexical = LexicalIndex.load(tmp_path / "lexical")
    assert lexical.languages == ("en", "es", "zh")
    for row, (asked, language) in enumerate((("lamp", "en"), ("lámpara", "es"), ("灯塔", "zh"))):
        shares = lexical.shares(terms(asked, language), language)
        assert np.flatnonzero(shares).tolist() == [row]


def test_a_chunk_shares_nothing_with_a_question_read_by_other_rules() -> None:
    lexical = _mixed()
    spanish = terms("los fareros", "es")
    assert lexical.shares(spanish).any()
    assert not lexical.shares(spanish, "en").any()
    assert not lexical.shares(spanish, "de").any()
