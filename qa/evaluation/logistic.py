"""Fits of linear models, small enough to read: listwise for ranking, logistic for a probability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, log_expit

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def fit_ranking(
    questions: Sequence[tuple[Array, Flags]], penalty: float, weights: Sequence[float] | None = None
) -> Array:
    """Weights under which right candidates outweigh the others: the conditional logit (McFadden 1974).

    Maximises `Σ log(Σ_right exp(x·w) / Σ_all exp(x·w)) − penalty/2 · |w·sd|²`; with several right candidates
    their probabilities are added. Signals are scaled by their standard deviation, so that the penalty treats
    all alike; the weights returned are for the signals as given.

    Args:
        questions: For each, signals of its candidates, shape (n, d), and which are right, shape (n,).
        weights: How much each question counts; 1 when absent.
    """
    stacked = np.concatenate([signals for signals, _ in questions])
    scale = _scale(stacked)
    design = stacked / scale
    right = np.concatenate([flags for _, flags in questions])
    lengths = np.array([len(flags) for _, flags in questions])
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    counts = np.ones(len(questions)) if weights is None else np.asarray(weights, dtype=np.float64)

    def loss(found: Array) -> tuple[float, Array]:
        scores = design @ found
        scores -= np.repeat(np.maximum.reduceat(scores, starts), lengths)  # so that no exponential overflows
        powers = np.exp(scores)
        over_all = np.add.reduceat(powers, starts)
        over_right = np.maximum(np.add.reduceat(powers * right, starts), np.finfo(float).tiny)
        shares = powers * (right / np.repeat(over_right, lengths) - 1 / np.repeat(over_all, lengths))
        value = penalty / 2 * float(found @ found) - float(counts @ (np.log(over_right) - np.log(over_all)))
        return value, penalty * found - design.T @ (shares * np.repeat(counts, lengths))

    found = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x
    return np.asarray(found / scale)


def fit_logistic(signals: Array, outcomes: Flags, penalty: float, weights: Array | None = None) -> tuple[Array, float]:
    """Weights and intercept of a logistic regression with an L2 penalty on the scaled weights.

    Args:
        signals: Shape (n, d).
        outcomes: Shape (n,).
        weights: How much each row counts; 1 when absent.
    """
    centre, scale = signals.mean(axis=0), _scale(signals)
    design = np.column_stack([(signals - centre) / scale, np.ones(len(signals))])
    ridge = np.full(design.shape[1], penalty)
    ridge[-1] = 0.0  # the intercept goes where the data say
    counts = np.ones(len(signals)) if weights is None else weights
    signs = np.where(outcomes, 1.0, -1.0)

    def loss(found: Array) -> tuple[float, Array]:
        margins = signs * (design @ found)
        value = float((ridge * found) @ found / 2 - counts @ log_expit(margins))
        slope = ridge * found - design.T @ (counts * signs * expit(-margins))
        return value, slope

    found = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x
    slopes = found[:-1] / scale
    return np.asarray(slopes), float(found[-1] - slopes @ centre)


def _scale(signals: Array) -> Array:
    spread = signals.std(axis=0)
    return np.where(spread < 1e-9, 1.0, spread)  # a signal that never varies keeps its own scale
