"""Fit the confidence on gold questions: the ones that come with the package, or the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.errors import GoldError
from index.reader import Index
from index.search.vector_index import Allowed
from qa.answering.confidence import CONFIDENCE_SIGNALS, confidence_signals
from qa.answering.quotes import ranked_evidence
from qa.answering.retrieve import retrieve
from qa.answering.weights import Bend, Calibration, Linear, Weights, softplus
from qa.assistant import Assistant, Serving
from qa.evaluation import metrics as measures
from qa.evaluation.gold import GoldQuestion, GoldSet
from qa.evaluation.judge import Candidate, Judge
from qa.evaluation.logistic import fit_logistic
from qa.question.query import understand
from qa.settings import AskSettings

PENALTY = 10.0
_BEND_PENALTY = 0.01
_ONE_TO_ONE = ("answerable", "removed")
_ENOUGH_FOR_ALL = 300  # trials: with fewer, only the slope and the level of the shipped confidence are moved
_FEWEST = 20


@dataclass(frozen=True)
class Trial:
    """A question asked of a corpus that does or does not answer it.

    Attributes:
        right: The corpus answers it and the best sentence is the answer.
        foreign: It is in another language than the posts.
        group: What it must not be parted from when trials are split.
        corpus: Over which corpus it was asked.
    """

    kind: str
    signals: npt.NDArray[np.float64]
    right: bool
    answerable: bool
    foreign: bool = False
    group: str = ""
    corpus: str = ""


def trial(
    serving: Serving, settings: AskSettings, question: GoldQuestion, kind: str, *, allowed: Allowed | None = None
) -> Trial | None:
    """Ask a question, of the whole corpus or of the chunks allowed; None where nothing at all is found.

    Args:
        serving: One generation with its encoder and weights; the weights' threshold plays no part.
        settings: How passages are ranked.
        question: With what would be right.
        kind: "answerable" where what is asked can answer it; anything else means that it cannot.
        allowed: For each chunk whether it takes part.
    """
    index, weights = serving.index, serving.weights
    query = understand(question.question, serving.encoder, index.lexical, weights.centring)
    passages = retrieve(query, index, weights.of(query), settings, settings.weighed, allowed)
    ranked = ranked_evidence(passages)
    if not ranked:
        return None
    signals = confidence_signals(query, passages)
    best = ranked[0]
    offered = Candidate(best.passage.post, best.evidence.start, best.evidence.end, best.evidence.text)
    answerable = question.answerable and kind == "answerable"
    row = np.array([signals[name] for name in CONFIDENCE_SIGNALS])
    return Trial(kind, row, answerable and Judge(question).proves(offered), answerable, query.is_foreign)


def without_answer(index: Index, question: GoldQuestion) -> Allowed:
    """For each chunk whether it belongs to none of the posts that answer a question."""
    judge = Judge(question)
    return index.allowed_where(lambda post: not judge.wants(post))


def fit_confidence(
    found: Sequence[Trial],
    counts: Mapping[str, float] | None = None,
    names: Sequence[str] = CONFIDENCE_SIGNALS,
) -> tuple[Linear, Bend]:
    """Log-odds that the best sentence is right, and the bend that brings them to what was observed.

    The bend is fitted on the trials of questions that the corpus answers and the same with the answer taken
    away, one to one: a stated base rate, whatever the other kinds count.

    Args:
        found: The trials.
        counts: How much a trial of each kind counts; 1 where absent.
        names: The signals that get a weight.
    """
    kept = [CONFIDENCE_SIGNALS.index(name) for name in names]
    signals = np.stack([one.signals for one in found])[:, kept]
    right = np.array([one.right for one in found])
    weights = np.array([(counts or {}).get(one.kind, 1.0) for one in found])
    slopes, intercept = fit_logistic(signals, right, PENALTY, weights)
    named = {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    linear = Linear(weights=named, intercept=round(intercept, 4))
    return linear, _fit_bend(linear, [one for one in found if one.kind in _ONE_TO_ONE] or found)


def _fit_bend(linear: Linear, found: Sequence[Trial]) -> Bend:
    straight = [linear(_named(one)) for one in found]
    sides = np.array([[-softplus(-value), softplus(value)] for value in straight])
    right = np.array([one.right for one in found])
    slopes, shift = fit_logistic(sides, right, _BEND_PENALTY)
    if (slopes < 0).any():  # a bend must not turn the order round: the other side has to do alone
        kept = int(np.argmax(slopes))
        (slope,), shift = fit_logistic(sides[:, [kept]], right, _BEND_PENALTY)
        slopes = np.where(np.arange(2) == kept, max(0.0, float(slope)), 0.0)
    return Bend(low=round(float(slopes[0]), 4), high=round(float(slopes[1]), 4), shift=round(shift, 4))


def _named(one: Trial) -> dict[str, float]:
    return dict(zip(CONFIDENCE_SIGNALS, one.signals.tolist(), strict=True))


def chances(weights: Weights, found: Iterable[Trial]) -> list[float]:
    """The confidence of each trial, 0 to 1."""
    return [weights.chance(_named(one)) for one in found]


def calibrate(
    assistant: Assistant,
    gold: GoldSet,
    refusal_cost: float,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Calibration, dict[str, float]]:
    """Refit the confidence on a gold set over the index at hand.

    Each answerable question is asked twice: of the corpus, and of the corpus without the posts that answer it. Where
    questions in another language than the posts have weights of their own, only the kind that most are of is fitted.

    Args:
        assistant: Over the index; its weights are the starting point.
        gold: Questions about that index.
        refusal_cost: Of a needless refusal, when a wrong answer costs 1; sets the threshold.
        progress: Told how many questions are done, of how many.

    Returns:
        The calibration, and its figures: cross-validated over five parts of the questions.

    Raises:
        GoldError: There are too few questions, or none of one sort.
    """
    serving = assistant.serving  # one generation for all trials, whatever is published meanwhile
    found, shipped = _trials(serving, assistant.settings, gold, progress), serving.weights
    foreign = shipped.foreign is not None and 2 * sum(one.foreign for one in found) > len(found)
    if shipped.foreign is not None:
        found = [one for one in found if one.foreign == foreign]
        shipped = shipped.foreign if foreign else shipped
    if len(found) < _FEWEST or len({one.right for one in found}) < 2:
        raise GoldError(
            "there is too little to calibrate on",
            where=gold.name,
            seen=f"{len(found)} trials",
            remedy=f"Give at least {_FEWEST // 2} answerable questions with quotes or answers.",
        )
    fitted = _fit(found, shipped)
    calibration = Calibration(
        encoder=serving.encoder.identity,
        confidence=fitted.confidence,
        bend=fitted.bend,
        threshold=round(1 / (1 + refusal_cost), 4),
        foreign=foreign,
        provenance={"gold": gold.name, "sha256": gold.sha256, "trials": str(len(found))},
    )
    return calibration, _figures(found, shipped)


def _trials(
    serving: Serving, settings: AskSettings, gold: GoldSet, progress: Callable[[int, int], None] | None
) -> list[Trial]:
    found: list[Trial | None] = []
    for done, question in enumerate(gold.questions, 1):
        found.append(trial(serving, settings, question, "answerable" if question.answerable else question.kind))
        if question.answerable:
            removed = without_answer(serving.index, question)
            found.append(trial(serving, settings, question, "removed", allowed=removed))
        if progress:
            progress(done, len(gold.questions))
    return [one for one in found if one is not None]


def _fit(found: Sequence[Trial], shipped: Weights) -> Weights:
    """All weights where there are trials enough; else the shipped log-odds, stretched and shifted (Platt 1999)."""
    if len(found) >= _ENOUGH_FOR_ALL:
        linear, bend = fit_confidence(found, names=list(shipped.confidence.weights))
        return shipped.with_confidence(linear, bend)
    log_odds = np.array([[shipped.log_odds(_named(one))] for one in found])
    slopes, shift = fit_logistic(log_odds, np.array([one.right for one in found]), 1.0)
    stretch = max(0.0, float(slopes[0]))  # a few questions may not turn the order round
    bend = Bend(
        low=round(shipped.bend.low * stretch, 4),
        high=round(shipped.bend.high * stretch, 4),
        shift=round(shipped.bend.shift * stretch + shift, 4),
    )
    return shipped.model_copy(update={"bend": bend})


def _figures(found: Sequence[Trial], shipped: Weights) -> dict[str, float]:
    parts = [found[start::5] for start in range(5)]
    sure: list[float] = []
    tested: list[Trial] = []
    for part in parts:
        rest = [one for other in parts if other is not part for one in other]
        if part and len({one.right for one in rest}) == 2:
            sure += chances(_fit(rest, shipped), part)
            tested += part
    right = [one.right for one in tested]
    yes = [chance for chance, one in zip(sure, tested, strict=True) if one.answerable]
    no = [chance for chance, one in zip(sure, tested, strict=True) if not one.answerable]
    return {
        "AUROC": measures.auroc(yes, no) or 0.0,
        "expected calibration error": measures.calibration_error(measures.equal_width_bins(sure, right)),
        "Brier": measures.brier(sure, right),
    }
