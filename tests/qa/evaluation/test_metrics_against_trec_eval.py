"""Ranking measures against trec_eval's own code, on random rankings."""

from __future__ import annotations

import random

import pytest

from qa.evaluation import metrics

pytrec_eval = pytest.importorskip("pytrec_eval")

Run = dict[str, dict[str, float]]
Judgements = dict[str, dict[str, int]]
NAMES = {"recall_1", "recall_5", "recall_10", "ndcg_cut_1", "ndcg_cut_5", "ndcg_cut_10", "recip_rank"}


def _random_case(seed: int) -> tuple[Judgements, Run]:
    """Graded judgements, some of items never retrieved, and rankings with many tied scores."""
    # Not for secrets: the same cases every time.
    draw = random.Random(seed)  # noqa: S311
    judgements: Judgements = {}
    run: Run = {}
    for number in range(12):
        query = f"q{number}"
        judged = draw.sample(range(30), draw.randint(1, 8))
        judgements[query] = {f"d{item:02}": draw.choice([0, 1, 1, 2, 3]) for item in judged}
        judgements[query][f"d{judged[0]:02}"] = 2  # at least one relevant
        retrieved = draw.sample(range(40), draw.randint(1, 25))
        run[query] = {f"d{item:02}": float(draw.randint(0, 6)) for item in retrieved}
    return judgements, run


def _gains(judged: dict[str, int], scores: dict[str, float]) -> list[float]:
    # trec_eval orders ties by falling document id; a ranking here comes in its own order.
    ranked = sorted(scores, key=lambda item: (scores[item], item), reverse=True)
    return [float(judged.get(item, 0)) for item in ranked]


def _ours(judged: dict[str, int], gains: list[float]) -> dict[str, float]:
    ideal = [float(grade) for grade in judged.values() if grade > 0]
    found = {f"recall_{k}": metrics.recall_at(gains, len(ideal), k) for k in (1, 5, 10)}
    found |= {f"ndcg_cut_{k}": metrics.ndcg_at(gains, ideal, k) for k in (1, 5, 10)}
    return found | {"recip_rank": metrics.reciprocal_rank(gains, k=len(gains))}


@pytest.mark.parametrize("seed", range(25))
def test_every_measure_agrees_with_trec_eval_ties_and_grades_included(seed: int) -> None:
    judgements, run = _random_case(seed)
    theirs = pytrec_eval.RelevanceEvaluator(judgements, NAMES).evaluate(run)
    for query, judged in judgements.items():
        assert _ours(judged, _gains(judged, run[query])) == pytest.approx(theirs[query])


def test_a_ranking_without_a_judged_result_counts_zero_as_in_trec_eval() -> None:
    judged = {"d1": 1, "d2": 2}
    theirs = pytrec_eval.RelevanceEvaluator({"q": judged}, NAMES).evaluate({"q": {"d9": 1.0}})["q"]
    assert _ours(judged, [0.0]) == pytest.approx(theirs)


def test_a_question_without_results_that_trec_eval_leaves_out_counts_zero_here() -> None:
    judgements = {"found": {"d1": 1}, "missing": {"d2": 1}}
    theirs = pytrec_eval.RelevanceEvaluator(judgements, {"ndcg_cut_10"}).evaluate({"found": {"d1": 1.0}})
    assert set(theirs) == {"found"}
    assert _ours(judgements["missing"], [])["ndcg_cut_10"] == 0
