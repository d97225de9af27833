"""Every figure of docs/quality.md, measured and written by one command.

Usage: python -m benchmarks.quality [--shared ../shared] [--ablation FILE] [--held-out FILE]

The page is made from the figures alone: nothing in it is typed by hand. `--held-out` is what
`benchmarks.fit --json` wrote, `--ablation` what `benchmarks.ablation --json` wrote.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fit_data import PLAIN, SETTINGS, Asked, Corpus, asked, corpora, group_of, halves
from benchmarks.page import QUALITY, markdown, write_around_sections
from qa.answering.weights import Linear, default_weights
from qa.assistant import Assistant
from qa.evaluation import metrics
from qa.evaluation.calibrate import Trial, confidences, run_trial, without_answer
from qa.evaluation.gold import GoldSet, read_gold
from qa.evaluation.results import Evaluation
from qa.evaluation.runner import evaluate

_RESULTS = Path("benchmarks/results/quality.json")
_SHOWN = ("post recall@1", "post nDCG@10", "quote@1", "quote@3", "answer@1", "answer@3", "answer hit", "decision")
_CONCLUSION = (
    "A part that gained nothing on any of the three sets was taken out before these tables were made: of the "
    "sentence features the sentence's own coverage, definitions, reasons, items, questions, the sentence before and"
    " the passage's cosine; of the confidence's features margins, agreement of the searches, unknown and heaviest "
    "missing terms. What is left gains on at least one: code, rows, lists and bylines do not occur in XQuAD, whose "
    "figures the features' tables show. Title and headings as context cost a question of the few on the real posts,"
    " and gain on XQuAD's subjects that stand only in a title. A feature by itself costs no time that can be "
    "measured; the parts' median milliseconds of a question stand in the last table."
)
_FOREIGN_STEP = 6  # every sixth of the Spanish questions
Table = list[list[str]]


def evaluated(corpus: Corpus) -> Evaluation:
    """A corpus' gold questions through the public API."""
    gold = GoldSet(name=corpus.name, questions=corpus.questions, sha256="", dropped=0)
    return evaluate(Assistant(corpus.index), gold)


def by_sentence(questions: Sequence[Asked], linear: Linear) -> dict[str, float]:
    """How often a single sentence holds the answer, before quotes are completed and joined."""
    weights = np.array([linear.weights.get(name, 0.0) for name in PLAIN.sentences])
    orders = [(one.sentences[1], np.argsort(-(one.sentences[0] @ weights), kind="stable")) for one in questions]
    return {f"sentence {k}": float(np.mean([right[order[:k]].any() for right, order in orders])) for k in (1, 3)}


def confidence_trials(corpus: Corpus) -> dict[str, list[Trial]]:
    """XQuAD's questions over all of it, with the answering paragraph removed, and over half of its articles."""
    snapshot = Assistant(corpus.index).snapshot
    allowed = corpus.index.allowed_where(lambda post: halves(post.id.rpartition("#")[0]) == 0)
    found: dict[str, list[Trial]] = {"answerable": [], "removed": [], "half, in": [], "half, left out": []}
    for question in corpus.questions:
        inside = halves(group_of(question)) == 0
        kind, half = ("answerable", "half, in") if inside else ("left out", "half, left out")
        removed = without_answer(corpus.index, question)
        _keep(found["answerable"], run_trial(snapshot, SETTINGS, question, "answerable"))
        _keep(found["removed"], run_trial(snapshot, SETTINGS, question, "removed", allowed=removed))
        _keep(found[half], run_trial(snapshot, SETTINGS, question, kind, allowed=allowed))
    return found


def foreign_figures(corpus: Corpus, shared: Path) -> dict[str, float]:
    """Spanish questions over English paragraphs, a language that neither corpus nor encoder covers."""
    assistant = Assistant(corpus.index)
    questions = read_gold(shared / "data/xquad-es/questions.jsonl").questions[::_FOREIGN_STEP]
    answers = [assistant.ask(question.question) for question in questions]
    return {
        "Spanish questions: with a warning": float(np.mean([bool(answer.warnings) for answer in answers])),
        "Spanish questions: answered": float(np.mean([answer.answered for answer in answers])),
        "Spanish questions: confidence of one half or more": float(
            np.mean([answer.confidence >= 0.5 for answer in answers])
        ),
    }


def _keep(found: list[Trial], one: Trial | None) -> None:
    if one is not None:
        found.append(one)


