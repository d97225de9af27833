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
from index.vectors import Allowed
from qa import measures
from qa.assistant import Assistant
from qa.calibrate import Trial, chances, fit_confidence, trial, without_answer
from qa.fitting import fit_ranking
from qa.gold import GoldQuestion, read_gold
from qa.matching import Candidate, Judge
from qa.query import Query, understand
from qa.records import Passage
from qa.retrieve import weigh
from qa.settings import REFUSAL_COST, AskSettings
from qa.signals import PASSAGE_SIGNALS, SENTENCE_SIGNALS, WeighedChunk, sentence_signals
from qa.weights import Linear, Weights, default_weights, save_weights

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SETTINGS = AskSettings()
_SAMPLE_COUNT = 3.0  # a sample question counts as three of XQuAD's: 70 of them stand for every post-like corpus
_PENALTY = 10.0
_LONG_RANKING = 50
FITTED_ON = ("xquad", "samples")
_OFF_TOPIC_STEP = 3  # of the other corpora's questions: they are easy, and a third of them is plenty


@dataclass(frozen=True)
class Asked:
    """A question with its candidates' signals and which of them are right; `posts` are the passages' posts."""

    question: GoldQuestion
    group: str
    posts: tuple[str, ...]
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
        rows += sentence_signals(query, one)
        for sentence in one.chunk.sentences:
            text = one.post.body[sentence.start : sentence.end]
            right.append(judge.proves(Candidate(one.post, sentence.start, sentence.end, text)))
    posts = tuple(one.post.id for one in found)
    return Asked(question, group_of(question), posts, (passages, covers), (np.array(rows), np.array(right)))


def _bare(one: WeighedChunk) -> Passage:
    return Passage(post=one.post, text=one.chunk.text, start=one.chunk.start, end=one.chunk.end, score=0)


def trials(corpora_by_name: dict[str, Corpus], weights: Weights, names: Sequence[str]) -> list[Trial]:
    """Answerable questions, the same with the answer taken away, and questions of the other corpora."""
    found: list[Trial | None] = []
    for name in names:
        corpus = corpora_by_name[name]
        assistant = Assistant(corpus.index, weights=weights)
        for question in corpus.questions:
            kind = "answerable" if question.answerable else question.kind
            found.append(_placed(trial(assistant, question, kind), question, corpus))
            if question.answerable:
                kind, kept = _taken_away(corpus, question)
                found.append(_placed(trial(assistant, question, kind, allowed=kept), question, corpus))
        for other in names:
            if other != name:
                for question in corpora_by_name[other].questions[::_OFF_TOPIC_STEP]:
                    found.append(_placed(trial(assistant, question, "off-topic"), question, corpus))
    return [one for one in found if one is not None]


def _taken_away(corpus: Corpus, question: GoldQuestion) -> tuple[str, Allowed]:
    """XQuAD without the answering paragraph, which is a post there; a sample post without the answering chunk."""
    if question.post_ids:
        return "removed", without_answer(corpus.index, question)
    judge = Judge(question)
    rows = corpus.index.chunks(range(corpus.index.manifest.chunks))
    covers = (judge.covers(Passage(post=p, text=c.text, start=c.start, end=c.end, score=0)) for p, c in rows)
    return "chunk removed", ~np.fromiter(covers, dtype=np.bool_)


def _placed(found: Trial | None, question: GoldQuestion, corpus: Corpus) -> Trial | None:
    return None if found is None else replace(found, group=group_of(question), corpus=corpus.name)


def fit_ranker(questions: Sequence[Asked], part: str, names: Sequence[str]) -> Linear:
    """Weights of one ranking stage; questions of the samples count for more."""
    usable = [(one, getattr(one, part)) for one in questions]
    usable = [(one, pair) for one, pair in usable if pair[1].any() and not pair[1].all()]
    counts = [1.0 if one.question.post_ids else _SAMPLE_COUNT for one, _ in usable]
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


def fit(questions: Sequence[Asked]) -> tuple[Linear, Linear]:
    """Both rankings' weights."""
    return (
        fit_ranker(questions, "passages", PASSAGE_SIGNALS),
        fit_ranker(questions, "sentences", SENTENCE_SIGNALS),
    )


