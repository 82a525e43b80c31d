"""The ways in which a run can learn pictures that come later, and why one cannot be gone."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.core.continual import standing_still
from workbench.core.kinds import CLOSED_FORM
from workbench.core.resolved import TABLE_FILE, Resolved, load_resolved

WayName = Literal["once", "changed", "replay", "alone"]
Hindrance = Literal["", "trained", "not classes", "own stages", "gone", "other tasks", "at once"]
"""Why a way cannot be gone: the head was trained, the task does not ask for one class, it has stages of its own, the
old pictures are gone, other tasks would be lost, or another way is better in every respect."""


@dataclass(frozen=True)
class Way:
    """A way, and what stands against it; nothing where it can be gone.

    Attributes:
        name: once: the head takes the pictures in. changed: a head that can takes its place. replay: training beside a
            memory. alone: training on the new pictures, with the old model as the teacher.
    """

    name: WayName
    against: Hindrance = ""


@dataclass(frozen=True)
class Learner:
    """A run that can learn more.

    Attributes:
        there, learned: the training pictures that are still there, and all that it learned from.
    """

    resolved: Resolved
    there: int
    learned: int

    @property
    def stands_still(self) -> bool:
        """Whether its backbone does, so that training further is training heads."""
        return standing_still(self.resolved)

    def ways(self, task: str) -> list[Way]:
        """Every way for one of its tasks, the simplest first."""
        facts = self.resolved.task(task)
        classes, own = facts.kind == "single-label", self.resolved.project.task(task).own_stages
        at_once = facts.head in CLOSED_FORM
        alone: Hindrance = "not classes" if not classes else "own stages" if own else ""
        gone: Hindrance = "" if self.there else "gone"
        others = len(self.resolved.tasks) > 1
        needless: Hindrance = "at once" if self.resolved.project.recipe.preset == "few-shot" else ""
        return [
            Way("once", alone or ("" if at_once else "trained")),
            Way("changed", alone or ("at once" if at_once else gone)),
            Way("replay", needless or gone),
            Way("alone", needless or ("other tasks" if others else "")),
        ]


def read_learner(run_dir: Path, project_dir: Path) -> Learner:
    """Look at a run and at which of its pictures are still there; for a thread of its own.

    Raises:
        RunError: its settings cannot be read.
        OSError: its table cannot be read.
    """
    there = learned = 0
    csv.field_size_limit(2**30)
    with open(run_dir / TABLE_FILE, encoding="utf-8", errors="surrogateescape", newline="") as file:
        for line in csv.reader(file):
            if len(line) > 1 and line[1] == "train":
                learned += 1
                there += os.path.exists(project_dir / line[0])
    return Learner(load_resolved(run_dir), there, learned)
