"""Groups, loss, measurement, and a run that is stopped and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from qa.reading.inputs import ReaderInput
from qa.reading.windows import Unit
from tests.tiny_readers import save_base, small_shelf
from training.reader.data import Data
from training.reader.groups import GroupSampler, LabelledWindow
from training.reader.loss import group_loss
from training.reader.measure import auroc, figures, read_questions
from training.reader.run import Recipe, Run
from training.reader.shelf import Candidate, Question, StoredPassage
from training.reader.tokens import Tokens
from training.reader.train import Work, run_process


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def sampler(base: Path) -> GroupSampler:
    shelf = small_shelf()
    return GroupSampler(shelf.questions, shelf.passages, [1.0] * len(shelf.questions), Tokens(base), seed=3)


def test_a_step_draws_the_same_groups_again(sampler: GroupSampler) -> None:
    assert sampler.step(5, 4) == sampler.step(5, 4)
    assert sampler.step(5, 4) != sampler.step(6, 4)


def test_without_near_misses_every_group_shows_its_answer_and_nothing_cut_out(base: Path) -> None:
    shelf = small_shelf()
    asked = [replace(question, near=["fir"]) for question in shelf.questions if "oak" in question.gold]
    drawn = GroupSampler(asked, shelf.passages, [1.0] * len(asked), Tokens(base), seed=3, near_misses=False)
    groups = [group for step in range(20) for group in drawn.step(step, 4)]
    assert all(any(group[0].gold) for group in groups)
    assert all(len(window.gold) == 3 for group in groups for window in group)  # all units of every passage


def test_a_group_has_at_most_one_window_with_an_answer_and_it_comes_first(sampler: GroupSampler) -> None:
    groups = [group for step in range(20) for group in sampler.step(step, 4)]
    assert any(any(group[0].gold) for group in groups)
    assert not any(flag for group in groups for one in group[1:] for flag in one.gold)


def test_labels_fit_the_scored_units(sampler: GroupSampler) -> None:
    windows = [one for step in range(5) for group in sampler.step(step, 4) for one in group]
    assert all(len(one.gold) == len(one.ignored) == len(one.reads.units) for one in windows)


def test_the_line_that_announces_the_answer_is_neither_right_nor_wrong(base: Path) -> None:
    shelf = small_shelf()
    units = (Unit(0, 1, "What the oak costs :"), Unit(1, 2, "red"), Unit(2, 3, "It grows blue ."))
    shelf.passages["oak"] = StoredPassage("oak", units)
    asked = [Question("q", "covid-qa", "What is the price of the oak?", {"oak": [1]})]
    drawn = GroupSampler(asked, shelf.passages, [1.0], Tokens(base), seed=1)
    windows = [one for step in range(20) for group in drawn.step(step, 1) for one in group]
    assert {(one.gold, one.ignored) for one in windows if any(one.gold)} == {
        ((False, True, False), (True, False, False))
    }
    assert {len(one.gold) for one in windows if not any(one.gold)} == {1}


def _window(gold: tuple[bool, ...], ignored: tuple[bool, ...]) -> LabelledWindow:
    return LabelledWindow(ReaderInput((), (0, 0), ()), gold, ignored)


def test_the_loss_falls_with_the_score_of_what_answers() -> None:
    group = [_window((True, False), (False, False)), _window((False,), (False,))]
    low = group_loss(group, [torch.tensor([0.0, 0.0]), torch.tensor([0.0])])
    high = group_loss(group, [torch.tensor([5.0, 0.0]), torch.tensor([-5.0])])
    assert high < low


def test_a_unit_that_is_neither_right_nor_wrong_does_not_count() -> None:
    group = [_window((True, False), (False, True))]
    losses = [float(group_loss(group, [torch.tensor([1.0, score])])) for score in (-9.0, 9.0)]
    assert losses[0] == pytest.approx(losses[1])


def test_without_an_answer_the_loss_falls_with_every_score() -> None:
    group = [_window((False,), (False,))]
    assert group_loss(group, [torch.tensor([-4.0])]) < group_loss(group, [torch.tensor([4.0])])


def test_auroc_counts_ties_half() -> None:
    assert auroc([2.0, 1.0], [1.0, 0.0]) == 0.875


def test_a_perfect_reader_has_perfect_figures(base: Path) -> None:
    shelf = small_shelf()
    tokens = Tokens(base)
    price, costs = tokens.ids("price")[0], tokens.ids("costs")[0]
    trees = {tokens.ids(tree)[0] for tree in shelf.passages}

    def read(inputs: Sequence[ReaderInput]) -> list[list[float]]:
        """Whether a unit holds the tree that is asked for and what is asked of it."""
        return [[_answers(one, one.token_ids[slice(*unit)]) for unit in one.units] for one in inputs]

    def _answers(one: ReaderInput, unit: tuple[int, ...]) -> float:
        asked = one.token_ids[slice(*one.question)]
        wanted = costs if price in asked else tokens.ids("weighs")[0]
        return float(wanted in unit and bool(trees & set(asked) & set(unit))) - 0.5

    asked = [replace(one, retrieved=[*one.retrieved, _own(one.gold)]) for one in shelf.questions]
    values = figures(read_questions(asked, shelf.passages, tokens, read))
    assert (values["reader+0 @1"], values["auroc removed"], values["found"]) == (1.0, 1.0, 1.0)


def _own(gold: dict[str, list[int]]) -> Candidate:
    return Candidate(next(iter(gold)), 0.5, (0.0, 0.0, 0.0))


def test_a_run_trains_on_the_questions_that_its_recipe_leaves() -> None:
    people = Question("1", "covid-qa", "Who?", {"oak": [0]})
    nothing = Question("2", "covid-qa", "Why?", {}, answerable=False)
    rules = Question("3", "tech-httpx", "How?", {"elm": [0]})
    data = Data([people, nothing, rules], [1.0, 2.0, 3.0], {}, {})
    assert data.chosen(Recipe(1)) == data
    assert data.chosen(Recipe(1, near_misses=False)).training == [people, rules]
    without_rules = data.chosen(Recipe(1, without=("rules",)))
    assert (without_rules.training, without_rules.weights) == ([people, nothing], [1.0, 2.0])
    assert data.shares() == {"people": 0.5, "rules": 0.5}


@pytest.mark.slow
def test_a_run_that_was_stopped_ends_as_one_that_was_not(base: Path, tmp_path: Path) -> None:
    shelves = tmp_path / "shelves"
    small_shelf().save(shelves / "training-trees")
    (shelves / "training-trees/done").write_text("")
    whole = _work(base, shelves, tmp_path / "whole", steps=6)
    run_process(0, whole)
    parted = _work(base, shelves, tmp_path / "parted", steps=6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "log", _stop_after(3))
        with pytest.raises(KeyboardInterrupt):
            run_process(0, replace(parted, measure_every=1, checkpoint_every=-1.0))
    run_process(0, parted)
    ends = [torch.load(run.folder / "checkpoint.pt", weights_only=True) for run in (whole, parted)]
    assert ends[0]["step"] == ends[1]["step"] == 6
    assert all(torch.equal(ends[0]["average"][name], ends[1]["average"][name]) for name in ends[0]["average"])


def test_a_run_with_another_recipe_is_refused(base: Path, tmp_path: Path) -> None:
    Run.open(tmp_path, Recipe(5), base).save()
    with pytest.raises(ValueError, match="another recipe"):
        Run.open(tmp_path, Recipe(5, seed=1), base)
    assert Run.open(tmp_path, Recipe(9), base).step == 0


def test_a_checkpoint_of_before_a_setting_was_there_has_its_default(base: Path, tmp_path: Path) -> None:
    run = Run.open(tmp_path, Recipe(5), base)
    run.save()
    state = torch.load(run.checkpoint, weights_only=True)
    del state["recipe"]["near_misses"]
    torch.save(state, run.checkpoint)
    assert Run.open(tmp_path, Recipe(5), base).step == 0
    with pytest.raises(ValueError, match="another recipe"):
        Run.open(tmp_path, Recipe(5, near_misses=False), base)


@pytest.mark.slow
def test_a_run_stops_where_it_is_to_stop_and_goes_on_from_there(base: Path, tmp_path: Path) -> None:
    shelves = tmp_path / "shelves"
    small_shelf().save(shelves / "training-trees")
    (shelves / "training-trees/done").write_text("")
    run = _work(base, shelves, tmp_path / "run", steps=6)
    for until in (2, 6):
        run_process(0, replace(run, until=until))
        assert torch.load(run.folder / "checkpoint.pt", weights_only=True)["step"] == until


def test_the_curve_is_one_line_a_measurement(base: Path, tmp_path: Path) -> None:
    run = Run.open(tmp_path, Recipe(5), base)
    run.log({"loss": 1.0})
    run.log({"loss": 0.5})
    lines = (tmp_path / "curve.jsonl").read_text().splitlines()
    assert [json.loads(line)["loss"] for line in lines] == [1.0, 0.5]


def _work(base: Path, shelves: Path, folder: Path, *, steps: int) -> Work:
    return Work(
        shelves=shelves,
        folder=folder,
        start=base,
        earlier=None,
        held_out=frozenset(),
        recipe=Recipe(steps, groups=2),
        processes=1,
        checkpoint_every=1e9,
        measured=2,
    )


def _stop_after(step: int) -> Callable[[Run, dict[str, object]], None]:
    def log(run: Run, _: dict[str, object]) -> None:
        if run.step == step:
            raise KeyboardInterrupt

    return log
