"""Fit every number of `qa/weights.json`: ranking of passages and sentences, and the confidence.

Usage: python -m benchmarks.fit [--shared ../shared] [--write] [--json FILE]

Data: XQuAD-en (its questions over its own paragraphs; each a second time with the answering paragraph removed,
which makes the rest of the article a near miss), the sample posts with their gold questions, and questions of
one corpus asked of another, which are off topic. The gold questions on the real posts are not fitted on: they
are reported beside.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

import index
import qa
from index.encoders import load_encoder
from index.reader import Index
from qa import measures
from qa.answer import ranked_evidence
from qa.fitting import fit_logistic, fit_ranking
from qa.gold import GoldQuestion, read_gold
from qa.matching import Candidate, Judge
from qa.query import Query, understand
from qa.records import Passage
from qa.retrieve import retrieve, weigh
from qa.settings import AskSettings
from qa.signals import PASSAGE_SIGNALS, SENTENCE_SIGNALS, WeighedChunk, sentence_signals
from qa.trigger import CONFIDENCE_SIGNALS, confidence_signals
from qa.weights import Linear, Weights, default_weights, save_weights

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SETTINGS = AskSettings()
_SAMPLE_COUNT = 5.0  # a sample question counts as five of XQuAD's: 70 of them stand for every post-like corpus
_PENALTY = 3.0
_LONG_RANKING = 50
_OFF_TOPIC_STEP = 3  # of the other corpora's questions: they are easy, and a third of them is plenty


@dataclass(frozen=True)
class Asked:
    """A question with its candidates' signals and which of them are right."""

    question: GoldQuestion
    group: str
    passages: tuple[Array, Flags]
    sentences: tuple[Array, Flags]


@dataclass(frozen=True)
class Trial:
    """A question asked of a corpus that does or does not answer it."""

    group: str
    kind: str
    signals: Array
    right: bool
    answerable: bool


@dataclass(frozen=True)
class Corpus:
    """An opened index with its gold questions."""

    name: str
    index: Index
    questions: tuple[GoldQuestion, ...]

    def query(self, question: GoldQuestion) -> Query:
        """The question against this corpus' terms."""
        return understand(question.question, load_encoder(), self.index.lexical)


def corpora(shared: Path, folder: Path) -> dict[str, Corpus]:
    """Build the three corpora into a folder."""
    samples = Path(index.__file__).parent / "samples"
    places = {
        "xquad": (shared / "data/xquad-en/corpus.jsonl", shared / "data/xquad-en/questions.jsonl"),
        "samples": (samples / "posts", samples / "gold.jsonl"),
        "posts": (shared / "corpus", shared / "gold/ai-blog-posts.dev.jsonl"),
    }
    built = {}
    for name, (source, gold) in places.items():
        index.build([source], folder / name)
        built[name] = Corpus(name, index.open(folder / name), read_gold(gold).questions)
    return built


def group_of(question: GoldQuestion) -> str:
    """What must not be on both sides of a split: the article of an XQuAD question, else the post."""
    ids = question.post_ids or question.posts or (question.id,)
    return ids[0].rpartition("#")[0] or ids[0]


def asked(corpus: Corpus) -> list[Asked]:
    """Every answerable question with its candidates and their signals."""
    return [_asked(corpus, question) for question in corpus.questions if question.answerable]


def _asked(corpus: Corpus, question: GoldQuestion) -> Asked:
    query, judge = corpus.query(question), Judge(question)
    found = weigh(query, corpus.index, default_weights(), SETTINGS, _LONG_RANKING)
    passages = np.array([[one.signals[name] for name in PASSAGE_SIGNALS] for one in found])
    covers = np.array([judge.covers(_bare(one)) for one in found])
    rows, right = [], []
    for one in found[: SETTINGS.weighed]:
        signals = sentence_signals(query, one, corpus.index.lexical)
        for sentence, row in zip(one.chunk.sentences, signals, strict=True):
            rows.append([row[name] for name in SENTENCE_SIGNALS])
            text = one.post.body[sentence.start : sentence.end]
            right.append(judge.proves(Candidate(one.post, sentence.start, sentence.end, text)))
    return Asked(question, group_of(question), (passages, covers), (np.array(rows), np.array(right)))


