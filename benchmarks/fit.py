"""Fit every number of an encoder's weights: ranking of passages and sentences, and the confidence.

Usage: python -m benchmarks.fit [--encoder NAME] [--shared ../shared] [--written FOLDER ...] [--write] [--json FILE]

Data: XQuAD-en (its questions over its own paragraphs; each a second time with the answering paragraph removed,
which makes the rest of the article a near miss), the sample posts with their gold questions, and questions of
one corpus asked of another, which are off topic; with `--written` the ranking of sentences is fitted on questions
written for training over several kinds of blogs as well. The gold questions on the real posts are not fitted on: they
are reported beside. The multilingual encoder has the Spanish samples as well, and weights of their own for questions
in another language than the posts: XQuAD's and the samples' questions in Spanish over English posts, English ones
over the Spanish samples.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import qa.answering
from benchmarks.fit_data import (
    EVERY,
    FITTED_ON,
    PLAIN,
    WIDE,
    Array,
    Asked,
    Corpus,
    FeatureNames,
    Flags,
    asked,
    corpora,
    halves,
    spanish_corpora,
    trials,
    written_blogs,
)
from benchmarks.written_questions import add_written_option
from index.encoders.installed.catalog import MULTILINGUAL
from index.encoders.installed.loading import load_encoder
from index.settings import DEFAULT_ENCODER
from qa.answering.weights import WEIGHT_FILES, BetaCalibration, Linear, Weights, default_weights, save_weights
from qa.evaluation import metrics
from qa.evaluation.calibrate import Trial, confidences, fit_confidence
from qa.evaluation.logistic import fit_ranking
from qa.settings import FOREIGN_REFUSAL_COST, REFUSAL_COST

Figures = dict[str, dict[str, float]]
_SAMPLE_COUNT = 3.0  # a sample question counts as three of XQuAD's: 70 of them stand for every post-like corpus
_TRIALS = 3  # the same in the confidence in one language; between languages it costs more than it gains
_PENALTY = 10.0
_START = Linear(weights={"dense": 30, "sentence": 40, "pair": 30, "lexical": 5, "cognate_overlap": 15})


@dataclass(frozen=True)
class Task:
    """A set of weights to be fitted.

    Attributes:
        blogs: Corpora that the ranking of sentences is fitted on as well. That of passages gains nothing by them, and
            the confidence would let questions off topic through: without reading, their near misses look like answers.
        start: By what candidates are chosen before there are weights.
        sample_passages: The same in the ranking of passages.
        sample_trials: For how many of XQuAD's a trial of the samples counts in the confidence.
    """

    corpora: tuple[Corpus, ...]
    features: FeatureNames
    start: Weights
    refusal_cost: float
    centring: float = 0.0
    sample_trials: int = 1
    sample_passages: float = _SAMPLE_COUNT
    blogs: tuple[Corpus, ...] = ()

    def asked(self) -> list[Asked]:
        """Every answerable question with its candidates' features."""
        every = (*self.corpora, *self.blogs)
        return [one for corpus in every for one in asked(corpus, self.features, self.start, self.centring)]

    def without_blogs(self, questions: Sequence[Asked]) -> list[Asked]:
        """Those of some questions that everything is fitted on."""
        names = {corpus.name for corpus in self.corpora}
        return [one for one in questions if one.corpus in names]


def fit_ranker(
    questions: Sequence[Asked], part: str, names: Sequence[str], sample_count: float = _SAMPLE_COUNT
) -> Linear:
    """Weights of one ranking stage; questions of the samples count for more."""
    usable = [(one, getattr(one, part)) for one in questions]
    usable = [(one, pair) for one, pair in usable if pair[1].any() and not pair[1].all()]
    counts = [sample_count if one.corpus == "samples" else 1.0 for one, _ in usable]
    found = fit_ranking([pair for _, pair in usable], _PENALTY, counts)
    return Linear(weights={name: round(float(w), 4) for name, w in zip(names, found, strict=True)})


# A near miss written by a person counts for five, a question of another corpus for two: of neither are there many.
COUNTS = {
    "answerable": 1.0,
    "removed": 1.0,
    "chunk removed": 1.0,
    "near-miss": 5.0,
    "unanswerable": 5.0,
    "off-topic": 2.0,
}


def confidence_of(task: Task, found: Sequence[Trial]) -> tuple[Linear, BetaCalibration]:
    """The confidence fitted on trials."""
    samples = [one for one in found if "samples" in one.corpus]
    counted = [*found, *samples * (task.sample_trials - 1)]
    return fit_confidence(counted, COUNTS, task.features.confidence)


def ranking(task: Task, questions: Sequence[Asked]) -> Weights:
    """Weights with both rankings fitted, the confidence still that of the start."""
    passage = fit_ranker(task.without_blogs(questions), "passages", task.features.passages, task.sample_passages)
    sentence = fit_ranker(questions, "sentences", task.features.sentences)
    return task.start.model_copy(update={"passage": passage, "sentence": sentence, "centring": task.centring})