def confidence_figures(found: dict[str, list[Trial]], posts: Evaluation) -> dict[str, float]:
    """AUROC of the three cases, calibration error and Brier score."""
    sure = {name: confidences(default_weights(), trials) for name, trials in found.items()}
    both = [*found["answerable"], *found["removed"]]
    chance = [*sure["answerable"], *sure["removed"]]
    right = [one.right for one in both]
    answerable = [row.confidence for row in posts.rows if row.answerable]
    near = [row.confidence for row in posts.rows if row.kind == "near-miss"]
    return {
        "AUROC, half of XQuAD's articles left out": metrics.auroc(sure["half, in"], sure["half, left out"]) or 0,
        "AUROC, answering paragraph removed": metrics.auroc(sure["answerable"], sure["removed"]) or 0,
        "AUROC, near misses over the real posts": metrics.auroc(answerable, near) or 0,
        "expected calibration error": metrics.calibration_error(metrics.equal_width_bins(chance, right)),
        "Brier": metrics.brier(chance, right),
    }


def render(figures: dict[str, Any], held_out: Any, ablation: Any) -> str:
    """The page, out of the figures."""
    parts = [
        "# Quality",
        "Made by `python -m benchmarks.quality`; every figure is measured, none is typed. The weights were fitted on "
        "XQuAD-en and the sample posts (`python -m benchmarks.fit`), so their own figures flatter; the gold "
        "questions on the real posts were not fitted on, and the held-out table below shows every number fitted on "
        "one half of the articles and measured on the other.",
        "## Through the public API",
        markdown(figures["evaluation"]),
        "`answer@k` counts quotes, which may be several sentences joined; one sentence alone:",
        markdown(figures["sentences"]),
        "## Confidence, with the shipped weights",
        markdown(figures["confidence"]),
    ]
    if held_out:
        parts += ["## Held out: fitted on one half, measured on the other", _held_out(held_out)]
    if ablation:
        parts += ["## What each part is worth", _CONCLUSION, _ablation(ablation)]
    return "\n\n".join(parts) + "\n"


def _held_out(figures: dict[str, dict[str, float]]) -> str:
    names = list(next(iter(figures.values())))
    header = ["figure", *figures]
    rows = ([name, *("–" if name not in row else f"{row[name]:.3f}" for row in figures.values())] for name in names)
    return markdown([header, *rows])


def _ablation(figures: dict[str, Any]) -> str:
    tables = []
    for part, rows in figures["features"].items():
        whole = rows["all"]
        table = [[f"{part}: feature left out", *whole, *(f"gain of the feature, {name}" for name in whole)]]
        for name, row in rows.items():
            gains = [f"{_gain(figure, whole[figure], row[figure]):+.4f}" for figure in whole]
            table.append([name, *(f"{value:.4f}" for value in row.values()), *gains])
        tables.append(markdown(table))
    columns = sorted({(name, figure) for row in figures["parts"].values() for name in row for figure in row[name]})
    table = [["", *(f"{name}: {figure}" for name, figure in columns)]]
    for switch, row in figures["parts"].items():
        cells = (row.get(name, {}).get(figure) for name, figure in columns)
        table.append([switch, *("–" if cell is None else f"{cell:.3f}" for cell in cells)])
    return "\n\n".join([*tables, markdown(table)])


def _gain(figure: str, with_it: float, without: float) -> float:
    """What a feature adds; of errors, less is better."""
    return without - with_it if figure.startswith(("ECE", "Brier")) else with_it - without


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--ablation", type=Path)
    parser.add_argument("--render", action="store_true", help="write the page from the figures measured last")
    options = parser.parse_args()
    figures = _read(_RESULTS) if options.render else measured(options.shared)
    page = render(figures, _read(options.held_out), _read(options.ablation))
    _RESULTS.parent.mkdir(parents=True, exist_ok=True)
    _RESULTS.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_around_sections(QUALITY, page)
    print(page)


def measured(shared: Path) -> dict[str, Any]:
    """The page's own tables: answers, single sentences, confidence."""
    with tempfile.TemporaryDirectory() as folder:
        built = corpora(shared, Path(folder))
        evaluations = {name: evaluated(corpus) for name, corpus in built.items()}
        sentences = {name: by_sentence(asked(built[name]), default_weights().sentence) for name in built}
        confidence = confidence_figures(confidence_trials(built["xquad"]), evaluations["posts"])
        confidence |= foreign_figures(built["xquad"], shared)
    return {
        "evaluation": _evaluation_table(evaluations),
        "sentences": [["", "first", "first three"]]
        + [[name, f"{row['sentence 1']:.3f}", f"{row['sentence 3']:.3f}"] for name, row in sentences.items()],
        "confidence": [["figure", "value"], *([name, f"{value:.3f}"] for name, value in confidence.items())],
    }


def _evaluation_table(evaluations: dict[str, Evaluation]) -> Table:
    table: Table = [["measure", *evaluations]]
    for name in _SHOWN:
        found = [evaluation.overall.measures.get(name) for evaluation in evaluations.values()]
        table.append(
            [name, *("–" if one is None else f"{one.mean:.3f} ({one.low:.2f}–{one.high:.2f})" for one in found)]
        )
    table.append(["questions", *(str(len(evaluation.rows)) for evaluation in evaluations.values())])
    return table


def _read(path: Path | None) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path else None


if __name__ == "__main__":
    main()
