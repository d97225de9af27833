"""Fits against known weights, and against a minimiser of the loss that is fitted."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, log_expit

from qa.evaluation.logistic import Array, Flags, fit_logistic, fit_ranking

TRUE = np.array([2.0, -1.0, 0.0])


def _questions(count: int, seed: int, scale: float = 1.0) -> list[tuple[Array, Flags]]:
    """Questions of six candidates, one right, drawn as the model says."""
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(count):
        features = random.normal(size=(6, 3))
        chances = np.exp(features @ TRUE)
        right = np.zeros(6, dtype=np.bool_)
        right[random.choice(6, p=chances / chances.sum())] = True
        drawn.append((features * np.array([scale, 1.0, 1.0]), right))
    return drawn


def test_a_ranking_fit_recovers_the_weights_the_choices_were_drawn_with() -> None:
    assert fit_ranking(_questions(500, 1), penalty=1e-3).tolist() == pytest.approx(TRUE.tolist(), abs=0.3)


def test_the_unit_of_a_feature_changes_its_weight_and_nothing_else() -> None:
    plain, scaled = (fit_ranking(_questions(100, 2, scale), penalty=1.0) for scale in (1.0, 10.0))
    assert (scaled * np.array([10.0, 1.0, 1.0])).tolist() == pytest.approx(plain.tolist(), abs=1e-3)


def test_a_larger_penalty_keeps_weights_nearer_to_zero() -> None:
    sizes = [np.abs(fit_ranking(_questions(100, 3), penalty)).sum() for penalty in (0.1, 10.0, 1000.0)]
    assert sizes == sorted(sizes, reverse=True)


def test_of_several_right_candidates_any_will_do() -> None:
    features = np.array([[1.0, 0.0], [1.0, 5.0], [0.0, 0.0], [0.0, 5.0]])
    right = np.array([True, True, False, False])
    first, second = fit_ranking([(features, right)] * 20, penalty=0.1)
    assert first > 1
    assert abs(second) < 1e-3


def test_a_question_that_weighs_twice_counts_as_two() -> None:
    questions = _questions(40, 4)
    twice = fit_ranking([*questions, *questions[:20]], penalty=1.0)
    weighed = fit_ranking(questions, penalty=1.0, question_counts=[2.0] * 20 + [1.0] * 20)
    assert weighed.tolist() == pytest.approx(twice.tolist(), abs=0.05)  # only the scale of the penalty differs


def test_a_feature_that_never_varies_gets_no_weight() -> None:
    questions = [(np.column_stack([features, np.full(6, 7.0)]), right) for features, right in _questions(50, 5)]
    assert fit_ranking(questions, penalty=1.0)[-1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("penalty", [0.1, 1.0, 20.0])
def test_a_logistic_fit_is_the_minimum_of_the_penalised_log_loss(penalty: float, weighted: bool) -> None:
    random = np.random.default_rng(6)
    features = random.normal(size=(400, 4)) * np.array([1.0, 10.0, 0.1, 3.0]) + np.array([0.0, 5.0, -1.0, 2.0])
    chances = 1 / (1 + np.exp(-(features @ np.array([1.0, 0.1, -5.0, 0.0]) - 4.0)))
    outcomes = random.random(400) < chances
    counts = random.integers(1, 4, size=400).astype(np.float64) if weighted else np.ones(400)
    deviations = features.std(axis=0)

    def loss(fitted: Array) -> float:
        margins = np.where(outcomes, 1.0, -1.0) * (features @ fitted[:-1] + fitted[-1])
        return float(penalty / 2 * ((fitted[:-1] * deviations) ** 2).sum() - counts @ log_expit(margins))

    weights, intercept = fit_logistic(features, outcomes, penalty, counts if weighted else None)
    least = minimize(loss, np.zeros(5), method="BFGS").x
    ours, theirs = (expit(features @ fitted[:-1] + fitted[-1]) for fitted in (np.append(weights, intercept), least))
    assert np.abs(ours - theirs).max() < 1e-4
