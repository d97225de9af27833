"""Terms the corpus lacks, and its own nearest spelling."""

from __future__ import annotations

import pytest

from index.lexical import LexicalIndex
from index.settings import LexicalSettings
from qa.spelling import corrected_terms


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """Four words as they stem: fountain, paraffin, lighthous, rock."""
    return LexicalIndex.build(["fountain paraffin", "lighthouse rock"], LexicalSettings())


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
