"""What each kind of task minimises: one file per kind, one row in `LOSSES`; and how the tasks' losses are added up."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from workbench.engine.training.losses.base import LossSum, TaskLoss, class_weights
from workbench.engine.training.losses.mask import MaskLoss
from workbench.engine.training.losses.multi_label import MultiLabelLoss
from workbench.engine.training.losses.number import NumberLoss
from workbench.engine.training.losses.single_label import SingleLabelLoss

__all__ = ["LOSSES", "LossSum", "TaskLoss", "class_weights", "combine", "mixed_loss"]

LOSSES: dict[str, type[TaskLoss]] = {
    "single-label": SingleLabelLoss,
    "multi-label": MultiLabelLoss,
    "number": NumberLoss,
    "mask": MaskLoss,
}


def mixed_loss(loss: TaskLoss, answers: Tensor, targets: Tensor, others: Tensor, own: Tensor) -> LossSum:
    """The sums of pictures that are mixed with others: of both labels, each by its share.

    For classes, labels and pixels it is the loss of the soft label between the two.

    Args:
        own: (B,) how much of each picture's label is its own, in [0, 1].
    """
    one, other = loss(answers, targets, own), loss(answers, others, 1 - own)
    aside = None if one.aside is None or other.aside is None else one.aside + other.aside
    return LossSum(one.objective + other.objective, one.shown + other.shown, one.right + other.right, aside)


def combine(
    sums: Mapping[str, LossSum], counts: Mapping[str, int], losses: Mapping[str, TaskLoss], balance: Mapping[str, float]
) -> Tensor:
    """The objective: the sum over tasks of balance × weight × mean loss / scale, and what is minimised aside.

    Args:
        counts: labelled pictures of the whole batch per task; a task with none is left out.
        balance: the balancing method's factor per task; a task without one is left out.
    """
    terms = []
    for name, found in sums.items():
        if not counts[name] or name not in balance:
            continue
        terms.append(found.objective * (balance[name] * losses[name].weight / (losses[name].scale * counts[name])))
        if found.aside is not None:
            terms.append(found.aside / counts[name])
    return torch.stack(terms).sum() if terms else torch.zeros(())
