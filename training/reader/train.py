"""Trains the reader: `python -m training.reader.train --shelves FOLDER --run FOLDER --steps N`.

A run that was stopped goes on from its last checkpoint when the same command is given again. Every so many steps the
averaged weights are measured on the held-out sources, and a line is added to `curve.jsonl` in the run's folder.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import distributed
from torch.multiprocessing.spawn import spawn

from index.encoders.installed.loading import default_model_folder
from training.reader.data import Data, evaluate, load_data
from training.reader.groups import GroupSampler
from training.reader.run import Recipe, Run
from training.reader.tokens import Tokens

_LOG_EVERY = 50  # steps between two lines with the loss
_SMOOTHING = 0.98  # of the running loss that is kept at each step


@dataclass(frozen=True)
class Work:
    """What every process of a run needs to know.

    Attributes:
        processes: Processes of one thread each that share every step: two threads of one process wait for each
            other at every operation, which on a busy machine takes ten times as long.
        checkpoint_every: Seconds.
        measure_every: Steps; 0 does not measure.
        measured: Questions of each held-out source.
        until: The step to stop at before the recipe's last one.
    """

    shelves: Path
    folder: Path
    start: Path
    earlier: Path | None
    held_out: frozenset[str]
    recipe: Recipe
    processes: int = 2
    checkpoint_every: float = 240
    measure_every: int = 0
    measured: int = 60
    until: int | None = None


def run_work(work: Work) -> None:
    """Start or resume a run, in its processes."""
    work.folder.mkdir(parents=True, exist_ok=True)
    _rendezvous(work).unlink(missing_ok=True)
    if work.processes == 1:
        run_process(0, work)
    else:
        spawn(run_process, (work,), nprocs=work.processes)  # type: ignore[no-untyped-call]


def run_process(rank: int, work: Work) -> None:
    """One process of a run; the first one keeps the checkpoint and the curve."""
    torch.set_num_threads(1)
    if work.processes > 1:
        place = f"file://{_rendezvous(work).absolute()}"
        distributed.init_process_group("gloo", init_method=place, rank=rank, world_size=work.processes)
    run = Run.open(work.folder, work.recipe, work.start, work.earlier)
    train(run, load_data(work.shelves, work.held_out).chosen(work.recipe), work, rank)


def _rendezvous(work: Work) -> Path:
    return work.folder / "rendezvous"


def train(run: Run, data: Data, work: Work, rank: int = 0) -> None:
    """Train to the last step, or the one to stop at; the first process also logs, measures and saves."""
    tokens = Tokens(work.start)
    sampler = GroupSampler(
        data.training, data.passages, data.weights, tokens, run.recipe.seed, near_misses=run.recipe.near_misses
    )
    keeper = _Keeper(run, data, tokens, work) if rank == 0 else None
    if keeper and run.step == 0:
        run.log({"shares": data.shares()})
        keeper.after_step()
    with _bar(run, shown=rank == 0) as show:
        while run.step < (work.until or run.recipe.steps):
            begun = time.monotonic()
            loss = run.learn(sampler.step(run.step, run.recipe.groups)[rank :: work.processes])
            run.seconds += time.monotonic() - begun
            if keeper:
                show(keeper.smoothed(loss))
                keeper.after_step()
    if keeper:
        run.save()


class _Keeper:
    """What the first process does beside learning: loss, measurement, kept weights, checkpoint."""

    def __init__(self, run: Run, data: Data, tokens: Tokens, work: Work) -> None:
        self._run, self._data, self._tokens, self._work = run, data, tokens, work
        self._loss: float | None = None
        self._saved = time.monotonic()

    def smoothed(self, loss: float) -> float:
        """The running loss, with that of the last step."""
        self._loss = loss if self._loss is None else _SMOOTHING * self._loss + (1 - _SMOOTHING) * loss
        return self._loss

    def after_step(self) -> None:
        """Whatever is due at the run's step; called once before the first one too."""
        run, work = self._run, self._work
        if self._loss is not None and run.step % _LOG_EVERY == 0:
            run.log({"loss": round(self._loss, 4)})
        if self._is_due(work.measure_every):
            run.log({"held out": evaluate(run.average, self._data, self._tokens, work.measured)})
        if time.monotonic() - self._saved > work.checkpoint_every:
            run.save()
            self._saved = time.monotonic()

    def _is_due(self, every: int) -> bool:
        return bool(every) and (self._run.step % every == 0 or self._run.step == self._run.recipe.steps)


@contextmanager
def _bar(run: Run, *, shown: bool) -> Iterator[Callable[[float], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, refresh_per_second=0.2, disable=not shown) as progress:
        task = progress.add_task("training", total=run.recipe.steps, completed=run.step)
        yield lambda loss: progress.update(task, completed=run.step, description=f"loss {loss:.3f}")


def main() -> None:
    """Start or resume the run that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shelves", type=Path, required=True, help="what training.reader.prepare wrote")
    parser.add_argument("--run", type=Path, required=True, help="the run's folder")
    parser.add_argument("--start", type=Path, default=None, help="a BERT folder instead of the default encoder")
    parser.add_argument("--earlier", type=Path, help="a run whose averaged weights a new run begins with")
    parser.add_argument("--hold-out", action="append", default=[], help="as given to prepare")
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--groups", type=int, default=Recipe.groups, help="questions of a step")
    parser.add_argument("--rate", type=float, default=Recipe.rate)
    parser.add_argument("--dropout", type=float, default=Recipe.dropout)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=Work.processes)
    parser.add_argument("--checkpoint-every", type=float, default=Work.checkpoint_every, help="seconds")
    parser.add_argument("--measure-every", type=int, default=500, help="steps")
    parser.add_argument("--measured", type=int, default=Work.measured, help="questions of each held-out source")
    options = parser.parse_args()
    recipe = Recipe(options.steps, groups=options.groups, rate=options.rate, dropout=options.dropout, seed=options.seed)
    run_work(
        Work(
            shelves=options.shelves,
            folder=options.run,
            start=options.start or default_model_folder(),
            earlier=options.earlier,
            held_out=frozenset(options.hold_out),
            recipe=recipe,
            processes=options.processes,
            checkpoint_every=options.checkpoint_every,
            measure_every=options.measure_every,
            measured=options.measured,
        )
    )


if __name__ == "__main__":
    main()