def fitted(task: Task, questions: Sequence[Asked], options: argparse.Namespace) -> Weights:
    """Everything fitted on all questions."""
    ranked = ranking(task, questions)
    confidence, beta = confidence_of(task, trials(task.corpora, ranked))
    stated = {"threshold": round(1 / (1 + task.refusal_cost), 4), "quote_margin": options.quote_margin}
    return ranked.with_confidence(confidence, beta).model_copy(update={**stated, "foreign": None})


def confidence_figures(
    sure: Sequence[float], found: Sequence[Trial], refusal_cost: float = REFUSAL_COST
) -> dict[str, float]:
    """AUROC against each kind of unanswerable question, calibration error, Brier score, share answered."""
    pairs = list(zip(sure, found, strict=True))
    positive = [chance for chance, one in pairs if one.answerable]
    corpora_of = {kind: {one.corpus for one in found if one.kind == kind} for kind in {one.kind for one in found}}
    threshold = round(1 / (1 + refusal_cost), 4)
    figures = {f"answered at {threshold}: answerable": float(np.mean(np.array(positive) >= threshold))}
    for kind in sorted({one.kind for one in found if not one.answerable}):
        negative = [chance for chance, one in pairs if one.kind == kind]
        answerable = [chance for chance, one in pairs if one.answerable and one.corpus in corpora_of[kind]]
        figures[f"AUROC answerable / {kind}"] = metrics.auroc(answerable, negative) or 0.0
        figures[f"answered at {threshold}: {kind}"] = float(np.mean(np.array(negative) >= threshold))
    own = [(chance, one.right) for chance, one in pairs if one.kind in ("answerable", "removed")]
    chance, right = [one for one, _ in own], [one for _, one in own]
    figures["ECE, answerable and removed"] = metrics.calibration_error(metrics.equal_width_bins(chance, right))
    figures["Brier, answerable and removed"] = metrics.brier(chance, right)
    return figures


def held_out_figures(task: Task, questions: Sequence[Asked]) -> Figures:
    """Every number fitted on one half of the articles and posts, measured on the other; both ways, and pooled."""
    figures: Figures = {}
    pooled: list[tuple[float, Trial]] = []
    for half in (0, 1):
        ranked = ranking(task, [one for one in questions if halves(one.group) != half])
        found = trials(task.corpora, ranked)
        confidence, beta = confidence_of(task, [one for one in found if halves(one.group) != half])
        rest = [one for one in found if halves(one.group) == half]
        sure = confidences(ranked.with_confidence(confidence, beta), rest)
        measured = [one for one in questions if halves(one.group) == half and one.corpus == "xquad"]
        figures[f"half {half}"] = {
            **_post_ranking(ranked.passage, task.features.passages, measured),
            **_hits(ranked.sentence, task.features.sentences, [one.sentences for one in measured], "sentence"),
            **confidence_figures(sure, rest, task.refusal_cost),
        }
        pooled += zip(sure, rest, strict=True)
    pooled_trials = [one for _, one in pooled]
    figures["both halves"] = confidence_figures([chance for chance, _ in pooled], pooled_trials, task.refusal_cost)
    return figures


def left_out_figures(task: Task, questions: Sequence[Asked]) -> Figures:
    """Sentences of each corpus ranked by weights fitted on the others, beside those fitted on all."""
    names = task.features.sentences
    figures: Figures = {}
    everything = fit_ranker(questions, "sentences", names)
    for corpus in dict.fromkeys(one.corpus for one in questions):
        others = fit_ranker([one for one in questions if one.corpus != corpus], "sentences", names)
        own = [one.sentences for one in questions if one.corpus == corpus]
        fitted_on = {f"{name}, fitted on": value for name, value in _hits(everything, names, own, "sentence").items()}
        left_out = {"questions": float(len(own)), **_hits(others, names, own, "sentence")}
        figures[f"left out: {corpus}"] = left_out | fitted_on
    return figures


def _post_ranking(linear: Linear, names: Sequence[str], asked_questions: Sequence[Asked]) -> dict[str, float]:
    """Recall@1 and nDCG@10 over posts, each post at its best passage."""
    weights = np.array([linear.weights[name] for name in names])
    gains = []
    for one in asked_questions:
        order = np.argsort(-(one.passages[0] @ weights), kind="stable")
        ranked = dict.fromkeys(one.posts[at] for at in order)
        gains.append([float(post in one.question.post_ids) for post in ranked])
    return {
        "XQuAD recall@1": float(np.mean([metrics.recall_at(gain, 1, 1) for gain in gains])),
        "XQuAD nDCG@10": float(np.mean([metrics.ndcg_at(gain, [1.0], 10) for gain in gains])),
    }


def _hits(linear: Linear, names: Sequence[str], ranked: Sequence[tuple[Array, Flags]], what: str) -> dict[str, float]:
    weights = np.array([linear.weights[name] for name in names])
    orders = [(right, np.argsort(-(features @ weights), kind="stable")) for features, right in ranked]
    return {
        f"{what} right among {k}": float(np.mean([right[order[:k]].any() for right, order in orders])) for k in (1, 3)
    }


