"""How far two models give the same answers to the same pictures, labelled or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from workbench.core.resolved import ResolvedTask
from workbench.engine.insight.metrics import mean_interval, wilson

_NEVER = -1e4
"""The logit of a class that a model does not know."""

_BY_KIND: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "single-label": lambda one, other: (one.argmax(dim=1) == other.argmax(dim=1)).float(),
    "multi-label": lambda one, other: ((one > 0) == (other > 0)).float().mean(dim=1),
    "number": lambda one, other: (one[:, 0] - other[:, 0]).abs(),
    "mask": lambda one, other: (one.argmax(dim=1) == other.argmax(dim=1)).float().mean(dim=(1, 2)),
}
"""(B,) by kind: same class; share of labels alike; absolute difference of numbers; share of pixels alike."""


def alike(kind: str, one: Tensor, other: Tensor) -> Tensor:
    """(B,) how far two models' answers to B pictures are the same."""
    return _BY_KIND[kind](one.float(), other.float())


def in_order_of(mine: ResolvedTask, theirs: ResolvedTask, answers: Tensor) -> Tensor:
    """Another model's answers (B, C, ...) with the classes of `mine`; what it does not know it never answers."""
    if mine.kind == "number" or mine.classes == theirs.classes:
        return answers
    places = [theirs.classes.index(name) if name in theirs.classes else -1 for name in mine.classes]
    padded = torch.cat([answers, torch.full_like(answers[:, :1], _NEVER)], dim=1)
    return padded[:, [place if place >= 0 else answers.shape[1] for place in places]]


def summary(kind: str, values: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Mean over pictures with its 95 % interval: of a share by Wilson where each picture is the same or not, else by t.

    For numbers it is the mean absolute difference, in the number's own unit.
    """
    if not len(values):
        return {"value": None, "interval": None, "count": 0}
    if kind == "single-label":
        interval = wilson(int(values.sum()), len(values))
    else:
        interval = mean_interval(values)
    if interval is not None:
        interval = (max(0.0, interval[0]), interval[1] if kind == "number" else min(1.0, interval[1]))
    return {"value": float(values.mean()), "interval": list(interval) if interval else None, "count": len(values)}
