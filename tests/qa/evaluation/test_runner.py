"""How rankings are judged, on posts of a few words."""

from __future__ import annotations

from math import log2
from types import SimpleNamespace

import pytest

from index.records import Post
from qa.evaluation.gold import GoldSet
from qa.evaluation.runner import evaluate


def test_posts_are_ranked_by_their_first_passage(boat: Post, other: Post, make: SimpleNamespace) -> None:
    ranking = [
        make.passage(other, "Ana built the boat."),
        make.passage(other, "A copy elsewhere."),
        make.passage(boat, "Nobody saw the boat again."),
    ]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold()).rows
    assert (row.post_rank, row.passage_rank) == (2, 3)
    assert row.measures["post recall@1"] == 0
    assert row.measures["post MRR@10"] == 1 / 2
    assert row.measures["passage MRR@10"] == 1 / 3
    assert row.measures["post nDCG@10"] == pytest.approx(1 / log2(3))
    assert row.measures["passage nDCG@10"] == pytest.approx(1 / log2(4))


def test_another_post_with_the_same_passage_is_ranked_after_the_passages_own(
    boat: Post, other: Post, make: SimpleNamespace
) -> None:
    shared = make.passage(other, "Ana built the boat.").model_copy(update={"also_in": (boat,)})
    (row,) = make.judged(make.assistant({}, {"Q?": [shared]}), make.gold()).rows
    assert row.post_rank == 2


def test_a_gold_title_matches_whatever_its_spaces_and_case_and_gains_once(boat: Post, make: SimpleNamespace) -> None:
    again = make.post("boat-again", boat.body, "the boat")
    ranking = [make.passage(post, "Ana built the boat.") for post in (boat, again)]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold(post_ids=(), posts=("THE BOAT",))).rows
    assert row.measures["post recall@5"] == 1
    assert row.measures["post nDCG@10"] == 1


def test_grades_are_the_gains_of_ndcg(boat: Post, other: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, boat.body), make.passage(other, "A copy elsewhere.")]
    gold = make.gold(post_ids=("boat", "other"), grades={"boat": 1, "other": 2, "else": 0})
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), gold).rows
    assert row.measures["post nDCG@10"] == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))
    assert row.measures["post recall@1"] == 1 / 2


def test_a_passage_is_relevant_where_it_touches_a_gold_quote(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, "Ana built the boat."), make.passage(boat, "Ben sailed it")]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold(quotes=('it to "Crete"',))).rows
    assert (row.post_rank, row.passage_rank) == (1, 2)


def test_without_quotes_a_passage_is_relevant_where_it_holds_an_answer(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, "Ana built the boat."), make.passage(boat, "Ben sailed it to “Crete”.")]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold(answers=('"CRETE"',))).rows
    assert row.passage_rank == 2
    assert "quote@1" not in row.measures


def test_any_one_quote_is_enough_for_a_full_passage_ranking(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, "Ana built the boat."), make.passage(boat, "Nobody saw the boat again.")]
    (row,) = make.judged(
        make.assistant({}, {"Q?": ranking}), make.gold(quotes=("Nobody saw", "Ana built", "Ben sailed"))
    ).rows
    assert row.measures["passage nDCG@10"] == row.measures["passage recall@1"] == 1


def test_a_question_without_any_result_counts_as_a_miss_everywhere(make: SimpleNamespace) -> None:
    (row,) = make.judged(make.assistant({}, {}), make.gold(quotes=("Ana",), answers=("Ana",))).rows
    assert set(row.measures.values()) == {0.0}
    assert (row.post_rank, row.passage_rank, row.correct) == (None, None, False)


def test_a_feature_without_a_finite_value_is_left_out(boat: Post, make: SimpleNamespace) -> None:
    ranking = [make.passage(boat, boat.body, dense=0.5, lexical=float("-inf"))]
    (row,) = make.judged(make.assistant({}, {"Q?": ranking}), make.gold()).rows
    features = row.passages[0].features
    assert features["dense"] == 0.5
    assert "lexical" not in features


def test_a_passage_is_shown_by_its_first_200_characters(make: SimpleNamespace) -> None:
    long = make.post("long", "word " * 100)
    (row,) = make.judged(make.assistant({}, {"Q?": [make.passage(long, long.body)]}), make.gold()).rows
    assert len(row.passages[0].text) == 200


def test_progress_is_reported_after_every_question(make: SimpleNamespace) -> None:
    told: list[tuple[int, int]] = []
    gold = GoldSet(name="set", questions=(make.gold(), make.gold(id="h", question="H?")))
    assistant = make.assistant({}, {})
    evaluate(assistant, gold, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    assert assistant.searched == [("Q?", 100), ("H?", 100)]
