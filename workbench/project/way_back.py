"""Whether there is a way between a run's pretrained weights and its trained ones, along which it can be blended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.core.resolved import HEADS_ALONE, RESOLVED_FILE, load_resolved
from workbench.core.timeline import HEADS_PHASE
from workbench.project.history import RunHistory

Hindrance = Literal["", "random", "heads"]
"""Why there is none: it began with random weights, or its best model is of a time when only heads had trained."""


@dataclass(frozen=True)
class WayBack:
    """What is known of it without looking at weights.

    Attributes:
        against: empty where there is one, or where that only shows in the weights.
        epoch: in which the run was best; 0 where that is not known.
    """

    run: str
    against: Hindrance
    epoch: int = 0


def read_way_back(run_dir: Path) -> WayBack:
    """Look at what a run has told; for a thread of its own.

    Raises:
        RunError: its settings cannot be read.
        OSError: its record cannot be read.
    """
    resolved = load_resolved(run_dir)
    if not resolved.weights_sha256:
        return WayBack(run_dir.name, "random")
    derived = resolved.derived
    if derived is not None:
        origin = run_dir.with_name(derived.origins[0])
        same = derived.method in HEADS_ALONE and (origin / RESOLVED_FILE).exists()  # the backbone of its origin
        return WayBack(run_dir.name, read_way_back(origin).against if same else "")
    history = RunHistory.read(run_dir)
    if history.best is None:
        return WayBack(run_dir.name, "")
    epoch = history.best.epoch
    phases = [each.name for each in history.phases if each.first_epoch <= epoch]
    heads_alone = bool(phases) and all(name == HEADS_PHASE for name in phases)
    return WayBack(run_dir.name, "heads" if heads_alone else "", epoch)
