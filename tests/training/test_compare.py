"""Runs that are trained by turns and measured after each."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny_readers import save_base, small_shelf
from training.reader.compare import Comparison, Variant, compare, table, variants
from training.reader.run import Recipe, Run

RUNS = {"whole": Variant("tiny", Recipe(4, groups=2)), "other seed": Variant("tiny", Recipe(4, groups=2, seed=1))}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_base(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def shelves(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shelves")
    for name in ("training-trees", "held_out-trees"):
        small_shelf().save(folder / name)
        (folder / name / "done").write_text("")
    return folder


@pytest.fixture
def comparison(shelves: Path, base: Path, tmp_path: Path) -> Comparison:
    return Comparison(shelves, tmp_path, RUNS, {"tiny": base}, count=5)


@pytest.mark.slow
def test_all_runs_come_equally_far_and_their_curves_are_written(comparison: Comparison, tmp_path: Path) -> None:
    compare(comparison, RUNS, (0, 2, 4), tmp_path / "curves.json")
    written = json.loads((tmp_path / "curves.json").read_text())
    assert {name: list(run["curve"]) for name, run in written.items()} == {name: ["0", "2", "4"] for name in RUNS}
    assert written["other seed"]["recipe"]["seed"] == 1
    assert written["whole"]["curve"]["4"]["people"]["questions"] == 5
    points = [run["curve"] for run in written.values()]
    assert points[0]["0"] == points[1]["0"]  # before training two seeds are the same


@pytest.mark.slow
def test_what_is_measured_is_not_done_again(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    comparison.advance("whole", 2)
    curve = comparison.curve("whole")
    monkeypatch.setattr(Run, "open", lambda *_: pytest.fail("opened again"))
    comparison.advance("whole", 2)
    assert comparison.curve("whole") == curve


def test_the_table_has_a_row_for_each_run_and_step() -> None:
    figures = dict.fromkeys(
        ("reader+0 @1", "reader+0 @3", "reader+0.5 @1", "reader+0.5 @3", "auroc", "auroc removed"), 0.5
    )
    point = dict.fromkeys(("written for training", "rules", "people"), figures)
    lines = table({"all data": {"curve": {"0": point, "100": point}}}).splitlines()
    assert [line.split(" | ")[:3] for line in lines[2:]] == [
        ["| all data", "0", "0.500 / 0.500"],
        ["| all data", "100", "0.500 / 0.500"],
    ]


def test_every_run_but_the_first_changes_one_thing() -> None:
    first, *others = variants(300).values()
    assert all(
        (run.start != first.start) + (replace(run.recipe, scale=12.0, null=5.0) != first.recipe) == 1 for run in others
    )
    assert {run.recipe.steps for run in others} == {300}