def _bare(one: WeighedChunk) -> Passage:
    return Passage(post=one.post, text=one.chunk.text, start=one.chunk.start, end=one.chunk.end, score=0)


def trials(corpora_by_name: dict[str, Corpus], weights: Weights, names: Iterable[str]) -> list[Trial]:
    """Answerable questions, the same with their posts taken away, and questions of the other corpora."""
    found: list[Trial] = []
    for name in names:
        corpus = corpora_by_name[name]
        for question in corpus.questions:
            kind = "answerable" if question.answerable else question.kind
            found.extend(_trial(corpus, question, weights, kind))
            if question.answerable and name == "xquad":
                found.extend(_trial(corpus, question, weights, "removed", without=True))
        for other in names:
            if other != name:
                for question in corpora_by_name[other].questions[::_OFF_TOPIC_STEP]:
                    found.extend(_trial(corpus, question, weights, "off-topic"))
    return found


def _trial(
    corpus: Corpus, question: GoldQuestion, weights: Weights, kind: str, *, without: bool = False
) -> list[Trial]:
    query, judge = corpus.query(question), Judge(question)
    allowed = _without(corpus.index, question.post_ids) if without else None
    passages = retrieve(query, corpus.index, weights, SETTINGS, SETTINGS.weighed, allowed)
    ranked = ranked_evidence(passages)
    if not ranked:
        return []
    signals = confidence_signals(query, passages)
    best = ranked[0]
    offered = Candidate(best.passage.post, best.evidence.start, best.evidence.end, best.evidence.text)
    answerable = kind == "answerable"
    row = np.array([signals[name] for name in CONFIDENCE_SIGNALS])
    return [Trial(group_of(question), kind, row, answerable and judge.proves(offered), answerable)]


def _without(opened: Index, post_ids: Sequence[str]) -> Flags:
    rows = [row for row, post in enumerate(opened.posts(), 1) if post.id in post_ids]
    return ~np.isin(opened.chunk_posts, rows)


def fit_ranker(questions: Sequence[Asked], part: str, names: Sequence[str]) -> Linear:
    """Weights of one ranking stage; questions of the samples count for more."""
    usable = [(one, getattr(one, part)) for one in questions]
    usable = [(one, pair) for one, pair in usable if pair[1].any() and not pair[1].all()]
    counts = [1.0 if one.question.post_ids else _SAMPLE_COUNT for one, _ in usable]
    found = fit_ranking([pair for _, pair in usable], _PENALTY, counts)
    return Linear(weights={name: round(float(w), 4) for name, w in zip(names, found, strict=True)})


_COUNTS = {"answerable": 1.0, "removed": 1.0, "near-miss": 5.0, "unanswerable": 5.0, "off-topic": 0.6}


def fit_confidence(found: Sequence[Trial]) -> Linear:
    """Log-odds that the best sentence is right."""
    signals = np.stack([trial.signals for trial in found])
    right = np.array([trial.right for trial in found])
    counts = np.array([_COUNTS[trial.kind] for trial in found])
    slopes, intercept = fit_logistic(signals, right, _PENALTY, counts)
    weights = {name: round(float(w), 4) for name, w in zip(CONFIDENCE_SIGNALS, slopes, strict=True)}
    return Linear(weights=weights, intercept=round(intercept, 4))


def fit(questions: Sequence[Asked]) -> tuple[Linear, Linear]:
    """Both rankings' weights."""
    return (
        fit_ranker(questions, "passages", PASSAGE_SIGNALS),
        fit_ranker(questions, "sentences", SENTENCE_SIGNALS),
    )


