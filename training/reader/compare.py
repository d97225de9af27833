"""Runs of equal budget that differ in one thing each: `python -m training.reader.compare --shelves DIR --runs DIR`.

All runs are trained by turns, so many steps at a time, and measured in 8 bits after each turn on questions that are
held out: whenever it stops, all have come equally far. The same command goes on where it was stopped. The curves are
written as JSON after every measurement.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from index.encoders.installed.loading import default_model_folder
from index.encoders.onnx.model_config import read_model_folder
from index.settings import DEFAULT_ENCODER
from qa.reading.reader import TOKENIZER_FILE, Reader
from training.reader import multilingual
from training.reader.check import by_origin, read_held_out, read_with
from training.reader.data import load_data
from training.reader.export import export_reader
from training.reader.listing import written
from training.reader.run import Recipe, Run
from training.reader.sources import Origin
from training.reader.tokens import Tokens
from training.reader.train import Work, train

RESULT = Path(__file__).resolve().parents[2] / "benchmarks/results/reader-runs.json"
MARKS = ("<!-- runs: python -m training.reader.compare -->", "<!-- end of runs -->")
"""Between them stands the table in a document."""

_BOTH = ("reader+0.5 @1", "reader+0.5 @3")
_COLUMNS = {
    "blogs": (Origin.WRITTEN, _BOTH),
    "blogs, reader alone": (Origin.WRITTEN, ("reader+0 @1", "reader+0 @3")),
    "blogs, AUROC near misses": (Origin.WRITTEN, ("auroc",)),
    "blogs, AUROC answer removed": (Origin.WRITTEN, ("auroc removed",)),
    "documentation": (Origin.RULES, _BOTH),
    "Wikipedia and policies": (Origin.PEOPLE, _BOTH),
}
_GROUPS = 4  # questions of a step: half of what the published weights had, for twice the steps
_REPORTED = (
    "questions",
    "ranking @1",
    "ranking @3",
    "reader+0 @1",
    "reader+0 @3",
    "reader+0.5 @1",
    "reader+0.5 @3",
    "auroc removed",
    "near misses",
    "auroc",
)


@dataclass(frozen=True)
class Variant:
    """One run of the comparison: the encoder it starts from, and its recipe."""

    start: str
    recipe: Recipe


def variants(steps: int) -> dict[str, Variant]:
    """All runs by name; each but the first differs from the first in one thing."""
    whole = Recipe(steps, groups=_GROUPS)
    technical = (Origin.WRITTEN.value, Origin.RULES.value)
    of_e5 = replace(whole, scale=multilingual.SCALE, null=multilingual.NULL)
    return {
        "all data": Variant(DEFAULT_ENCODER, whole),
        multilingual.NAME: Variant(multilingual.NAME, of_e5),
        "without near misses": Variant(DEFAULT_ENCODER, replace(whole, near_misses=False)),
        "without blogs and code": Variant(DEFAULT_ENCODER, replace(whole, without=technical)),
        "another seed": Variant(DEFAULT_ENCODER, replace(whole, seed=1)),
    }


class Comparison:
    """The runs of a folder.

    Args:
        shelves: What `training.reader.prepare` wrote.
        folder: Of the runs.
        runs: By name.
        starts: Folders of the encoders that the runs start from, by name.
        count: Questions of each held-out source.
    """

    def __init__(
        self, shelves: Path, folder: Path, runs: Mapping[str, Variant], starts: Mapping[str, Path], count: int
    ) -> None:
        self._shelves, self._folder, self._runs, self._starts, self._count = shelves, folder, runs, starts, count
        self._data = load_data(shelves)

    def advance(self, name: str, until: int) -> None:
        """Train a run up to a step and measure it there, unless that is done."""
        curve = self.curve(name)
        if str(until) in curve:
            return
        curve[str(until)] = (self._untrained(name) if until == 0 else None) or self._measured(name, until)
        path = self._curve_file(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(curve, indent=1) + "\n", encoding="utf-8")

    def curve(self, name: str) -> dict[str, Any]:
        """What was measured of a run, by step."""
        path = self._curve_file(name)
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def result(self) -> dict[str, Any]:
        """Of every run that was measured its start, recipe and curve."""
        return {
            name: {"start": variant.start, "recipe": asdict(variant.recipe), "curve": curve}
            for name, variant in self._runs.items()
            if (curve := self.curve(name))
        }

    def _curve_file(self, name: str) -> Path:
        return self._folder / name.replace(" ", "-") / "measured.json"

    def _untrained(self, name: str) -> Any:
        """What was measured of another run with the same start before its training; None where nothing was."""
        same = [other for other, variant in self._runs.items() if variant.start == self._runs[name].start]
        return next((point for other in same if (point := self.curve(other).get("0"))), None)

    def _measured(self, name: str, until: int) -> dict[str, Any]:
        variant, folder = self._runs[name], self._curve_file(name).parent
        start = self._starts[variant.start]
        run = Run.open(folder, variant.recipe, start)
        if run.step < until:
            work = Work(self._shelves, folder, start, None, frozenset(), variant.recipe, processes=1, until=until)
            train(run, self._data.chosen(variant.recipe), work)
        with tempfile.TemporaryDirectory() as scratch:
            export_reader(run.average, "0", Path(scratch), read_model_folder(start))
            reader = Reader(Path(scratch), start / TOKENIZER_FILE)
            held_out = read_held_out(read_with(reader), self._data, Tokens(start), self._count)
        values = {origin: _reported(figures) for origin, figures in by_origin(held_out).items()}
        return {"seconds": round(run.seconds), **values}


def _reported(values: Mapping[str, float]) -> dict[str, float]:
    return {name: values[name] for name in _REPORTED if name in values}


def table(result: Mapping[str, Any]) -> str:
    """The curves as a Markdown table: a row for each run and step; shares as first / among three."""
    lines = [f"| run | step | {' | '.join(_COLUMNS)} |", f"|{'---|' * (len(_COLUMNS) + 2)}"]
    for name, run in result.items():
        for step, point in run["curve"].items():
            cells = [
                " / ".join(f"{point[origin][figure]:.3f}" for figure in figures)
                for origin, figures in _COLUMNS.values()
            ]
            lines.append(f"| {name} | {step} | {' | '.join(cells)} |")
    return "\n".join(lines)


def compare(comparison: Comparison, names: Iterable[str], steps: Iterable[int], out: Path) -> None:
    """Bring every named run to each of some steps in turn."""
    order = list(names)
    for step in steps:
        for name in order:
            comparison.advance(name, step)
            out.write_text(json.dumps(comparison.result(), indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Compare what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shelves", type=Path, required=True, help="what training.reader.prepare wrote")
    parser.add_argument("--runs", type=Path, required=True, help="a folder for the runs")
    parser.add_argument("--steps", type=int, default=300, help="of each run")
    parser.add_argument("--until", type=int, help="the step to stop at, before the last one")
    parser.add_argument("--every", type=int, default=100, help="steps of a turn")
    parser.add_argument("--count", type=int, default=60, help="questions of each held-out source")
    parser.add_argument("--only", action="append", choices=list(variants(0)), help="a run; repeatable")
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--write", type=Path, help="a document with the two marks, for the table")
    options = parser.parse_args()
    torch.set_num_threads(1)
    runs = variants(options.steps)
    starts = {DEFAULT_ENCODER: default_model_folder()}
    if not options.only or multilingual.NAME in options.only:
        texts = load_data(options.shelves).training_texts
        starts[multilingual.NAME] = multilingual.write_start(options.runs / "start", texts)
    comparison = Comparison(options.shelves, options.runs, runs, starts, options.count)
    turns = range(0, (options.until or options.steps) + 1, options.every)
    compare(comparison, options.only or runs, turns, options.out)
    if options.write:
        document = options.write.read_text(encoding="utf-8")
        options.write.write_text(written(document, table(comparison.result()), MARKS), encoding="utf-8")


if __name__ == "__main__":
    main()
