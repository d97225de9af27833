"""Candidates of the three searches carry the scores that a look at every chunk gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.reader import Index
from index.search.candidates import SearchQuery
from tests.stand_ins import WordHashEncoder

TERMS = ["lighthous", "gull", "built"]


@pytest.fixture
def opened(small_index: Path) -> Iterator[Index]:
    """The small index, opened."""
    reader = Index.open(small_index)
    yield reader
    reader.close()


def _query(*languages: str) -> SearchQuery:
    vector = WordHashEncoder().encode_query(["Who built the lighthouse on Gull Rock?"])[0]
    return SearchQuery(vector, dict.fromkeys(languages or ("en",), TERMS))


def test_candidates_have_exact_scores_whichever_search_put_them_forward(opened: Index) -> None:
    query, parts = _query(), opened.structures
    found = opened.search(query, 2)
    shares = parts.lexical.shares(TERMS)
    assert found.rows.tolist() == sorted(set(found.rows.tolist()))
    assert np.allclose(found.dense, parts.vectors[found.rows] @ query.vector)
    assert np.array_equal(found.lexical, shares[found.rows])
    for at, row in enumerate(found.rows.tolist()):
        first, after = parts.chunk_sentences[row : row + 2]
        cosines = parts.sentence_vectors[first:after] @ query.vector
        pairs = (cosines[1:] + cosines[:-1]) / 2 if len(cosines) > 1 else cosines
        assert found.cosines(at) == pytest.approx(cosines.tolist(), abs=1e-6)
        assert found.best_sentence[at] == pytest.approx(cosines.max(), abs=1e-6)
        assert found.best_pair[at] == pytest.approx(pairs.max(), abs=1e-6)


def test_each_search_puts_its_best_forward(opened: Index) -> None:
    query, parts = _query(), opened.structures
    rows = opened.search(query, 1).rows
    sentence = int(np.argmax(parts.sentence_vectors @ query.vector))
    assert int(np.argmax(parts.vectors @ query.vector)) in rows
    assert int(np.searchsorted(parts.chunk_sentences, sentence, side="right")) - 1 in rows
    assert int(np.argmax(parts.lexical.shares(TERMS))) in rows
    assert len(rows) <= 3


def test_only_allowed_chunks_are_put_forward(opened: Index) -> None:
    allowed = opened.allowed_where(lambda post: post.id == "bees")
    rows = opened.search(_query(), 100, allowed).rows
    assert len(rows)
    assert allowed[rows].all()


def test_terms_of_several_languages_count_for_chunks_of_their_own_language(opened: Index) -> None:
    alone, among_others = opened.search(_query("en"), 100), opened.search(_query("en", "de"), 100)
    assert np.array_equal(alone.lexical, among_others.lexical)


def test_best_term_scores_are_each_chunks_highest(opened: Index) -> None:
    scores = opened.best_term_scores(
        [0, 1], lambda terms: np.array([[term == "gull", len(term)] for term in terms], float)
    )
    held = [set(text.held[0].union(*text.held, text.context)) for text in opened.analyses([0, 1])]
    assert scores.shape == (2, 2)
    assert scores[:, 0].tolist() == [float("gull" in terms) for terms in held]
