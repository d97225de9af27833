"""Question to passages: every way of searching, one ranking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from index.reader import Index
from qa.answering.retrieve import retrieve
from qa.question.query import Query, understand
from qa.records import Passage
from qa.settings import AskSettings
from tests.stand_ins import WordHashEncoder, build_small, plain_weights

ENCODER, WEIGHTS, SETTINGS = WordHashEncoder(), plain_weights(), AskSettings()
LAMP = "Who built the lighthouse on Gull Rock?"


@pytest.fixture
def opened(small_index: Path) -> Iterator[Index]:
    """The small index, opened."""
    reader = Index.open(small_index)
    yield reader
    reader.close()


def _query(question: str, index: Index) -> Query:
    return understand(question, ENCODER, index.terms)


def _found(question: str, index: Index, k: int = 10, settings: AskSettings = SETTINGS) -> list[Passage]:
    return retrieve(_query(question, index), index, WEIGHTS, settings, k)


def _search(root: Path, posts: Sequence[Mapping[str, object]], question: str) -> list[Passage]:
    build_small(root, posts)
    index = Index.open(root)
    found = _found(question, index)
    index.close()
    return found


def test_the_passage_that_answers_comes_first(opened: Index) -> None:
    first = _found(LAMP, opened)[0]
    assert first.post.id == "lighthouse"
    assert "Ingrid Holm built the lighthouse" in first.text


def test_every_passage_is_cut_from_its_post(opened: Index) -> None:
    for passage in _found(LAMP, opened):
        assert passage.post.body[passage.start : passage.end] == passage.text
        for evidence in passage.evidence:
            assert passage.post.body[evidence.start : evidence.end] == evidence.text
            assert passage.start <= evidence.start < evidence.end <= passage.end


def test_every_passage_carries_its_features_within_their_bounds(opened: Index) -> None:
    for passage in _found(LAMP, opened):
        assert all(-1 - 1e-6 <= cosine <= 1 + 1e-6 for cosine in (passage.features.dense, passage.features.sentence))
        assert 0 <= passage.features.lexical <= 1
        assert passage.score == pytest.approx(WEIGHTS.passage(passage.features))


def test_every_sentence_carries_its_features_and_their_sum(opened: Index) -> None:
    for passage in _found(LAMP, opened):
        assert passage.evidence
        for evidence in passage.evidence:
            assert evidence.score == pytest.approx(WEIGHTS.sentence(evidence.features))
            assert 0 <= evidence.features.coverage_context <= 1
            assert 0 <= evidence.features.coverage_neighbours <= 1


def test_the_features_of_a_passage_are_what_they_say(opened: Index) -> None:
    query = _query(LAMP, opened)
    shares = opened.structures.lexical.shares(list(query.terms_in("en").weights))
    rows = {
        (post.id, chunk.start): row for row, (post, chunk) in enumerate(opened.chunks(range(opened.manifest.chunks)))
    }
    for passage in retrieve(query, opened, WEIGHTS, SETTINGS, 10):
        row = rows[passage.post.id, passage.start]
        first, after = opened.structures.chunk_sentences[row : row + 2]
        cosines = opened.structures.sentence_vectors[first:after] @ query.vector
        assert passage.features.dense == pytest.approx(float(opened.structures.vectors[row] @ query.vector), abs=1e-6)
        assert passage.features.sentence == pytest.approx(float(cosines.max()), abs=1e-6)
        assert passage.features.lexical == pytest.approx(float(shares[row]), abs=1e-6)


def test_passages_and_their_sentences_come_best_first(opened: Index) -> None:
    found = _found(LAMP, opened)
    assert len(found) > 3
    assert all(before.score >= after.score for before, after in pairwise(found))
    for passage in found:
        assert all(before.score >= after.score for before, after in pairwise(passage.evidence))


@pytest.mark.parametrize("k", [1, 2, 3, 1000])
def test_no_more_passages_come_than_asked_for(opened: Index, k: int) -> None:
    every = _found(LAMP, opened, 1000)
    assert _found(LAMP, opened, k) == every[:k]


def test_one_candidate_of_each_search_is_enough_to_find_it(opened: Index) -> None:
    narrow = AskSettings(candidates=1, evidence_depth=1)
    assert _found(LAMP, opened, 1, narrow)[0].post.id == "lighthouse"


def test_a_search_changes_nothing_for_the_next(opened: Index) -> None:
    before = _found(LAMP, opened)
    _found("What kills bees?", opened, 1)
    assert _found(LAMP, opened) == before


def test_only_allowed_chunks_come_back(opened: Index) -> None:
    allowed = np.asarray([post.id == "bees" for post, _ in opened.chunks(range(opened.manifest.chunks))])
    found = retrieve(_query(LAMP, opened), opened, WEIGHTS, SETTINGS, 10, allowed)
    assert {passage.post.id for passage in found} == {"bees"}


def test_a_passage_that_stands_in_several_posts_is_shown_once_and_names_them(tmp_path: Path) -> None:
    body = "Captain Oda Lind has steered the ferry across the sound since 1998."
    posts = [{"id": name, "title": f"Notice {name}", "text": body} for name in ("one", "two", "three")]
    other = {"id": "other", "title": "Other", "text": "The ferry is blue."}
    found = _search(tmp_path / "index", [*posts, other], "Who has steered the ferry?")
    merged, rest = found
    assert {merged.post.id, *(post.id for post in merged.also_in)} == {"one", "two", "three"}
    assert len(merged.also_in) == 2
    assert (rest.post.id, rest.also_in) == ("other", ())


def test_text_of_one_word_or_one_sign_can_be_searched(tmp_path: Path) -> None:
    posts = [{"id": "a", "title": "A", "text": "…"}, {"id": "b", "title": "B", "text": "lamp"}]
    assert _search(tmp_path / "index", posts, "lamp")[0].post.id == "b"


def test_a_question_of_unknown_words_still_finds_the_nearest(opened: Index) -> None:
    query = _query("zyzzyva quux", opened)
    assert set(query.terms_in("en").weights.values()) == {query.greatest_weight}
    assert _found("zyzzyva quux", opened)


class _CutsWords(WordHashEncoder):
    """Reads every word in pieces of three letters, as encoders read words that they do not know."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        return [(at, min(at + 3, len(text))) for at in range(0, len(text), 3)]


def test_a_slip_in_a_question_is_read_as_the_word_meant(opened: Index) -> None:
    slip = understand("Who built the ligthhouse?", _CutsWords(), opened.terms)
    assert slip.terms == _query("Who built the lighthouse?", opened).terms


def test_decomposed_accents_ask_the_same_question(tmp_path: Path) -> None:
    composed, decomposed = "Who is José Muñoz?", "Who is Jose\u0301 Mun\u0303oz?"
    post = {"id": "a", "title": "A", "text": "José Muñoz is the cook."}
    build_small(tmp_path / "index", [post])
    index = Index.open(tmp_path / "index")
    one, two = _query(composed, index), _query(decomposed, index)
    assert one.terms_in("en").weights == two.terms_in("en").weights
    assert np.array_equal(one.vector, two.vector)
    assert all(index.terms.knows(term) for term in one.terms_in("en").weights)
    index.close()