def confidence_figures(sure: Sequence[float], found: Sequence[Trial]) -> dict[str, float]:
    """AUROC against each kind of unanswerable question, calibration error, Brier score, share answered."""
    pairs = list(zip(sure, found, strict=True))
    positive = [chance for chance, one in pairs if one.answerable]
    corpora_of = {kind: {one.corpus for one in found if one.kind == kind} for kind in {one.kind for one in found}}
    threshold = round(1 / (1 + REFUSAL_COST), 4)
    figures = {f"answered at {threshold}: answerable": float(np.mean(np.array(positive) >= threshold))}
    for kind in sorted({one.kind for one in found if not one.answerable}):
        negative = [chance for chance, one in pairs if one.kind == kind]
        answerable = [chance for chance, one in pairs if one.answerable and one.corpus in corpora_of[kind]]
        figures[f"AUROC answerable / {kind}"] = measures.auroc(answerable, negative) or 0.0
        figures[f"answered at {threshold}: {kind}"] = float(np.mean(np.array(negative) >= threshold))
    own = [(chance, one.right) for chance, one in pairs if one.kind in ("answerable", "removed")]
    chance, right = [one for one, _ in own], [one for _, one in own]
    figures["ECE, answerable and removed"] = measures.calibration_error(measures.equal_width_bins(chance, right))
    figures["Brier, answerable and removed"] = measures.brier(chance, right)
    return figures


def halves(group: str) -> int:
    """0 or 1 by the group's name, the same at every run."""
    return hashlib.sha256(group.encode()).digest()[0] % 2


def held_out_figures(built: dict[str, Corpus], questions: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Every number fitted on one half of the articles and posts, measured on the other; both ways, and pooled."""
    figures: dict[str, dict[str, float]] = {}
    pooled: list[tuple[float, Trial]] = []
    for half in (0, 1):
        passage, sentence = fit([one for one in questions if halves(one.group) != half])
        ranking = default_weights().model_copy(update={"passage": passage, "sentence": sentence})
        found = trials(built, ranking, FITTED_ON)
        confidence, bend = fit_confidence([one for one in found if halves(one.group) != half], COUNTS)
        rest = [one for one in found if halves(one.group) == half]
        sure = chances(ranking.with_confidence(confidence, bend), rest)
        measured = [one for one in questions if halves(one.group) == half and one.question.post_ids]
        figures[f"half {half}"] = {
            **_post_ranking(passage, measured),
            **_hits(sentence, SENTENCE_SIGNALS, [one.sentences for one in measured], "sentence"),
            **confidence_figures(sure, rest),
        }
        pooled += zip(sure, rest, strict=True)
    figures["both halves"] = confidence_figures([chance for chance, _ in pooled], [one for _, one in pooled])
    return figures


def _post_ranking(linear: Linear, asked_questions: Sequence[Asked]) -> dict[str, float]:
    """Recall@1 and nDCG@10 over posts, each post at its best passage."""
    weights = np.array([linear.weights[name] for name in PASSAGE_SIGNALS])
    gains = []
    for one in asked_questions:
        order = np.argsort(-(one.passages[0] @ weights), kind="stable")
        ranked = dict.fromkeys(one.posts[at] for at in order)
        gains.append([float(post in one.question.post_ids) for post in ranked])
    return {
        "XQuAD recall@1": float(np.mean([measures.recall_at(gain, 1, 1) for gain in gains])),
        "XQuAD nDCG@10": float(np.mean([measures.ndcg_at(gain, [1.0], 10) for gain in gains])),
    }


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
        "--refusal-cost", type=float, default=REFUSAL_COST, help="of a needless refusal; a wrong answer costs 1"
    )
    parser.add_argument("--quote-margin", type=float, default=4.0)
    parser.add_argument("--write", action="store_true", help="replace qa/weights.json")
    parser.add_argument("--quick", action="store_true", help="only fit, measure nothing held out")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        built = corpora(options.shared, Path(folder))
        questions = asked(built["xquad"]) + asked(built["samples"])
        passage, sentence = fit(questions)
        ranking = default_weights().model_copy(update={"passage": passage, "sentence": sentence})
        found = trials(built, ranking, FITTED_ON)
        figures = {} if options.quick else held_out_figures(built, questions)
    confidence, bend = fit_confidence(found, COUNTS)
    weights = Weights(
        passage=passage,
        sentence=sentence,
        confidence=confidence,
        bend=bend,
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