def tasks(folder: Path, options: argparse.Namespace) -> tuple[Task, Task | None]:
    """What is to be fitted for an encoder: for questions in the posts' language, and for others where it reads them."""
    shared, encoder, cost = options.shared, options.encoder, options.refusal_cost
    built = corpora(shared, folder, encoder)
    blogs = tuple(written_blogs(options.written, folder, encoder).values())
    own = tuple(built[name] for name in FITTED_ON)
    if encoder != MULTILINGUAL:
        return Task(own, PLAIN, default_weights(), cost, blogs=blogs), None
    start = default_weights().model_copy(update={"passage": _START})
    spanish = spanish_corpora(shared, folder, built, encoder)
    own = (*own, spanish.pop("Spanish samples"))
    foreign = Task(tuple(spanish.values()), EVERY, start, options.foreign_refusal_cost, options.centring)
    return Task(own, WIDE, start, cost, sample_trials=_TRIALS, sample_passages=1.0, blogs=blogs), foreign


def provenance(options: argparse.Namespace, *, foreign: bool) -> dict[str, str]:
    """Where the numbers come from."""
    named = "" if options.encoder == DEFAULT_ENCODER else f" --encoder {options.encoder}"
    cost = options.foreign_refusal_cost if foreign else options.refusal_cost
    english = "XQuAD-en (CC BY-SA 4.0), also with answering paragraphs removed; the sample posts' gold questions; "
    blogs = "for the ranking of sentences, questions written over blogs under permissive licences (docs/reader.md); "
    other = "XQuAD's and the samples' questions in Spanish over English posts, English ones over the Spanish samples; "
    return {
        "command": f"python -m benchmarks.fit{named}{' --written FOLDER' if options.written else ''} --write",
        "data": f"{other if foreign else english + blogs * bool(options.written)}each asked of the other as off topic",
        "encoder": options.encoder,
        "threshold": f"a needless refusal costs {cost:g} times a wrong answer, whose quotes the reader sees",
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    add_written_option(parser)
    parser.add_argument("--encoder", choices=tuple(WEIGHT_FILES), default=DEFAULT_ENCODER)
    parser.add_argument(
        "--refusal-cost", type=float, default=REFUSAL_COST, help="of a needless refusal; a wrong answer costs 1"
    )
    parser.add_argument(
        "--foreign-refusal-cost",
        type=float,
        default=FOREIGN_REFUSAL_COST,
        help="the same of a question in another language than the posts",
    )
    parser.add_argument("--quote-margin", type=float, default=4.0)
    parser.add_argument(
        "--centring", type=float, default=0.5, help="share of its language's centre taken off a foreign question"
    )
    parser.add_argument("--write", action="store_true", help="replace the encoder's weights in qa/answering/")
    parser.add_argument("--only", choices=("own", "foreign"), help="fit this part, keep the other as it is")
    parser.add_argument("--quick", action="store_true", help="only fit, measure nothing held out")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


def _kept(options: argparse.Namespace) -> dict[str, Weights]:
    """The part that is not fitted again, as it was shipped."""
    if options.only is None:
        return {}
    shipped = default_weights(options.encoder)
    parts = {"own": shipped, "foreign": shipped.foreign}
    return {name: one for name, one in parts.items() if one is not None and name != options.only}


def _kept_figures(options: argparse.Namespace) -> dict[str, Figures]:
    """That part's figures, where they are to be written beside the new ones."""
    if options.only is None or options.json is None or not options.json.is_file():
        return {}
    return {name: one for name, one in json.loads(options.json.read_text()).items() if name != options.only}


def main() -> None:
    """Fit, print the figures, and write the weights where asked to."""
    options = _options()
    load_encoder(options.encoder)  # if it is not there, that is said before anything is built
    figures: dict[str, Figures] = _kept_figures(options)
    with tempfile.TemporaryDirectory() as folder:
        own, foreign = tasks(Path(folder), options)
        found = _kept(options)
        for name, task in (("own", own), ("foreign", foreign)):
            if task is not None and options.only in (None, name):
                questions = task.asked()
                told = {"provenance": provenance(options, foreign=task is foreign)}
                found[name] = fitted(task, questions, options).model_copy(update=told)
                figures[name] = {} if options.quick else held_out_figures(task, questions)
                if task is own and options.written:
                    figures[name] |= left_out_figures(task, questions)
    weights = found["own"]
    if "foreign" in found:
        weights = weights.model_copy(update={"centring": options.centring, "foreign": found["foreign"]})
    shown = figures if "foreign" in figures else figures["own"]
    print(json.dumps(shown, indent=1))
    if options.json:
        options.json.write_text(json.dumps(shown, indent=1), encoding="utf-8")
    if options.write:
        save_weights(weights, Path(qa.answering.__file__).parent / WEIGHT_FILES[options.encoder])


if __name__ == "__main__":
    main()