def confidence_figures(confidence: Linear, found: Sequence[Trial]) -> dict[str, float]:
    """AUROC against each kind of unanswerable question, calibration and Brier score, shares of decisions."""
    sure = np.array([_chance(confidence, trial) for trial in found])
    kinds = sorted({trial.kind for trial in found if not trial.answerable})
    positive = [float(s) for s, trial in zip(sure, found, strict=True) if trial.answerable]
    figures: dict[str, float] = {}
    for kind in kinds:
        negative = [float(s) for s, trial in zip(sure, found, strict=True) if trial.kind == kind]
        figures[f"AUROC answerable / {kind}"] = measures.auroc(positive, negative) or 0.0
    for threshold in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        figures[f"answered at {threshold}: answerable"] = float(np.mean(np.array(positive) >= threshold))
        for kind in kinds:
            negative = [float(s) for s, trial in zip(sure, found, strict=True) if trial.kind == kind]
            figures[f"answered at {threshold}: {kind}"] = float(np.mean(np.array(negative) >= threshold))
    own = [at for at, trial in enumerate(found) if trial.kind in ("answerable", "removed")]
    right = [found[at].right for at in own]
    figures["ECE, answerable and removed"] = measures.calibration_error(
        measures.equal_width_bins([float(sure[at]) for at in own], right)
    )
    figures["Brier, answerable and removed"] = measures.brier([float(sure[at]) for at in own], right)
    return figures


def _chance(confidence: Linear, trial: Trial) -> float:
    log_odds = confidence(dict(zip(CONFIDENCE_SIGNALS, trial.signals.tolist(), strict=True)))
    return float(0.5 * (1 + np.tanh(log_odds / 2)))


def halves(group: str) -> int:
    """0 or 1 by the group's name, the same at every run."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def held_out_figures(questions: Sequence[Asked], found: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """Everything fitted on one half of the articles and posts, measured on the other; both ways."""
    figures = {}
    for half in (0, 1):
        fitted_on = [one for one in questions if halves(one.group) != half]
        measured = [one for one in questions if halves(one.group) == half and one.question.post_ids]
        passage, sentence = fit(fitted_on)
        confidence = fit_confidence([trial for trial in found if halves(trial.group) != half])
        rest = [trial for trial in found if halves(trial.group) == half]
        figures[f"half {half}"] = {
            **_hits(passage, PASSAGE_SIGNALS, [one.passages for one in measured], "passage"),
            **_hits(sentence, SENTENCE_SIGNALS, [one.sentences for one in measured], "sentence"),
            **confidence_figures(confidence, rest),
        }
    return figures


def _hits(linear: Linear, names: Sequence[str], ranked: Sequence[tuple[Array, Flags]], what: str) -> dict[str, float]:
    weights = np.array([linear.weights[name] for name in names])
    orders = [(right, np.argsort(-(signals @ weights), kind="stable")) for signals, right in ranked]
    return {
        f"{what} right among {k}": float(np.mean([right[order[:k]].any() for right, order in orders])) for k in (1, 3)
    }


def main() -> None:
    """Fit, print the figures, and write the weights where asked to."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--refusal-cost", type=float, default=13.0, help="of a needless refusal; a wrong answer costs 1")
    parser.add_argument("--quote-margin", type=float, default=4.0)
    parser.add_argument("--write", action="store_true", help="replace qa/weights.json")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = corpora(options.shared, Path(folder))
        questions = asked(built["xquad"]) + asked(built["samples"])
        passage, sentence = fit(questions)
        ranking = default_weights().model_copy(update={"passage": passage, "sentence": sentence})
        found = trials(built, ranking, ("xquad", "samples"))
        figures = held_out_figures(questions, found)
    weights = Weights(
        passage=passage,
        sentence=sentence,
        confidence=fit_confidence(found),
        threshold=round(1 / (1 + options.refusal_cost), 4),
        quote_margin=options.quote_margin,
        provenance={
            "command": "python -m benchmarks.fit --write",
            "data": "XQuAD-en (CC BY-SA 4.0), also with answering paragraphs removed; the sample posts' gold "
            "questions; each asked of the other corpus as off topic",
            "encoder": load_encoder().identity.name,
            "threshold": f"a needless refusal costs {options.refusal_cost:g} times a wrong answer, "
            "whose quotes the reader sees",
        },
    )
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if options.write:
        save_weights(weights, Path(qa.__file__).parent / "weights.json")


if __name__ == "__main__":
    main()
