"""Metrics against values computed by hand."""

from __future__ import annotations

from fractions import Fraction
from math import log2, sqrt
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.evaluation import metrics

PROBABILITIES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_recall_is_the_share_of_the_relevant_found_among_the_first_k() -> None:
    assert metrics.recall_at([0, 1, 0, 2, 1], relevant=4, k=4) == Fraction(2, 4)


def test_recall_without_a_relevant_item_is_undefined() -> None:
    with pytest.raises(ValueError, match="at least one"):
        metrics.recall_at([], relevant=0, k=1)


def test_reciprocal_rank_is_one_over_the_rank_of_the_first_relevant_result() -> None:
    assert metrics.reciprocal_rank([0, 0, 0, 1, 1]) == Fraction(1, 4)


def test_reciprocal_rank_does_not_look_past_k() -> None:
    assert metrics.reciprocal_rank([0] * 10 + [1], k=10) == 0


def test_ndcg_discounts_linear_gains_by_log2_and_divides_by_the_ideal_order() -> None:
    found = 0 / log2(2) + 2 / log2(3) + 1 / log2(4)
    ideal = 2 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert metrics.ndcg_at([0, 2, 1], ideal=[1, 2, 1], k=3) == pytest.approx(found / ideal)


def test_ndcg_takes_the_ideal_of_as_many_results_as_k() -> None:
    assert metrics.ndcg_at([1], ideal=[1, 1, 1], k=1) == 1


@pytest.mark.parametrize("k", [1, 10])
def test_a_question_without_a_result_counts_zero_everywhere(k: int) -> None:
    assert metrics.recall_at([], 3, k) == 0
    assert metrics.reciprocal_rank([], k) == 0
    assert metrics.ndcg_at([], [1, 1, 1], k) == 0


def test_auroc_counts_the_pairs_in_the_right_order_and_half_of_the_ties() -> None:
    # 0.9 beats both; 0.5 beats 0.1 and ties with 0.5: 3 1/2 of 4 pairs.
    assert metrics.auroc([0.9, 0.5], [0.5, 0.1]) == Fraction(7, 8)


def test_auroc_of_one_class_is_undefined() -> None:
    assert metrics.auroc([0.5], []) is None
    assert metrics.auroc([], [0.5]) is None


def test_auroc_standard_error_adds_the_variances_of_both_classes_placements() -> None:
    # Shares below each positive: 1 and 3/4; shares of positives above each negative: 3/4 and 1.
    variance = Fraction(1, 32)
    expected = sqrt(variance / 2 + variance / 2)
    assert metrics.auroc_standard_error([0.9, 0.5], [0.5, 0.1]) == pytest.approx(expected)
    assert metrics.auroc_standard_error([0.9], [0.1, 0.2]) is None


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_auroc_agrees_with_counting_every_pair(positive: list[int], negative: list[int]) -> None:
    wins = sum(Fraction((p > n) * 2 + (p == n), 2) for p in positive for n in negative)
    assert metrics.auroc(positive, negative) == pytest.approx(float(wins / len(positive) / len(negative)))


def test_brier_is_the_mean_squared_distance_to_what_came_true() -> None:
    expected = (Fraction(1, 4) ** 2 + Fraction(1, 2) ** 2) / 2
    assert metrics.brier([0.75, 0.5], [True, False]) == pytest.approx(float(expected))


def test_calibration_error_weighs_each_bin_by_its_size() -> None:
    # [0.2, 0.3): confidence 1/4, one of two right; [0.9, 1]: confidence 1, the only one right.
    bins = metrics.equal_width_bins([0.25, 0.25, 1.0], [True, False, True])
    assert [(each.size, each.accuracy) for each in bins] == [(2, 0.5), (1, 1.0)]
    assert metrics.calibration_error(bins) == pytest.approx(float(Fraction(2, 3) * Fraction(1, 4)))


@pytest.mark.parametrize(("probability", "low"), [(0.0, 0.0), (0.3, 0.3), (0.7, 0.7), (1.0, 0.9)])
def test_a_bin_holds_its_lower_edge_and_the_last_one_both(probability: float, low: float) -> None:
    (only,) = metrics.equal_width_bins([probability], [True])
    assert only.low == low


def test_equal_mass_bins_split_where_the_probabilities_are() -> None:
    bins = metrics.equal_mass_bins([0.1, 0.11, 0.9, 0.91], [False, False, True, True], count=2)
    assert [each.size for each in bins] == [2, 2]


def test_equal_mass_bins_keep_equal_probabilities_together() -> None:
    bins = metrics.equal_mass_bins([0.5] * 9, [True] * 3 + [False] * 6)
    assert [(each.size, each.accuracy) for each in bins] == [(9, 1 / 3)]


def test_calibration_error_of_nothing_is_zero() -> None:
    assert metrics.calibration_error(metrics.equal_mass_bins([], [])) == 0


