"""Fits against known weights and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from qa.evaluation.logistic import Array, Flags, fit_logistic, fit_ranking

TRUE = np.array([2.0, -1.0, 0.0])


def _questions(count: int, seed: int, scale: float = 1.0) -> list[tuple[Array, Flags]]:
    """Questions of six candidates, one right, drawn as the model says."""
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(count):
        signals = random.normal(size=(6, 3))
        chances = np.exp(signals @ TRUE)
        right = np.zeros(6, dtype=np.bool_)
        right[random.choice(6, p=chances / chances.sum())] = True
        drawn.append((signals * np.array([scale, 1.0, 1.0]), right))
    return drawn


def test_a_ranking_fit_recovers_the_weights_the_choices_were_drawn_with() -> None:
    assert fit_ranking(_questions(500, 1), penalty=1e-3).tolist() == pytest.approx(TRUE.tolist(), abs=0.3)


def test_the_unit_of_a_signal_changes_its_weight_and_nothing_else() -> None:
    plain, scaled = (fit_ranking(_questions(100, 2, scale), penalty=1.0) for scale in (1.0, 10.0))
    assert (scaled * np.array([10.0, 1.0, 1.0])).tolist() == pytest.approx(plain.tolist(), abs=1e-3)


def test_a_larger_penalty_holds_weights_nearer_to_nothing() -> None:
    sizes = [np.abs(fit_ranking(_questions(100, 3), penalty)).sum() for penalty in (0.1, 10.0, 1000.0)]
    assert sizes == sorted(sizes, reverse=True)


def test_of_several_right_candidates_any_will_do() -> None:
    signals = np.array([[1.0, 0.0], [1.0, 5.0], [0.0, 0.0], [0.0, 5.0]])
    right = np.array([True, True, False, False])
    first, second = fit_ranking([(signals, right)] * 20, penalty=0.1)
    assert first > 1
    assert abs(second) < 1e-3


def test_a_question_that_weighs_twice_counts_as_two() -> None:
    questions = _questions(40, 4)
    twice = fit_ranking([*questions, *questions[:20]], penalty=1.0)
    weighed = fit_ranking(questions, penalty=1.0, weights=[2.0] * 20 + [1.0] * 20)
    assert weighed.tolist() == pytest.approx(twice.tolist(), abs=0.05)  # only the scale of the penalty differs


def test_a_signal_that_never_varies_gets_no_weight() -> None:
    questions = [(np.column_stack([signals, np.full(6, 7.0)]), right) for signals, right in _questions(50, 5)]
    assert fit_ranking(questions, penalty=1.0)[-1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("penalty", [0.1, 1.0, 20.0])
def test_a_logistic_fit_agrees_with_scikit_learn(penalty: float, weighted: bool) -> None:
    random = np.random.default_rng(6)
    signals = random.normal(size=(400, 4)) * np.array([1.0, 10.0, 0.1, 3.0]) + np.array([0.0, 5.0, -1.0, 2.0])
    chances = 1 / (1 + np.exp(-(signals @ np.array([1.0, 0.1, -5.0, 0.0]) - 4.0)))
    outcomes = random.random(400) < chances
    counts = random.integers(1, 4, size=400).astype(np.float64) if weighted else np.ones(400)
    weights, intercept = fit_logistic(signals, outcomes, penalty, counts if weighted else None)
    scaler = StandardScaler().fit(signals)
    theirs = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10_000)
    theirs.fit(scaler.transform(signals), outcomes, sample_weight=counts)
    slopes = theirs.coef_[0] / scaler.scale_
    assert weights.tolist() == pytest.approx(slopes.tolist(), rel=1e-2, abs=1e-3)
    ours = 1 / (1 + np.exp(-(signals @ weights + intercept)))
    assert np.abs(ours - theirs.predict_proba(scaler.transform(signals))[:, 1]).max() < 1e-3
