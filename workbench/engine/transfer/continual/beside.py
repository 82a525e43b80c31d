"""What a task's head answered before and what it answers now, to the same pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from workbench.core.resolved import ResolvedTask
from workbench.core.specs import Part
from workbench.core.verdict import LEVEL
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.insight.compare.paired import mcnemar
from workbench.engine.insight.metrics import wilson
from workbench.engine.model.heads import VectorHead
from workbench.engine.training.feature_cache import Features

Ints = npt.NDArray[np.int64]
Heads = tuple[VectorHead, ResolvedTask]
"""A head on the CPU, and the facts of its task."""

CONCLUSIONS = {1: "better", 0: "noise", -1: "worse"}


def judging_part(table: SampleTable, task: str) -> Part | None:
    """The part that judges: validation where the task has pictures in it, else test; None where it has none there."""
    parts: tuple[Part, ...] = ("validation", "test")
    return next((part for part in parts if len(table.rows(part, task))), None)


@dataclass(frozen=True)
class Beside:
    """Answers of two heads of a task of classes to the pictures of a table.

    Attributes:
        known: (N,) bool, which pictures have a label and can be read.
        truth: (N,) the label of each; "" where there is none.
        said: for both heads (N,) the classes that they say, with (N,) how sure they are of it.
    """

    known: npt.NDArray[np.bool_]
    truth: npt.NDArray[np.object_]
    said: tuple[tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]], ...]

    @classmethod
    def of(cls, task: str, table: SampleTable, features: Features, before: Heads, after: Heads) -> Beside:
        """Ask both heads."""
        targets = table.targets[task]
        names = np.array([*table.classes[task], ""], dtype=np.object_)
        known = features.readable & (targets != MISSING)
        return cls(known, names[targets], tuple(_said(head, facts, features) for head, facts in (before, after)))

    def compared(self, rows: Ints) -> dict[str, Any]:
        """How many of some pictures each answers rightly, and whether the difference is more than chance (McNemar)."""
        rows = rows[self.known[rows]]
        before, after = (said[rows] == self.truth[rows] for said, _ in self.said)
        found = mcnemar(before.astype(np.bool_), after.astype(np.bool_), LEVEL)
        count = len(rows)
        return {
            "pictures": count,
            "before": _share(int(before.sum()), count),
            "after": _share(int(after.sum()), count),
            "difference": found.value if count else None,
            "interval": [max(-1.0, found.interval[0]), min(1.0, found.interval[1])] if found.interval else None,
            "p": found.p,
            "conclusion": CONCLUSIONS[found.beyond_noise] if count else None,
        }

    def of_row(self, row: int) -> dict[str, Any]:
        """What was said and is said of one picture."""
        (was, sure), (now, surer) = self.said
        readable = bool(self.known[row])
        return {
            "label": str(self.truth[row]),
            "before": {"label": str(was[row]), "confidence": float(sure[row])} if readable else None,
            "after": {"label": str(now[row]), "confidence": float(surer[row])} if readable else None,
        }


def _said(
    head: VectorHead, facts: ResolvedTask, features: Features
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    with torch.no_grad():
        shares = torch.softmax(head(features.values).double(), dim=1).numpy()
    names = np.array(facts.classes, dtype=np.object_)
    return names[shares.argmax(axis=1)], shares.max(axis=1)


def _share(right: int, count: int) -> dict[str, Any] | None:
    """The share that is right with its 95 % interval (Wilson 1927); None of no pictures."""
    return {"accuracy": right / count, "interval": list(wilson(right, count) or ())} if count else None
