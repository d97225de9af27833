"""A training run: what it depends on, its weights, one step of it, and the folder that it is kept in."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import distributed

from qa.reading.inputs import ReaderInput
from training.reader.groups import Group
from training.reader.loss import group_loss
from training.reader.model import NULL, SCALE, ReaderModel, new_model, set_training

CHECKPOINT = "checkpoint.pt"
_PARTS = 3  # of a step's windows, sorted by length: less padding than in one
_EVALUATED = 64  # windows of one forward pass without gradients
_AVERAGE = 0.998  # of the averaged weights that is kept at each step


@dataclass(frozen=True)
class Recipe:
    """What a run depends on besides its data; kept with the checkpoint, and a run goes on only with the same.

    The steps alone may change: the learning rate then falls towards the new end.

    Attributes:
        groups: Questions of a step.
        scale: What a cosine of 1 between question and unit is worth before training.
        null: The score of "none of these" before training.
        near_misses: False trains without questions that nothing answers, texts marked as near misses, and passages
            with their answer taken out.
        without: Origins of questions (`training.reader.sources.Origin`) that are left out.
    """

    steps: int
    groups: int = 8
    rate: float = 5e-5
    head_rate: float = 5e-3
    warm_up: float = 0.06
    decay: float = 0.01
    dropout: float = 0.1
    seed: int = 0
    scale: float = SCALE
    null: float = NULL
    near_misses: bool = True
    without: tuple[str, ...] = ()


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
        model, average = (new_model(start, dropout, recipe.scale, recipe.null) for dropout in (recipe.dropout, 0.0))
        run = cls(folder, recipe, model, average, _optimizer(model, recipe))
        if earlier is not None:
            weights = torch.load(earlier / CHECKPOINT, weights_only=True)["average"]
            model.load_state_dict(weights)
            average.load_state_dict(weights)
        folder.mkdir(parents=True, exist_ok=True)
        if run.checkpoint.is_file():
            run._restore()
        average.eval()
        return run

    @property
    def checkpoint(self) -> Path:
        """The file that a stopped run goes on from."""
        return self.folder / CHECKPOINT

    def _restore(self) -> None:
        """Take over what the checkpoint holds."""
        state = torch.load(self.checkpoint, weights_only=True)
        if replace(Recipe(**state["recipe"]), steps=self.recipe.steps) != self.recipe:
            raise ValueError(f"{self.folder} holds a run with another recipe: {state['recipe']}")
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.seconds = state["step"], state["seconds"]

    def save(self) -> None:
        """Replace the checkpoint: whole or not at all."""
        state = {
            "recipe": asdict(self.recipe),
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        scratch = self.checkpoint.with_suffix(".part")
        torch.save(state, scratch)
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
        loss = self._loss(groups)
        loss.backward()  # type: ignore[no-untyped-call]
        _share_gradients(self.model)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self._update_average()
        self.step += 1
        return float(loss.detach())

    def _loss(self, groups: Sequence[Group]) -> torch.Tensor:
        scores = iter(scored_in_parts(self.model, [window.reads for group in groups for window in group]))
        return torch.stack([group_loss(group, [next(scores) for _ in group]) for group in groups]).mean()

    @torch.no_grad()
    def _update_average(self) -> None:
        """Move the averaged weights towards the model's; faster at first, when they are the start's."""
        share = 1 - min(_AVERAGE, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.average.parameters(), self.model.parameters(), strict=True):
            if weight.requires_grad:
                mean.lerp_(weight, share)


def _optimizer(model: ReaderModel, recipe: Recipe) -> torch.optim.AdamW:
    encoder = [weight for weight in model.encoder.parameters() if weight.requires_grad]
    head = [model.product, model.null, model.null_bias]
    return torch.optim.AdamW(
        [{"params": encoder, "rate": recipe.rate}, {"params": head, "rate": recipe.head_rate, "weight_decay": 0.0}],
        weight_decay=recipe.decay,
    )


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
