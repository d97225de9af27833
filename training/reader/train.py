"""Trains the reader: `python -m training.reader.train --shelves FOLDER --run FOLDER --steps N`.

A run that was stopped goes on from its last checkpoint when the same command is given again. Every few minutes the
averaged weights are measured on the held-out sources, and a line is added to `curve.jsonl` in the run's folder.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import distributed
from torch.multiprocessing.spawn import spawn

from index.encoders.installed.loading import default_model_folder
from qa.reading.inputs import ReaderInput
from training.reader.groups import Group, GroupSampler
from training.reader.loss import group_loss
from training.reader.measure import figures, read_questions, sample
from training.reader.model import ReaderModel, new_model, set_training
from training.reader.shelf import Question, Shelf, StoredPassage
from training.reader.sources import source_of
from training.reader.tokens import Tokens

_CHECKPOINT = "checkpoint.pt"
_PARTS = 3  # of a step's windows, sorted by length: less padding than in one
_EVALUATED = 64  # windows of one forward pass without gradients
_AVERAGE = 0.998  # of the averaged weights that is kept at each step


@dataclass(frozen=True)
class Recipe:
    """What a run depends on besides its data; kept with the checkpoint, and a run goes on only with the same.

    The steps alone may change: the learning rate then falls towards the new end.
    """

    steps: int
    groups: int = 8
    rate: float = 5e-5
    head_rate: float = 5e-3
    warm_up: float = 0.06
    decay: float = 0.01
    dropout: float = 0.1
    seed: int = 0


@dataclass
class Run:
    """A run's folder and everything in it that changes."""

    folder: Path
    recipe: Recipe
    model: ReaderModel
    average: ReaderModel
    optimizer: torch.optim.AdamW
    step: int = 0
    seconds: float = 0.0

    @classmethod
    def open(cls, folder: Path, recipe: Recipe, start: Path, earlier: Path | None = None) -> Run:
        """A run's last checkpoint, or a new run.

        Args:
            folder: The run's folder.
            recipe: What it depends on.
            start: Folder of the sentence encoder that gives the shape and, to begin with, the weights.
            earlier: Folder of another run whose averaged weights a new run begins with.

        Raises:
            ValueError: The folder holds a run with another recipe.
        """
        torch.manual_seed(recipe.seed)
        model, average = new_model(start, recipe.dropout), new_model(start, 0.0)
        encoder = [weight for weight in model.encoder.parameters() if weight.requires_grad]
        head = [model.product, model.null, model.null_bias]
        optimizer = torch.optim.AdamW(
            [{"params": encoder, "rate": recipe.rate}, {"params": head, "rate": recipe.head_rate, "weight_decay": 0.0}],
            weight_decay=recipe.decay,
        )
        if earlier is not None:
            weights = torch.load(earlier / _CHECKPOINT, weights_only=True)["average"]
            model.load_state_dict(weights)
            average.load_state_dict(weights)
        run = cls(folder, recipe, model, average, optimizer)
        folder.mkdir(parents=True, exist_ok=True)
        if run.checkpoint.is_file():
            kept = torch.load(run.checkpoint, weights_only=True)
            if {**kept["recipe"], "steps": recipe.steps} != asdict(recipe):
                raise ValueError(f"{folder} holds a run with another recipe: {kept['recipe']}")
            model.load_state_dict(kept["model"])
            average.load_state_dict(kept["average"])
            optimizer.load_state_dict(kept["optimizer"])
            run.step, run.seconds = kept["step"], kept["seconds"]
        average.eval()
        return run

    @property
    def checkpoint(self) -> Path:
        """The file that a stopped run goes on from."""
        return self.folder / _CHECKPOINT

    def save(self) -> None:
        """Replace the checkpoint: whole or not at all."""
        kept = {
            "recipe": asdict(self.recipe),
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        scratch = self.checkpoint.with_suffix(".part")
        torch.save(kept, scratch)
        os.replace(scratch, self.checkpoint)

    def log(self, fields: dict[str, Any]) -> None:
        """Add a line to the learning curve."""
        line = {"step": self.step, "seconds": round(self.seconds), **fields}
        with (self.folder / "curve.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def learn(self, groups: Sequence[Group]) -> float:
        """One step; returns the mean loss of a group."""
        factor = _schedule(self.step, self.recipe)
        for options in self.optimizer.param_groups:
            options["lr"] = options["rate"] * factor
        torch.manual_seed(self.recipe.seed * 1_000_003 + self.step)
        set_training(self.model)
        scores = iter(scored_in_parts(self.model, [one.reads for group in groups for one in group]))
        losses = [group_loss(group, [next(scores) for _ in group]) for group in groups]
        loss = torch.stack(losses).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        _share_gradients(self.model)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        kept = min(_AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, own in zip(self.average.parameters(), self.model.parameters(), strict=True):
                if own.requires_grad:
                    mean.lerp_(own, 1 - kept)
        self.step += 1
        return float(loss.detach())


def _share_gradients(model: ReaderModel) -> None:
    """Replace each process's gradients by their mean."""
    if not distributed.is_initialized():
        return
    gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
    flat = torch.cat([gradient.view(-1) for gradient in gradients])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    parts = torch.split(flat, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def _schedule(step: int, recipe: Recipe) -> float:
    """The share of the learning rate at a step: a linear warm-up, then half a cosine."""
    warm = recipe.warm_up * recipe.steps
    if step < warm:
        return (step + 1) / warm
    return 0.02 + 0.98 * (1 + math.cos(math.pi * (step - warm) / max(1, recipe.steps - warm))) / 2


def scored_in_parts(model: ReaderModel, inputs: Sequence[ReaderInput], size: int = 0) -> list[torch.Tensor]:
    """The scores of inputs in their order, read in parts of similar length."""
    by_length = sorted(range(len(inputs)), key=lambda at: len(inputs[at].token_ids))
    size = size or -(-len(inputs) // _PARTS)
    scores: dict[int, torch.Tensor] = {}
    for first in range(0, len(inputs), size):
        part = by_length[first : first + size]
        scores.update(zip(part, model([inputs[at] for at in part]), strict=True))
    return [scores[at] for at in range(len(inputs))]


@torch.no_grad()
def read(model: ReaderModel, inputs: Sequence[ReaderInput]) -> list[list[float]]:
    """Scores without gradients, for measuring."""
    return [[float(score) for score in scores] for scores in scored_in_parts(model, inputs, _EVALUATED)]


@dataclass(frozen=True)
class Data:
    """All shelves, joined."""

    training: list[Question]
    weights: list[float]
    held_out: dict[str, list[Question]]
    passages: dict[str, StoredPassage]


def load_data(folder: Path, held_out: frozenset[str]) -> Data:
    """Join the shelves of a folder; a passage's key is then its shelf's name and its own."""
    data = Data([], [], {}, {})
    for place in sorted(path.parent for path in folder.glob("*/done")):
        shelf = Shelf.load(place)
        data.passages.update({f"{place.name}/{key}": one for key, one in shelf.passages.items()})
        for question in shelf.questions:
            source = source_of(question.source, held_out=held_out)
            named = question.under(place.name)
            if place.name.startswith("held_out"):
                data.held_out.setdefault(source.name, []).append(named)
            else:
                data.training.append(named)
                data.weights.append(source.weight)
    return data


def evaluate(model: ReaderModel, data: Data, tokens: Tokens, count: int) -> dict[str, dict[str, float]]:
    """Figures of each held-out source, over so many of its questions."""
    return {
        name: figures(
            read_questions(sample(questions, count), data.passages, tokens, lambda inputs: read(model, inputs))
        )
        for name, questions in data.held_out.items()
    }


@contextmanager
def _bar(run: Run, *, shown: bool) -> Iterator[Callable[[float], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, refresh_per_second=0.2, disable=not shown) as progress:
        task = progress.add_task("training", total=run.recipe.steps, completed=run.step)
        yield lambda loss: progress.update(task, completed=run.step, description=f"loss {loss:.3f}")


@dataclass(frozen=True)
class Work:
    """What every process of a run is told.

    Attributes:
        processes: Processes of one thread each that share every step: two threads of one process wait for each
            other at every operation, which on a busy machine takes ten times as long.
        checkpoint_every, measure_every: Seconds.
        measured: Questions of each held-out source.
    """

    shelves: Path
    folder: Path
    start: Path
    earlier: Path | None
    held_out: frozenset[str]
    recipe: Recipe
    processes: int
    checkpoint_every: float
    measure_every: float
    measured: int


def work(rank: int, told: Work) -> None:
    """One process of a run; the first one keeps the checkpoint and the curve."""
    torch.set_num_threads(1)
    if told.processes > 1:
        rendezvous = f"file://{(told.folder / 'rendezvous').absolute()}"
        distributed.init_process_group("gloo", init_method=rendezvous, rank=rank, world_size=told.processes)
    run = Run.open(told.folder, told.recipe, told.start, told.earlier)
    data = load_data(told.shelves, told.held_out)
    train(run, data, told, rank)


def train(run: Run, data: Data, told: Work, rank: int = 0) -> None:
    """Train to the last step, with a checkpoint and a measurement every so many seconds."""
    tokens, first = Tokens(told.start), rank == 0
    sampler = GroupSampler(data.training, data.passages, data.weights, tokens, run.recipe.seed)
    if first and run.step == 0:
        run.log({"shares": _shares(data)})
        run.log({"held out": evaluate(run.average, data, tokens, told.measured)})
    loss, saved, measured = 0.0, time.monotonic(), time.monotonic()
    with _bar(run, shown=first) as tell:
        while run.step < run.recipe.steps:
            begun = time.monotonic()
            last = run.learn(sampler.step(run.step, run.recipe.groups)[rank :: told.processes])
            run.seconds += time.monotonic() - begun
            loss = last if loss == 0 else 0.98 * loss + 0.02 * last
            tell(loss)
            if not first:
                continue
            if run.step % 50 == 0:
                run.log({"loss": round(loss, 4)})
            if time.monotonic() - saved > told.checkpoint_every:
                run.save()
                saved = time.monotonic()
            if time.monotonic() - measured > told.measure_every:
                run.log({"held out": evaluate(run.average, data, tokens, told.measured)})
                measured = time.monotonic()
    if first:
        run.save()
        run.log({"held out": evaluate(run.average, data, tokens, 2 * told.measured)})


def _shares(data: Data) -> dict[str, float]:
    """The share of each origin of questions in what is drawn."""
    shares: Counter[str] = Counter()
    for question, weight in zip(data.training, data.weights, strict=True):
        shares[source_of(question.source).origin.value] += weight  # type: ignore[assignment]
    return {name: round(share / sum(shares.values()), 3) for name, share in shares.items()}


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
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--checkpoint-every", type=float, default=240, help="seconds")
    parser.add_argument("--measure-every", type=float, default=600, help="seconds")
    parser.add_argument("--measured", type=int, default=60, help="questions of each held-out source")
    options = parser.parse_args()
    told = Work(
        shelves=options.shelves,
        folder=options.run,
        start=options.start or default_model_folder(),
        earlier=options.earlier,
        held_out=frozenset(options.hold_out),
        recipe=Recipe(
            options.steps, groups=options.groups, rate=options.rate, dropout=options.dropout, seed=options.seed
        ),
        processes=options.processes,
        checkpoint_every=options.checkpoint_every,
        measure_every=options.measure_every,
        measured=options.measured,
    )
    told.folder.mkdir(parents=True, exist_ok=True)
    (told.folder / "rendezvous").unlink(missing_ok=True)
    if told.processes == 1:
        work(0, told)
    else:
        spawn(work, (told,), nprocs=told.processes)  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    main()
