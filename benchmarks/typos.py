"""How much typing errors cost, and what correcting them gains: the questions of three corpora, mistyped.

Usage: python -m benchmarks.typos [--shared ../shared] [--json FILE] [--render]

Of a question's letters and digits a share is mistyped, each swapped with the next one or left out, by chance and with
a fixed seed. Recall@1 and nDCG@10 over posts, questions read as they are and corrected.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import index
from benchmarks.page import QUALITY, markdown, write_section
from qa.assistant import Assistant
from qa.evaluation import metrics
from qa.evaluation.gold import GoldQuestion, read_gold
from qa.evaluation.judge import Judge, ranked_posts
from qa.settings import AskSettings, ReaderMode

RESULTS = Path("benchmarks/results/typos.json")
_SHARES = (0.0, 0.05, 0.1, 0.2)
_SEED = 7
_SETS = {
    "XQuAD-en": ("data/xquad-en/corpus.jsonl", "data/xquad-en/questions.jsonl"),
    "jekyll": ("corpus/jekyll-news", "gold/jekyll.dev.jsonl"),
    "til": ("corpus/til", "gold/til.dev.jsonl"),
}


def mistyped(text: str, share: float, chance: np.random.Generator) -> str:
    """A text with a share of its letters and digits swapped with the next one or, as often, left out."""
    typed, at = "", 0
    while at < len(text):
        letter, following = text[at], text[at + 1 : at + 2]
        at += 1
        if not letter.isalnum() or chance.random() >= share:
            typed += letter
        elif chance.random() < 0.5 and following.isalnum():
            typed += following + letter
            at += 1
    return typed


def figures(assistant: Assistant, questions: Sequence[GoldQuestion], share: float) -> dict[str, float]:
    """Recall@1 and nDCG@10 over posts."""
    chance = np.random.default_rng(_SEED)
    recall, gain = [], []
    for question in questions:
        judge = Judge(question)
        gains = judge.post_gains(ranked_posts(assistant.search(mistyped(question.question, share, chance), k=50)))
        recall.append(metrics.recall_at(gains, 1, 1))
        gain.append(metrics.ndcg_at(gains, tuple(judge.gains.values()), 10))
    return {"recall@1": metrics.mean(recall), "nDCG@10": metrics.mean(gain)}


def measured(shared: Path) -> dict[str, Any]:
    """Of each set the figures at each share of mistyped letters, with correction and without."""
    as_typed = mock.patch("qa.question.query.corrected_question", lambda question, *_: question)
    found: dict[str, Any] = {}
    for name, (corpus, gold) in _SETS.items():
        questions = [question for question in read_gold(shared / gold).questions if question.answerable]
        with tempfile.TemporaryDirectory() as root:
            index.build([shared / corpus], root)
            with Assistant(root, settings=AskSettings(reader=ReaderMode.OFF)) as assistant:
                found[name] = {"questions": len(questions), "shares": []}
                for share in _SHARES:
                    row: dict[str, Any] = {"share": share}
                    for reading, switch in (("as typed", as_typed), ("corrected", nullcontext())):
                        with switch:
                            row[reading] = figures(assistant, questions, share)
                    found[name]["shares"].append(row)
    return found


def section(found: dict[str, Any]) -> str:
    """The figures in words and as a table."""
    head = ["posts", "letters mistyped", "as typed: recall@1", "nDCG@10", "corrected: recall@1", "nDCG@10"]
    rows = [head]
    for name, of_set in found.items():
        for row in of_set["shares"]:
            cells = [f"{row[reading][what]:.3f}" for reading in ("as typed", "corrected") for what in row[reading]]
            rows.append([f"{name} ({of_set['questions']:,} questions)", f"{row['share']:.0%}", *cells])
    return (
        "`python -m benchmarks.typos`: of the letters of each question so many in a hundred are swapped with the next "
        "or left out. Words that no post holds and that the encoder cuts up are read as the nearest word of the posts; "
        f"ranking alone, no reader.\n\n{markdown(rows)}"
    )


def main() -> None:
    """Measure, keep the figures, and write them into docs/quality.md."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--render", action="store_true", help="write the section from the figures measured last")
    options = parser.parse_args()
    if not options.render:
        text = json.dumps(measured(options.shared), indent=1) + "\n"
        options.json.write_text(text, encoding="utf-8")
    table = section(json.loads(options.json.read_text(encoding="utf-8")))
    write_section(QUALITY, "typos", "Typing errors", table)
    print(table)


if __name__ == "__main__":
    main()
