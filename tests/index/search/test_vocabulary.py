"""The mapped vocabulary, and BM25 over it against a library's."""

from __future__ import annotations

from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from index.search.chunk_terms import ChunkTerms, TermCollector
from index.search.vocabulary import Vocabulary
from index.settings import LexicalSettings
from index.text.tokenize import terms as terms_of
from tests.stand_ins import lexical_index

TERMS = st.sets(st.text(min_size=1, max_size=6), max_size=30)


@given(TERMS, st.text(min_size=1, max_size=6))
def test_a_term_is_found_where_it_stands_and_no_other(terms: set[str], other: str) -> None:
    vocabulary = Vocabulary.of(terms)
    assert {term: vocabulary.find(term) for term in terms} == {term: at for at, term in enumerate(vocabulary)}
    assert (vocabulary.find(other) is None) == (other not in terms)


@given(TERMS, st.text(min_size=1, max_size=2))
def test_the_terms_with_a_beginning_are_all_found(terms: set[str], prefix: str) -> None:
    assert set(Vocabulary.of(terms).beginning(prefix)) == {term for term in terms if term.startswith(prefix)}


@pytest.mark.parametrize("terms", [set(), {"gull"}, {"zürich", "ähre", "gull"}])
def test_a_saved_vocabulary_opens_the_same(terms: set[str], tmp_path: Path) -> None:
    Vocabulary.of(terms).save(tmp_path)
    assert list(Vocabulary.load(tmp_path)) == list(Vocabulary.of(terms))


def test_the_terms_of_a_chunk_come_back_in_their_order(tmp_path: Path) -> None:
    collector = TermCollector()
    for terms in (["rock", "gull", "rock"], [], ["lamp"]):
        collector.add(terms)
    collector.finished().save(tmp_path)
    opened = ChunkTerms.load(tmp_path)
    names = list(opened.vocabulary)
    assert [[names[at] for at in opened.of(row)] for row in range(opened.rows)] == [
        ["rock", "gull", "rock"],
        [],
        ["lamp"],
    ]


WORDS = ["gull", "rock", "lamp", "boat", "pier", "sand", "kelp"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=15).map(" ".join), min_size=10, max_size=20)


@given(TEXTS, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True))
def test_shares_are_what_a_library_scores_by_the_same_variant(texts: list[str], question: list[str]) -> None:
    settings = LexicalSettings()
    ours = lexical_index(texts, settings)
    theirs = bm25s.BM25(method="lucene", k1=settings.k1, b=settings.b)
    theirs.index([terms_of(text) for text in texts], show_progress=False)
    known = [term for term in question if ours.knows(term)]
    expected = theirs.get_scores(known) if known else np.zeros(len(texts))
    total = sum(ours.idf(term) for term in question)
    assert ours.shares(question).tolist() == pytest.approx((expected / total).tolist(), abs=1e-6)


@given(TERMS, st.text(min_size=1, max_size=6), st.integers(1, 3))
def test_the_terms_within_so_many_edits_are_all_found(terms: set[str], typed: str, edits: int) -> None:
    near = {term: OSA.distance(typed, term) for term in terms if OSA.distance(typed, term) <= edits}
    assert dict(Vocabulary.of(terms).near(typed, edits)) == near
