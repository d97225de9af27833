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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

import index
import qa
from index.encoders import load_encoder
from index.reader import Index
from qa import measures
from qa.assistant import Assistant
from qa.calibrate import Trial, chances, fit_confidence, trial, without_answer
from qa.fitting import fit_ranking
from qa.gold import GoldQuestion, read_gold
from qa.matching import Candidate, Judge
from qa.query import Query, understand
from qa.records import Passage
from qa.retrieve import weigh
from qa.settings import AskSettings
from qa.signals import PASSAGE_SIGNALS, SENTENCE_SIGNALS, WeighedChunk, sentence_signals
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


def trials(corpora_by_name: dict[str, Corpus], weights: Weights, names: Sequence[str]) -> list[Trial]:
    """Answerable questions, the same with their posts taken away, and questions of the other corpora."""
    found: list[Trial | None] = []
    for name in names:
        corpus = corpora_by_name[name]
        assistant = Assistant(corpus.index, weights=weights)
        for question in corpus.questions:
            kind = "answerable" if question.answerable else question.kind
            found.append(_grouped(trial(assistant, question, kind), question))
            if question.answerable and name == "xquad":
                removed = without_answer(corpus.index, question)
                found.append(_grouped(trial(assistant, question, "removed", allowed=removed), question))
        for other in names:
            if other != name:
                for question in corpora_by_name[other].questions[::_OFF_TOPIC_STEP]:
                    found.append(_grouped(trial(assistant, question, "off-topic"), question))
    return [one for one in found if one is not None]


def _grouped(found: Trial | None, question: GoldQuestion) -> Trial | None:
    return None if found is None else replace(found, group=group_of(question))


def fit_ranker(questions: Sequence[Asked], part: str, names: Sequence[str]) -> Linear:
    """Weights of one ranking stage; questions of the samples count for more."""
    usable = [(one, getattr(one, part)) for one in questions]
    usable = [(one, pair) for one, pair in usable if pair[1].any() and not pair[1].all()]
    counts = [1.0 if one.question.post_ids else _SAMPLE_COUNT for one, _ in usable]
    found = fit_ranking([pair for _, pair in usable], _PENALTY, counts)
    return Linear(weights={name: round(float(w), 4) for name, w in zip(names, found, strict=True)})


_COUNTS = {"answerable": 1.0, "removed": 1.0, "near-miss": 5.0, "unanswerable": 5.0, "off-topic": 0.6}


def fit(questions: Sequence[Asked]) -> tuple[Linear, Linear]:
    """Both rankings' weights."""
    return (
        fit_ranker(questions, "passages", PASSAGE_SIGNALS),
        fit_ranker(questions, "sentences", SENTENCE_SIGNALS),
    )


def confidence_figures(confidence: Linear, found: Sequence[Trial]) -> dict[str, float]:
    """AUROC against each kind of unanswerable question, calibration and Brier score, shares of decisions."""
    sure = np.array(chances(confidence, found))
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
        confidence = fit_confidence([one for one in found if halves(one.group) != half], _COUNTS)
        rest = [one for one in found if halves(one.group) == half]
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
    parser.add_argument(
        "--refusal-cost", type=float, default=13.0, help="of a needless refusal; a wrong answer costs 1"
    )
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
        confidence=fit_confidence(found, _COUNTS),
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
