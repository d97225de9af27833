"""What each part of ranking and evidence is worth: the figures with it and without it.

Usage: python -m benchmarks.ablation [--shared ../shared] [--json FILE] [--step N]

Features are left out one at a time and the weights fitted anew on the other half of the articles; whole parts
(spelling, context, completing of quotes) are switched off in the running program. Cost is the difference of
the median time of a question, both measured in turns in one run.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np

import index
from benchmarks.fit import COUNTS, confidence_figures, fit_ranker
from benchmarks.fit_data import FITTED_ON, PLAIN, Asked, Corpus, asked, corpora, halves, trials
from index.settings import BuildSettings, ChunkSettings
from qa.answering.confidence import CONFIDENCE_FEATURES
from qa.answering.weights import default_weights
from qa.assistant import Assistant
from qa.evaluation.calibrate import Trial, confidences, fit_confidence
from qa.evaluation.gold import GoldSet
from qa.evaluation.runner import evaluate

Figures = dict[str, float]
_HEADLINES = ("post recall@1", "quote@1", "quote@3", "answer@1", "answer@3", "answer hit")


def without_feature(questions: Sequence[Asked], part: str, names: Sequence[str], left_out: str | None) -> Figures:
    """Hits among one and three on XQuAD's other half, both ways, with one feature's column removed."""
    kept = [at for at, name in enumerate(names) if name != left_out]
    kept_names = [names[at] for at in kept]
    cut = [_cut(one, part, kept) for one in questions]
    hits: dict[int, list[bool]] = {1: [], 3: []}
    for half in (0, 1):
        linear = fit_ranker([one for one in cut if halves(one.group) != half], part, kept_names)
        weights = np.array([linear.weights[name] for name in kept_names])
        for one in cut:
            if halves(one.group) == half and one.question.post_ids:
                features, right = getattr(one, part)
                order = np.argsort(-(features @ weights), kind="stable")
                for k, found in hits.items():
                    found.append(bool(right[order[:k]].any()))
    return {f"right among {k}": float(np.mean(found)) for k, found in hits.items()}


def confidence_without(found: Sequence[Trial], left_out: str | None) -> Figures:
    """AUROC and calibration error on the other half of the articles, both ways, without one feature."""
    blind = [one if left_out is None else _silenced(one, left_out) for one in found]
    chance: list[float] = []
    measured: list[Trial] = []
    for half in (0, 1):
        linear, beta = fit_confidence([one for one in blind if halves(one.group) != half], COUNTS)
        rest = [one for one in blind if halves(one.group) == half]
        chance += confidences(default_weights().with_confidence(linear, beta), rest)
        measured += rest
    figures = confidence_figures(chance, measured)
    return {name: value for name, value in figures.items() if name.startswith(("AUROC", "ECE", "Brier"))}


def _silenced(trial: Trial, name: str) -> Trial:
    return replace(trial, features=trial.features._replace(**{name: 0.0}))


def _cut(one: Asked, part: str, kept: Sequence[int]) -> Asked:
    features, right = getattr(one, part)
    pairs = {"passages": one.passages, "sentences": one.sentences} | {part: (features[:, list(kept)], right)}
    return replace(one, passages=pairs["passages"], sentences=pairs["sentences"])


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


@contextmanager
def _no_spelling() -> Iterator[None]:
    with mock.patch("qa.question.query.corrected_question", lambda question, *_: question):
        yield


@contextmanager
def _no_completing() -> Iterator[None]:
    with mock.patch("qa.answering.quotes._antecedent", lambda body, start, end: start):
        yield


@contextmanager
def _no_lists() -> Iterator[None]:
    with (
        mock.patch("qa.answering.quotes._list_end", lambda body, start: start),
        mock.patch("qa.answering.quotes._whole_list", lambda body, start, end: (start, end)),
    ):
        yield


@contextmanager
def _no_joining() -> Iterator[None]:
    with mock.patch("qa.answering.quotes._belong_together", return_value=False):
        yield


SWITCHES: dict[str, Callable[[], object]] = {
    "everything on": _as_it_is,
    "without spelling": _no_spelling,
    "without what a quote points back to": _no_completing,
    "without whole lists": _no_lists,
    "without joining neighbours": _no_joining,
}


def switched(corpora_by_name: dict[str, Corpus], step: int) -> dict[str, dict[str, Figures]]:
    """Headline figures on each corpus for every switch, and the median milliseconds of a question."""
    figures: dict[str, dict[str, Figures]] = {}
    for name, corpus in corpora_by_name.items():
        assistant = Assistant(corpus.index)
        questions = corpus.questions[:: step if name == "xquad" else 1]
        gold = GoldSet(name=name, questions=questions, sha256="", dropped=0)
        for switch, turned in SWITCHES.items():
            with turned():  # type: ignore[attr-defined]  # each is a context manager
                figures.setdefault(switch, {})[name] = _headlines(assistant, gold)
    _add_times(figures, Assistant(corpora_by_name["posts"].index), corpora_by_name["posts"].questions)
    return figures


def _headlines(assistant: Assistant, gold: GoldSet) -> Figures:
    measured = evaluate(assistant, gold).overall.measures
    return {name: measured[name].mean for name in _HEADLINES if name in measured}


def _add_times(figures: dict[str, dict[str, Figures]], assistant: Assistant, questions: Sequence[object]) -> None:
    times: dict[str, list[float]] = {switch: [] for switch in SWITCHES}
    for question in questions:
        for switch, turned in SWITCHES.items():
            with turned():  # type: ignore[attr-defined]
                begun = time.perf_counter()
                assistant.ask(question.question)  # type: ignore[attr-defined]
                times[switch].append((time.perf_counter() - begun) * 1000)
    for switch, taken in times.items():
        figures[switch]["milliseconds"] = {"median": statistics.median(taken)}


def without_context(shared: Path, folder: Path, corpora_by_name: dict[str, Corpus], step: int) -> dict[str, Figures]:
    """Headline figures with nothing read before a chunk's own text."""
    settings = BuildSettings(chunks=ChunkSettings(context_tokens=0))
    sources = {"xquad": shared / "data/xquad-en/corpus.jsonl", "posts": shared / "corpus"}
    found = {}
    for name, source in sources.items():
        index.build([source], folder / f"{name}-bare", settings=settings)
        questions = corpora_by_name[name].questions[:: step if name == "xquad" else 1]
        gold = GoldSet(name=name, questions=questions, sha256="", dropped=0)
        found[name] = _headlines(Assistant(folder / f"{name}-bare"), gold)
    return found


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--step", type=int, default=4, help="every Nth of XQuAD's questions for the switches")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = corpora(options.shared, folder)
        questions = asked(built["xquad"]) + asked(built["samples"])
        features = {
            part: {left_out or "all": without_feature(questions, part, names, left_out) for left_out in (None, *names)}
            for part, names in (("passages", PLAIN.passages), ("sentences", PLAIN.sentences))
        }
        found = trials([built[name] for name in FITTED_ON], default_weights())
        features["confidence"] = {
            left_out or "all": confidence_without(found, left_out) for left_out in (None, *CONFIDENCE_FEATURES)
        }
        parts = switched(built, options.step)
        parts["without title and headings as context"] = without_context(options.shared, folder, built, options.step)
    figures = {"features": features, "parts": parts}
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