@given(PROBABILITIES)
def test_every_probability_falls_into_exactly_one_bin(pairs: list[tuple[float, bool]]) -> None:
    probabilities, outcomes = [p for p, _ in pairs], [o for _, o in pairs]
    for bins in (
        metrics.equal_width_bins(probabilities, outcomes),
        metrics.equal_mass_bins(probabilities, outcomes),
    ):
        assert sum(each.size for each in bins) == len(pairs)
        assert 0 <= metrics.calibration_error(bins) <= 1


def test_risk_at_a_coverage_is_the_share_wrong_among_the_most_confident() -> None:
    points = metrics.risk_coverage([0.2, 0.9, 0.5], [False, True, False])
    assert [point.coverage for point in points] == [1 / 3, 2 / 3, 1]
    assert [point.risk for point in points] == [0, 1 / 2, 2 / 3]
    assert metrics.risk_coverage_area(points) == pytest.approx(float(Fraction(7, 6) / 3))


def test_risk_spreads_the_errors_of_equal_confidences_evenly() -> None:
    points = metrics.risk_coverage([0.5, 0.5], [True, False])
    assert [point.risk for point in points] == [1 / 2, 1 / 2]


@given(PROBABILITIES, st.randoms(use_true_random=False))
def test_risk_coverage_does_not_depend_on_the_order_of_the_questions(
    pairs: list[tuple[float, bool]], random: Random
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one, other = (metrics.risk_coverage(*zip(*each, strict=True)) for each in (pairs, shuffled))
    assert [p.risk for p in one] == pytest.approx([p.risk for p in other])


def test_values_of_unequal_number_are_refused() -> None:
    with pytest.raises(ValueError, match="2 values beside 1"):
        metrics.brier([0.5, 0.5], [True])


def test_standard_error_of_a_mean_divides_the_sample_deviation_by_the_root_of_n() -> None:
    # Squared distances from 2: 1 + 0 + 1, over n - 1 = 2, over n = 3.
    assert metrics.standard_error_of_mean([1, 2, 3]) == pytest.approx(sqrt(Fraction(1, 3)))
    assert metrics.standard_error_of_mean([1]) is None


def test_standard_error_of_a_proportion() -> None:
    assert metrics.standard_error_of_proportion(0.5, 25) == 1 / 10
    assert metrics.standard_error_of_proportion(0.5, 0) is None


def test_few_differences_are_tested_exactly() -> None:
    # Of the 2^3 sign patterns only +++ and --- reach the observed sum.
    assert metrics.paired_randomisation([1, 1, 1]) == Fraction(2, 8)
    # |1 + 1 - 1| = 1 is reached by every pattern.
    assert metrics.paired_randomisation([1, 1, -1]) == 1


def test_questions_that_did_not_change_do_not_change_the_p_value() -> None:
    assert metrics.paired_randomisation([0.5, 0, 0, 0.5, 0]) == Fraction(2, 4)
    assert metrics.paired_randomisation([0, 0]) == 1


def test_many_differences_are_drawn_with_a_seed_and_never_reach_zero() -> None:
    once, again = (metrics.paired_randomisation([1.0] * 40, rounds=999, seed=3) for _ in range(2))
    assert once == again == 1 / 1000


def test_drawn_and_exact_p_values_agree() -> None:
    differences = [0.3, -0.1, 0.2, 0.4, -0.2, 0.1, 0.5, 0.1, -0.3, 0.2, 0.2, 0.1, 0.3]
    exact = metrics.paired_randomisation(differences)
    twice = metrics.paired_randomisation([*differences, 1e-9], rounds=20_000)
    assert twice == pytest.approx(exact, abs=0.01)


@given(st.lists(st.floats(-1, 1), max_size=8))
def test_the_p_value_is_two_sided(differences: list[float]) -> None:
    mirrored = metrics.paired_randomisation([-value for value in differences])
    assert metrics.paired_randomisation(differences) == mirrored


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    # Newcombe 1998, table I: the score method without continuity correction.
    [
        (81 / 263, 263, 0.2553, 0.3662),
        (15 / 148, 148, 0.0624, 0.1605),
        (0.0, 20, 0.0, 0.1611),
        (1 / 29, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_those_of_newcombe(share: float, n: int, low: float, high: float) -> None:
    assert metrics.wilson_interval(share, n) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize("n", [1, 5, 100])
def test_no_interval_has_the_width_zero(n: int) -> None:
    for share in (0.0, 0.5, 1.0):
        low, high = metrics.wilson_interval(share, n)
        assert 0 <= low < high <= 1
        assert low <= share <= high


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.5])
def test_the_fewest_losses_are_just_enough(alpha: float) -> None:
    fewest = metrics.fewest_losses(alpha)
    assert metrics.paired_randomisation([-1.0] * fewest) < alpha <= metrics.paired_randomisation([-1.0] * (fewest - 1))
