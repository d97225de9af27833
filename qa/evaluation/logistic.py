"""Fits of linear models: listwise for a ranking, logistic for a probability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def fit_ranking(
    questions: Sequence[tuple[Array, Flags]], penalty: float, question_counts: Sequence[float] | None = None
) -> Array:
    """Weights under which right candidates outweigh the others: the conditional logit (McFadden 1974).

    Maximises `Σ log(Σ_right exp(x·w) / Σ_all exp(x·w)) − penalty/2 · |w·sd|²`; with several right candidates
    their probabilities are added. Features are scaled by their standard deviation, so that the penalty treats
    all alike; the weights returned are for the features as given.

    Args:
        questions: For each, features of its candidates, shape (n, d), and which are right, shape (n,).
        question_counts: How much each question counts; 1 when absent.
    """
    stacked = np.concatenate([features for features, _ in questions])
    scale = StandardScaler(with_mean=False).fit(stacked).scale_
    design = stacked / scale
    right = np.concatenate([flags for _, flags in questions])
    lengths = np.array([len(flags) for _, flags in questions])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    counts = np.ones(len(questions)) if question_counts is None else np.asarray(question_counts, dtype=np.float64)

    def loss(weights: Array) -> tuple[float, Array]:
        scores = design @ weights
        scores -= np.repeat(np.maximum.reduceat(scores, starts), lengths)  # so that no exponential overflows
        powers = np.exp(scores)
        over_all = np.add.reduceat(powers, starts)
        over_right = np.maximum(np.add.reduceat(powers * right, starts), np.finfo(float).tiny)
        shares = powers * (right / np.repeat(over_right, lengths) - 1 / np.repeat(over_all, lengths))
        value = penalty / 2 * float(weights @ weights) - float(counts @ (np.log(over_right) - np.log(over_all)))
        return value, penalty * weights - design.T @ (shares * np.repeat(counts, lengths))

    weights = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x
    return np.asarray(weights / scale)


def fit_logistic(features: Array, outcomes: Flags, penalty: float, counts: Array | None = None) -> tuple[Array, float]:
    """Weights and intercept of a logistic regression with an L2 penalty on the standardised weights.

    Args:
        features: Shape (n, d).
        outcomes: Shape (n,), of both classes.
        penalty: The inverse of scikit-learn's `C`; the intercept goes where the data say.
        counts: How much each row counts, shape (n,); 1 when absent.
    """
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=1 / penalty, tol=1e-8, max_iter=10_000)
    model.fit(scaler.transform(features), outcomes, sample_weight=counts)
    weights = model.coef_[0] / scaler.scale_
    return weights, float(model.intercept_[0] - weights @ scaler.mean_)
