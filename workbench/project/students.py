"""Which smaller networks can learn from a run, and what came of those that did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core import catalogue
from workbench.core.backbone_facts import BackboneFacts
from workbench.core.errors import RequestError
from workbench.core.resolved import Resolved, load_resolved
from workbench.core.shrink import SHRUNK_FILE

CHIEF = {"single-label": "accuracy", "multi-label": "mean_average_precision", "number": "mae", "mask": "mean_iou"}
"""By kind, the metric that stands for a task in the table."""


@dataclass(frozen=True)
class Teacher:
    """A run that a smaller network can learn from.

    Attributes:
        facts: of its backbone; None where the catalogue does not know it.
    """

    run: str
    resolved: Resolved
    facts: BackboneFacts | None

    def students(self, here: Callable[[BackboneFacts], bool]) -> list[BackboneFacts]:
        """Backbones with fewer parameters that fit its tasks, the largest first.

        Args:
            here: whether a backbone can be used without a download.
        """
        masks = any(task.kind == "mask" for task in self.resolved.tasks)
        least = self.facts.parameters if self.facts is not None else 0
        every = [*catalogue.backbones().values(), *catalogue.hub().values()]
        fit = [each for each in every if each.parameters < least and (each.dense or not masks) and here(each)]
        return sorted(fit, key=lambda each: (-each.parameters, each.name))


def read_teacher(run_dir: Path) -> Teacher:
    """What a run can teach.

    Raises:
        RunError: its settings cannot be read.
    """
    resolved = load_resolved(run_dir)
    try:
        facts = catalogue.get(resolved.project.backbone.name)
    except RequestError:  # of another version of the program
        facts = None
    return Teacher(run_dir.name, resolved, facts)


def read_shrunk(run_dir: Path) -> dict[str, Any] | None:
    """What came of a run's comparison with its teacher and with int8; None where there was none, or it is damaged."""
    try:
        document = json.loads((run_dir / SHRUNK_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and "models" in document else None
