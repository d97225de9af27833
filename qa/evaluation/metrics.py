"""Measures by their field's definitions, as pure functions over numbers.

Higher is better, but for the errors of a probability or a selective answer: Brier, calibration error, risk.

Rankings are given as gains: the gain of each result in rank order, 0 where it is not relevant. A question
without a result is the empty sequence and counts 0; a missing relevant item is one the gains do not hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

EXACT_UP_TO = 13
"""Differences that are not zero up to which all 2^n sign flips (at most 8,192) are tried."""


_Z95 = 1.959963984540054


class Bin(NamedTuple):
    """A bin of a reliability diagram: its edges, how many fell in, their mean confidence and hit share."""

    low: float
    high: float
    size: int
    confidence: float
    accuracy: float


class RiskPoint(NamedTuple):
    """The share of wrong answers (`risk`) when the most confident `coverage` share is answered."""

    coverage: float
    risk: float


def recall_at(gains: Sequence[float], relevant: int, k: int) -> float:
    """Recall@k: the share of the `relevant` items among the first k results (trec_eval `recall_k`)."""
    if relevant < 1:
        raise ValueError(f"recall needs at least one relevant item, not {relevant}")
    return sum(1 for gain in gains[:k] if gain > 0) / relevant


def reciprocal_rank(gains: Sequence[float], k: int = 10) -> float:
    """1 / rank of the first relevant result among the first k, else 0; its mean is MRR@k (Voorhees 1999)."""
    return next((1 / rank for rank, gain in enumerate(gains[:k], start=1) if gain > 0), 0.0)


def ndcg_at(gains: Sequence[float], ideal: Sequence[float], k: int = 10) -> float:
    """nDCG@k with linear gains and a log2(rank + 1) discount, as trec_eval's `ndcg_cut`.

    Järvelin and Kekäläinen 2002, doi:10.1145/582415.582418. `ideal` holds the gains of all relevant items,
    retrieved or not, in any order.
    """
    best = _dcg(sorted(ideal, reverse=True)[:k])
    return _dcg(gains[:k]) / best if best > 0 else 0.0


def _dcg(gains: Sequence[float]) -> float:
    return sum(max(gain, 0) / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def ranking_measures(ranked: str, gains: Sequence[float], ideal: Sequence[float]) -> dict[str, float]:
    """The four measures of one ranking, by name.

    Args:
        ranked: What is ranked: "post" or "passage".
        gains: In the order of the ranking.
        ideal: The gains of all relevant items, at least one.
    """
    return {
        f"{ranked} recall@1": recall_at(gains, len(ideal), 1),
        f"{ranked} recall@5": recall_at(gains, len(ideal), 5),
        f"{ranked} MRR@10": reciprocal_rank(gains, 10),
        f"{ranked} nDCG@10": ndcg_at(gains, ideal, 10),
    }


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """P(a positive's score exceeds a negative's), ties counting 1/2; None where a class is empty.

    The Mann-Whitney statistic: Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747.
    """
    if not positive or not negative:
        return None
    return float(np.mean(_placements(positive, negative)))


def auroc_standard_error(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Standard error of the AUROC: DeLong et al. 1988, doi:10.2307/2531595; None below two of a class."""
    if min(len(positive), len(negative)) < 2:
        return None
    above, below = _placements(positive, negative), _placements(negative, positive)
    return float(np.sqrt(np.var(above, ddof=1) / len(positive) + np.var(below, ddof=1) / len(negative)))


def _placements(scores: Sequence[float], others: Sequence[float]) -> NDArray[np.float64]:
    """Per score, the share of `others` below it, ties counting 1/2."""
    ordered, values = np.sort(np.asarray(others, dtype=float)), np.asarray(scores, dtype=float)
    counts = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    return np.asarray(counts / (2 * len(ordered)), dtype=float)


