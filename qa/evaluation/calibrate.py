"""Fit the confidence on gold questions: the ones that come with the package, or the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.errors import GoldError
from index.reader import Index
from index.search.vectors import Allowed
from qa.answering.confidence import CONFIDENCE_FEATURES, ConfidenceFeatures, confidence_features
from qa.answering.quotes import ranked_sentences
from qa.answering.retrieve import retrieve
from qa.answering.snapshot import Snapshot
from qa.answering.weights import BetaCalibration, Calibration, Linear, Weights, softplus
from qa.assistant import Assistant
from qa.evaluation import metrics
from qa.evaluation.gold import GoldQuestion, GoldSet
from qa.evaluation.judge import Candidate, Judge
from qa.evaluation.logistic import fit_logistic
from qa.question.query import understand
from qa.settings import AskSettings

PENALTY = 10.0
_BETA_PENALTY = 0.01
_ONE_TO_ONE = ("answerable", "removed")
_ENOUGH_FOR_ALL = 300  # trials: with fewer, only the slope and the level of the shipped confidence are fitted
_FEWEST = 20
_FOLDS = 5


@dataclass(frozen=True)
class Trial:
    """A question asked of a corpus that does or does not answer it.

    Attributes:
        right: The corpus answers it and the best sentence is the answer.
        foreign: It is in another language than the posts.
        group: Trials of one group stay on the same side of a split.
        corpus: Over which corpus it was asked.
    """

    kind: str
    features: ConfidenceFeatures
    right: bool
    answerable: bool
    foreign: bool = False
    group: str = ""
    corpus: str = ""


def run_trial(
    snapshot: Snapshot, settings: AskSettings, question: GoldQuestion, kind: str, *, allowed: Allowed | None = None
) -> Trial | None:
    """Ask a question, of the whole corpus or of the chunks allowed; None where no passage is retrieved.

    Args:
        snapshot: One generation with its encoder and weights; the weights' threshold plays no part.
        settings: How passages are ranked.
        question: With its right answers.
        kind: "answerable" where what is asked can answer it; anything else means that it cannot.
        allowed: For each chunk whether it takes part.
    """
    index, weights = snapshot.index, snapshot.weights
    query = understand(question.question, snapshot.encoder, index.terms, weights.centring)
    passages = retrieve(query, index, weights.of(query), settings, settings.evidence_depth, allowed)
    features = confidence_features(query, passages)
    if features is None:
        return None
    best = ranked_sentences(passages)[0]
    candidate = Candidate(best.passage.post, best.evidence.start, best.evidence.end, best.evidence.text)
    answerable = question.answerable and kind == "answerable"
    return Trial(kind, features, answerable and Judge(question).proves(candidate), answerable, query.is_foreign)


def without_answer(index: Index, question: GoldQuestion) -> Allowed:
    """For each chunk whether it belongs to none of the posts that answer a question."""
    judge = Judge(question)
    return index.allowed_where(lambda post: not judge.accepts(post))


def fit_confidence(
    trials: Sequence[Trial],
    counts: Mapping[str, float] | None = None,
    names: Sequence[str] = CONFIDENCE_FEATURES,
) -> tuple[Linear, BetaCalibration]:
    """Log-odds that the best sentence is right, and their beta calibration.

    The beta calibration is fitted on the trials of questions that the corpus answers and the same with the answer
    taken away, one to one: a stated base rate, whatever the other kinds count.

    Args:
        trials: Of both outcomes.
        counts: How much a trial of each kind counts; 1 where absent.
        names: The features that get a weight.
    """
    columns = [CONFIDENCE_FEATURES.index(name) for name in names]
    features = np.array([trial.features for trial in trials])[:, columns]
    rows = np.array([(counts or {}).get(trial.kind, 1.0) for trial in trials])
    slopes, intercept = fit_logistic(features, _outcomes(trials), PENALTY, rows)
    weights = {name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)}
    linear = Linear(weights=weights, intercept=round(intercept, 4))
    one_to_one = [trial for trial in trials if trial.kind in _ONE_TO_ONE]
    return linear, _fit_beta(linear, one_to_one if _has_both_outcomes(one_to_one) else trials)


def _fit_beta(linear: Linear, trials: Sequence[Trial]) -> BetaCalibration:
    """Beta calibration as a logistic regression on `ln p` and `−ln(1 − p)` (Kull, Silva Filho and Flach 2017)."""
    log_odds = [linear(trial.features) for trial in trials]
    sides = np.array([[-softplus(-value), softplus(value)] for value in log_odds])
    slopes, shift = fit_logistic(sides, _outcomes(trials), _BETA_PENALTY)
    if (slopes < 0).any():  # a negative slope would reverse the order: the other side is fitted alone
        kept = int(np.argmax(slopes))
        (slope,), shift = fit_logistic(sides[:, [kept]], _outcomes(trials), _BETA_PENALTY)
        slopes = np.where(np.arange(2) == kept, max(0.0, float(slope)), 0.0)
    return BetaCalibration(low=round(float(slopes[0]), 4), high=round(float(slopes[1]), 4), shift=round(shift, 4))


def confidences(weights: Weights, trials: Iterable[Trial]) -> list[float]:
    """The confidence of each trial, 0 to 1."""
    return [weights.probability(trial.features) for trial in trials]


def calibrate(
    assistant: Assistant,
    gold: GoldSet,
    refusal_cost: float,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Calibration, dict[str, float]]:
    """Refit the confidence on a gold set about the index.

    Each answerable question is asked twice: of the corpus, and of the corpus without the posts that answer it. Where
    questions in another language than the posts have weights of their own, only the kind that most are of is fitted.

    Args:
        assistant: Over the index; its weights are the starting point.
        gold: Questions about that index.
        refusal_cost: Of a needless refusal, when a wrong answer costs 1; sets the threshold.
        progress: Called with the questions done and their total after each.

    Returns:
        The calibration, and its figures: cross-validated over five parts of the questions.

    Raises:
        GoldError: There are too few questions, or all trials have the same outcome.
    """
    snapshot = assistant.snapshot  # one generation for all trials, whatever is published meanwhile
    trials, shipped = _trials(snapshot, assistant.settings, gold, progress), snapshot.weights
    foreign = shipped.foreign is not None and 2 * sum(trial.foreign for trial in trials) > len(trials)
    if shipped.foreign is not None:
        trials = [trial for trial in trials if trial.foreign == foreign]
        shipped = shipped.foreign if foreign else shipped
    if len(trials) < _FEWEST or not _has_both_outcomes(trials):
        raise GoldError(
            "there is too little to calibrate on",
            where=gold.name,
            seen=f"{len(trials)} trials",
            remedy=f"Give at least {_FEWEST // 2} answerable questions with quotes or answers.",
        )
    fitted = _fit(trials, shipped)
    calibration = Calibration(
        encoder=snapshot.encoder.identity,
        confidence=fitted.confidence,
        beta=fitted.beta,
        threshold=round(1 / (1 + refusal_cost), 4),
        foreign=foreign,
        provenance={"gold": gold.name, "sha256": gold.sha256, "trials": str(len(trials))},
    )
    return calibration, _cross_validated(trials, shipped)


def _trials(
    snapshot: Snapshot, settings: AskSettings, gold: GoldSet, progress: Callable[[int, int], None] | None
) -> list[Trial]:
    trials: list[Trial | None] = []
    for done, question in enumerate(gold.questions, 1):
        kind = "answerable" if question.answerable else question.kind
        trials.append(run_trial(snapshot, settings, question, kind))
        if question.answerable:
            allowed = without_answer(snapshot.index, question)
            trials.append(run_trial(snapshot, settings, question, "removed", allowed=allowed))
        if progress:
            progress(done, len(gold.questions))
    return [trial for trial in trials if trial is not None]


def _fit(trials: Sequence[Trial], shipped: Weights) -> Weights:
    """All weights where there are trials enough; else the shipped log-odds, stretched and shifted (Platt 1999)."""
    if len(trials) >= _ENOUGH_FOR_ALL:
        return shipped.with_confidence(*fit_confidence(trials, names=list(shipped.confidence.weights)))
    log_odds = np.array([[shipped.log_odds(trial.features)] for trial in trials])
    slopes, shift = fit_logistic(log_odds, _outcomes(trials), 1.0)
    stretch = max(0.0, float(slopes[0]))  # a few questions may not reverse the order
    beta = BetaCalibration(
        low=round(shipped.beta.low * stretch, 4),
        high=round(shipped.beta.high * stretch, 4),
        shift=round(shipped.beta.shift * stretch + shift, 4),
    )
    return shipped.with_confidence(shipped.confidence, beta)


def _cross_validated(trials: Sequence[Trial], shipped: Weights) -> dict[str, float]:
    """Figures of trials whose confidence was fitted on the other folds."""
    predicted: list[float] = []
    tested: list[Trial] = []
    for fold in range(_FOLDS):
        held_out = trials[fold::_FOLDS]
        rest = [trial for number, trial in enumerate(trials) if number % _FOLDS != fold]
        if _has_both_outcomes(rest):
            predicted += confidences(_fit(rest, shipped), held_out)
            tested += held_out
    right = [trial.right for trial in tested]
    positive = [value for value, trial in zip(predicted, tested, strict=True) if trial.answerable]
    negative = [value for value, trial in zip(predicted, tested, strict=True) if not trial.answerable]
    return {
        "AUROC": metrics.auroc(positive, negative) or 0.0,
        "expected calibration error": metrics.calibration_error(metrics.equal_width_bins(predicted, right)),
        "Brier": metrics.brier(predicted, right),
    }


def _outcomes(trials: Sequence[Trial]) -> npt.NDArray[np.bool_]:
    return np.array([trial.right for trial in trials])


def _has_both_outcomes(trials: Sequence[Trial]) -> bool:
    return len({trial.right for trial in trials}) == 2
