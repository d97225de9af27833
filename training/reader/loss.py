"""The training loss: the units that answer against all others and against "none of these"."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from training.reader.groups import Group

_LOW = -1e4


def group_loss(group: Group, scores: Sequence[Tensor]) -> Tensor:
    """Mean of the loss over each window alone and of that over all windows of the question together.

    In each, minus the log of the probability that one of the right choices is taken, by a softmax over the scores
    and 0 for "none of these" (Clark and Gardner 2018 for the shared normalisation).
    """
    alone = [_loss(window.gold, window.ignored, score) for window, score in zip(group, scores, strict=True)]
    gold = [flag for window in group for flag in window.gold]
    ignored = [flag for window in group for flag in window.ignored]
    return (torch.stack(alone).mean() + _loss(gold, ignored, torch.cat(list(scores)))) / 2


def _loss(gold: Sequence[bool], ignored: Sequence[bool], scores: Tensor) -> Tensor:
    right = torch.tensor([*gold, not any(gold)])
    left_out = torch.tensor([*ignored, False]) & ~right
    logits = torch.cat([scores, scores.new_zeros(1)]).masked_fill(left_out, _LOW)
    return torch.logsumexp(logits, 0) - torch.logsumexp(logits.masked_fill(~right, _LOW), 0)