def brier(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean squared error of probabilities, 0 the best (Brier 1950)."""
    _same_length(probabilities, outcomes)
    return mean([(p - outcome) ** 2 for p, outcome in zip(probabilities, outcomes, strict=True)])


def equal_width_bins(probabilities: Sequence[float], outcomes: Sequence[bool], count: int = 10) -> tuple[Bin, ...]:
    """Bins [0, 1/count), … [1 - 1/count, 1]; empty ones are left out (Guo et al. 2017, arXiv:1706.04599)."""
    return _bins(probabilities, outcomes, np.arange(count + 1) / count)


def equal_mass_bins(probabilities: Sequence[float], outcomes: Sequence[bool], count: int = 10) -> tuple[Bin, ...]:
    """Bins of about equal size, equal probabilities always together (Nguyen and O'Connor 2015)."""
    if not probabilities:
        return ()
    edges = np.unique(np.quantile(np.asarray(probabilities, dtype=float), np.linspace(0, 1, count + 1)))
    return _bins(probabilities, outcomes, edges)


def _bins(probabilities: Sequence[float], outcomes: Sequence[bool], edges: NDArray[np.float64]) -> tuple[Bin, ...]:
    _same_length(probabilities, outcomes)
    p, hit = np.asarray(probabilities, dtype=float), np.asarray(outcomes, dtype=float)
    # The last bin holds its upper edge too; the rest hold their lower one.
    which = np.clip(np.searchsorted(edges, p, "right") - 1, 0, max(len(edges) - 2, 0))
    bins: list[Bin] = []
    for number in np.unique(which):
        inside = which == number
        low, high = float(edges[number]), float(edges[min(number + 1, len(edges) - 1)])
        bins.append(Bin(low, high, int(inside.sum()), float(p[inside].mean()), float(hit[inside].mean())))
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: |accuracy - confidence| averaged by bin size (Naeini et al. 2015)."""
    total = sum(each.size for each in bins)
    return sum(each.size * abs(each.accuracy - each.confidence) for each in bins) / total if total else 0.0


def risk_coverage(confidences: Sequence[float], correct: Sequence[bool]) -> tuple[RiskPoint, ...]:
    """Risk at every coverage 1/n … 1, the most confident first (El-Yaniv and Wiener 2010).

    Equal confidences have no order: their errors are spread evenly, the expectation over their orders.
    """
    _same_length(confidences, correct)
    points: list[RiskPoint] = []
    taken, wrong = 0, 0.0
    ranked = sorted(zip(confidences, correct, strict=True), reverse=True)
    for _, pairs in groupby(ranked, key=itemgetter(0)):
        group = [right for _, right in pairs]
        share = group.count(False) / len(group)
        for _ in group:
            taken, wrong = taken + 1, wrong + share
            points.append(RiskPoint(taken / len(confidences), wrong / taken))
    return tuple(points)


def risk_coverage_area(points: Sequence[RiskPoint]) -> float:
    """Area under the risk-coverage curve, 0 the best: mean risk (Geifman et al. 2019, arXiv:1805.08206)."""
    return mean([point.risk for point in points])


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean; 0 of nothing."""
    return math.fsum(values) / len(values) if values else 0.0


def standard_error_of_mean(values: Sequence[float]) -> float | None:
    """Sample standard deviation (n - 1) over the root of n; None below two values."""
    if len(values) < 2:
        return None
    centre = mean(values)
    return math.sqrt(math.fsum((v - centre) ** 2 for v in values) / (len(values) - 1) / len(values))


def standard_error_of_proportion(share: float, n: int) -> float | None:
    """√(p(1 - p)/n), Wald's; None without a trial."""
    return math.sqrt(share * (1 - share) / n) if n else None


def wilson_interval(share: float, n: float) -> tuple[float, float]:
    """The 95 % score interval of a share of n trials (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Never of width 0. Of a mean of values between 0 and 1 it is an upper bound: none varies more than zeros and ones.
    """
    z2 = _Z95**2
    centre, half = share + z2 / (2 * n), _Z95 * math.sqrt(max(0.0, share * (1 - share)) / n + z2 / (4 * n**2))
    return max(0.0, min(share, (centre - half) / (1 + z2 / n))), min(1.0, max(share, (centre + half) / (1 + z2 / n)))


def fewest_losses(alpha: float) -> int:
    """The fewest losses, with no win beside them, of which `paired_randomisation` gives a p below alpha: 2 / 2^k."""
    return math.floor(math.log2(2 / alpha)) + 1


def paired_randomisation(differences: Sequence[float], *, rounds: int = 10_000, seed: int = 0) -> float:
    """Two-sided p-value that paired differences have mean 0, by flipping their signs (Fisher 1935).

    Smucker et al. 2007, doi:10.1145/1321440.1321528. Exact up to `EXACT_UP_TO` differences that are not
    zero; else `rounds` seeded draws, the observed one counted (Phipson and Smyth 2010).
    """
    moved = np.asarray([value for value in differences if value != 0], dtype=float)
    if not len(moved):
        return 1.0
    # Sums of the same numbers in another order differ in their last bits.
    observed = abs(moved.sum()) - 1e-9 * np.abs(moved).sum()
    if len(moved) <= EXACT_UP_TO:
        patterns = np.arange(2 ** len(moved))[:, None] >> np.arange(len(moved)) & 1
        return float(np.mean(np.abs((2 * patterns - 1) @ moved) >= observed))
    return (1 + _as_extreme(moved, observed, rounds, np.random.default_rng(seed))) / (1 + rounds)


def _as_extreme(moved: NDArray[np.float64], observed: float, rounds: int, rng: np.random.Generator) -> int:
    count = 0
    for start in range(0, rounds, 500):  # bounds the memory at 500 × n numbers
        signs = rng.integers(0, 2, size=(min(500, rounds - start), len(moved))) * 2 - 1
        count += int(np.sum(np.abs(signs @ moved) >= observed))
    return count


def _same_length(one: Sequence[object], other: Sequence[object]) -> None:
    if len(one) != len(other):
        raise ValueError(f"{len(one)} values beside {len(other)}")
