"""Fit how the reader's scores decide: `python -m benchmarks.fit_reading [--written FOLDER] [--write] [--json FILE]`.

Asks questions of several kinds of corpora with the installed reader: XQuAD-en (each question a second time without the
post that answers), the sample posts, and the blogs with written questions that the reader was not trained on
(`--written`, see `benchmarks.written_questions`), all in one index; each of them counts as a corpus. A logistic
regression over `ReadFeatures` is fitted on all, and on all but each corpus in turn: the figures of a corpus come from
the fit without it. The threshold of an answer is the
lowest at which `--precision` of what is shown as an answer is right in those figures; that of the nearest the highest
at which `--kept` of the answerable questions are shown. Where there are blogs, both are theirs alone: XQuAD, of which
97 of 100 are right, would make up for them. The gold questions over real posts and blogs in `shared/gold`
are reported and never fitted on.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

import index
import qa.answering
from benchmarks.written_questions import HELD_OUT, add_written_option, blog_of, written_corpora
from index.filters import Filters
from qa import Assistant
from qa.answering.reread import ReadFeatures, ReadingWeights, reading_weights
from qa.answering.weights import Linear
from qa.evaluation import metrics
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.judge import Candidate, Judge
from qa.reading.reader import load_reader

_SAMPLES = Path(index.__file__).parent / "samples"
_BLOGS = "held-out blogs"
_EASY = ("xquad-en", "samples")
_REPORTED = ("jekyll", "til", "ai-blog-posts")


@dataclass(frozen=True)
class Asked:
    """A question that was asked: its features, and whether the posts answer it and the quotes are right."""

    corpus: str
    features: ReadFeatures
    answerable: bool
    hits: tuple[bool, ...]


def ask_corpus(name: str, posts: Path, gold: Sequence[GoldQuestion], *, removed: bool, folder: Path) -> list[Asked]:
    """Ask every question; with `removed`, a second time without the posts that answer it.

    Questions over several blogs in one index belong to the corpus of their blog.
    """
    root = folder / name
    index.build([posts], root)
    asked: list[Asked] = []
    with Assistant(root) as assistant:
        ids = [post.id for post in assistant.index.posts()]
        for question in gold:
            corpus = blog_of(question) if name == _BLOGS else name
            asked += _asked(corpus, assistant, question, None)
            if removed and question.answerable:
                others = tuple(one for one in ids if one not in question.post_ids)
                gone = question.model_copy(update={"answerable": False, "post_ids": ()})
                asked += _asked(corpus, assistant, gone, Filters(posts=others))
    return asked


def _asked(name: str, assistant: Assistant, question: GoldQuestion, filters: Filters | None) -> Iterator[Asked]:
    features, citations = assistant.read_features(question.question, filters=filters)
    if features is not None:
        judge = Judge(question)
        hits = tuple(
            question.answerable and judge.proves(Candidate(one.post, one.start, one.end, one.shown))
            for one in citations
        )
        yield Asked(name, features, question.answerable, hits)


def _gold(path: Path) -> tuple[GoldQuestion, ...]:
    return read_gold(path).questions


def fit(asked: Sequence[Asked]) -> Linear:
    """Log-odds that the posts answer and the first citation is right; every corpus counts the same."""
    sizes = Counter(one.corpus for one in asked)
    weights = [len(asked) / len(sizes) / sizes[one.corpus] for one in asked]
    model = LogisticRegression(C=1.0, max_iter=1_000).fit(_matrix(asked), _right(asked), weights)
    names = ReadFeatures._fields
    found = {name: round(float(one), 4) for name, one in zip(names, model.coef_[0], strict=True)}
    return Linear(weights=found, intercept=round(float(model.intercept_[0]), 4))


def probabilities(linear: Linear, asked: Sequence[Asked]) -> npt.NDArray[np.float64]:
    """P(right) of each question."""
    log_odds = np.array([linear(one.features) for one in asked])
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _matrix(asked: Sequence[Asked]) -> npt.NDArray[np.float64]:
    return np.array([one.features for one in asked], dtype=np.float64)


def _right(asked: Sequence[Asked]) -> list[bool]:
    return [bool(one.hits and one.hits[0]) for one in asked]


def left_out(asked: Sequence[Asked]) -> npt.NDArray[np.float64]:
    """P(right) of each question by the fit without its corpus."""
    chances = np.zeros(len(asked))
    for name in {one.corpus for one in asked}:
        linear = fit([one for one in asked if one.corpus != name])
        own = [at for at, one in enumerate(asked) if one.corpus == name]
        chances[own] = probabilities(linear, [asked[at] for at in own])
    return chances


def thresholds(
    asked: Sequence[Asked], chances: npt.NDArray[np.float64], precision: float, kept: float
) -> tuple[float, float]:
    """From which probability on an answer is shown as one, and the nearest sentences as such.

    Every corpus counts the same in the precision, whatever its number of questions.
    """
    right = np.array(_right(asked))
    sizes = Counter(one.corpus for one in asked)
    counts = np.array([1 / sizes[one.corpus] for one in asked])
    order = np.argsort(-chances)
    precisions = np.cumsum((counts * right)[order]) / np.cumsum(counts[order])
    enough = np.flatnonzero(precisions >= precision)
    answer = float(chances[order[enough[-1]]]) if len(enough) else 1.0
    answerable = chances[[one.answerable for one in asked]]
    return round(answer, 3), round(min(answer, float(np.quantile(answerable, 1 - kept))), 3)


def figures(asked: Sequence[Asked], chances: npt.NDArray[np.float64], weights: ReadingWeights) -> dict[str, float]:
    """What the decision is worth on a corpus."""
    yes = np.array([one.answerable for one in asked])
    right = np.array(_right(asked))
    shown = chances >= weights.answer
    found = {
        "questions": float(len(asked)),
        "quote@1": float(np.mean(right[yes])),
        "quote@3": float(np.mean([any(one.hits[:3]) for one in asked if one.answerable])),
        "answerable shown as answer or nearest": float(np.mean(chances[yes] >= weights.nearest)),
        "shown as answer, of answerable": float(np.mean(shown[yes])),
    }
    if shown.any():
        found["right, of what is shown as answer"] = float(np.mean(right[shown]))
    if not yes.all():
        found["AUROC, answerable against not"] = metrics.auroc(chances[yes].tolist(), chances[~yes].tolist()) or 0.0
        found["shown as answer, of unanswerable"] = float(np.mean(shown[~yes]))
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    """Ask, fit, print the figures, and write the weights where asked to."""
    options = _options()
    shared, chosen = options.shared, random.Random(7)  # noqa: S311  # draws questions, the same every time
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        xquad = _gold(shared / "data/xquad-en/questions.jsonl")
        sets: dict[str, tuple[Path, Sequence[GoldQuestion], bool]] = {
            "xquad-en": (shared / "data/xquad-en/corpus.jsonl", chosen.sample(list(xquad), options.most // 2), True),
            "samples": (_SAMPLES / "posts", _gold(_SAMPLES / "gold.jsonl"), False),
        }
        if options.written:
            sets[_BLOGS] = (*written_corpora(options.written, folder / "written")[HELD_OUT], True)
        for name, corpus in (("jekyll", "jekyll-news"), ("til", "til"), ("ai-blog-posts", "ai-blog-posts.txt")):
            sets[name] = (shared / "corpus" / corpus, _gold(shared / f"gold/{name}.dev.jsonl"), False)
        asked = [
            one
            for name, (posts, gold, removed) in sets.items()
            for one in ask_corpus(name, posts, gold, removed=removed, folder=folder)
        ]
    own = [one for one in asked if one.corpus not in _REPORTED]
    linear, chances = fit(own), left_out(own)
    of_blogs = [at for at, one in enumerate(own) if one.corpus not in _EASY] or list(range(len(own)))
    answer, nearest = thresholds([own[at] for at in of_blogs], chances[of_blogs], options.precision, options.kept)
    fitted = {"confidence": linear, "answer": answer, "nearest": nearest}
    stated = {**fitted, "reader": load_reader().verify().version, "provenance": _provenance(options)}
    weights = reading_weights().model_copy(update=stated)
    rows = {}
    for name in dict.fromkeys(one.corpus for one in asked):
        some = [one for one in asked if one.corpus == name]
        is_own = np.array([one.corpus == name for one in own])
        rows[name] = figures(some, chances[is_own] if is_own.any() else probabilities(linear, some), weights)
    rows["fitted on, each left out"] = figures(own, chances, weights)
    print(json.dumps({"weights": weights.model_dump(), "figures": rows}, indent=1))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if options.write:
        path = Path(qa.answering.__file__).parent / "weights-reader.json"
        path.write_text(json.dumps(weights.model_dump(), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _provenance(options: argparse.Namespace) -> dict[str, str]:
    written = " --written FOLDER" if options.written else ""
    return {
        "command": f"python -m benchmarks.fit_reading{written} --write",
        "data": "XQuAD-en (CC BY-SA 4.0), also with answering posts removed; the sample posts' gold questions"
        + (
            "; questions written over blogs that the reader was not trained on (docs/reader.md)" * bool(options.written)
        ),
        "thresholds": f"{options.precision:g} of what is shown as answer right, {options.kept:g} of answerable shown"
        + ", on blogs left out from the fit" * bool(options.written),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    add_written_option(parser)
    parser.add_argument("--most", type=int, default=400, help="questions of one corpus")
    parser.add_argument("--precision", type=float, default=0.85)
    parser.add_argument("--kept", type=float, default=0.97)
    parser.add_argument("--write", action="store_true", help="replace qa/answering/weights-reader.json")
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
