"""An exported reader on questions it was not trained on: `python -m training.reader.check --reader FOLDER ...`.

Prints a table: of every set the answering unit among the first one and three, by the ranking alone and with the reader
beside it, and how well the best score tells questions that are answered from those that are not.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from index.encoders.installed.loading import default_model_folder
from qa.reading.reader import TOKENIZER_FILE, Reader
from training.reader.data import Data, load_data
from training.reader.measure import Measured, Read, auroc, figures, read_questions, sample
from training.reader.shelf import Shelf
from training.reader.sources import source_of
from training.reader.tokens import Tokens

_COLUMNS = (
    "questions",
    "found",
    "ranking @1",
    "ranking @3",
    "reader+0 @1",
    "reader+0 @3",
    "reader+0.5 @1",
    "reader+0.5 @3",
    "reader+1 @1",
    "reader+1 @3",
    "reader+2 @1",
    "reader+2 @3",
    "auroc removed",
    "auroc confidence",
    "auroc",
    "auroc both",
)
_LEAST = 1e-6


def both(measured: Sequence[Measured]) -> float:
    """AUROC of the reader's best score plus the log-odds of the confidence without it."""

    def score(result: Measured) -> float:
        confidence = min(max(result.question.confidence, _LEAST), 1 - _LEAST)
        return result.best + math.log(confidence / (1 - confidence))

    asked = [score(result) for result in measured if result.question.answerable]
    return round(auroc(asked, [score(result) for result in measured if not result.question.answerable]), 4)


def read_with(reader: Reader) -> Read:
    """An exported reader's scores, window by window."""
    return lambda inputs: [reader.scored(each).scores.tolist() for each in inputs]


def read_held_out(read: Read, data: Data, tokens: Tokens, count: int) -> dict[str, list[Measured]]:
    """So many questions of each held-out source, read."""
    return {
        name: read_questions(sample(questions, count), data.passages, tokens, read)
        for name, questions in data.held_out.items()
    }


def by_origin(held_out: Mapping[str, Sequence[Measured]]) -> dict[str, dict[str, float]]:
    """Figures by the origin of the questions, all held-out sources of an origin together."""
    pooled: dict[str, list[Measured]] = defaultdict(list)
    for name, measured in held_out.items():
        pooled[source_of(name).origin.value] += measured
    return {origin: figures(measured) for origin, measured in pooled.items()}


def check(reader: Reader, shelves: Path, gold: Path | None, count: int) -> dict[str, dict[str, float]]:
    """Figures of every held-out source, of all with questions of one origin, and of every gold set."""
    tokens = Tokens(default_model_folder())
    held_out = read_held_out(read_with(reader), load_data(shelves), tokens, count)
    by_set = {name: figures(measured) for name, measured in held_out.items()}
    by_set |= {f"{origin}, pooled": values for origin, values in by_origin(held_out).items()}
    pooled: list[Measured] = []
    for place in sorted(gold.iterdir()) if gold else ():
        shelf = Shelf.load(place)
        measured = read_questions(shelf.questions, shelf.passages, tokens, read_with(reader))
        by_set[place.name] = {**figures(measured), "auroc both": both(measured)}
        pooled += measured
    if pooled:
        by_set["gold, pooled"] = {**figures(pooled), "auroc both": both(pooled)}
    return by_set


def table(by_set: dict[str, dict[str, float]]) -> str:
    """The figures as a Markdown table."""
    head = f"| set | {' | '.join(_COLUMNS)} |\n|{'---|' * (len(_COLUMNS) + 1)}"
    rows = [
        f"| {name} | " + " | ".join(_shown(column, row.get(column)) for column in _COLUMNS) + " |"
        for name, row in by_set.items()
    ]
    return "\n".join([head, *rows])


def _shown(column: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if column == "questions" else f"{value:.3f}"


def main() -> None:
    """Measure the reader that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", type=Path, required=True, help="a folder that training.reader.export wrote")
    parser.add_argument("--shelves", type=Path, required=True)
    parser.add_argument("--gold", type=Path, help="what training.reader.gold_shelf wrote")
    parser.add_argument("--count", type=int, default=150, help="questions of each held-out source")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    reader = Reader(options.reader, default_model_folder() / TOKENIZER_FILE)
    by_set = check(reader, options.shelves, options.gold, options.count)
    print(table(by_set))
    if options.json:
        options.json.write_text(json.dumps(by_set, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
