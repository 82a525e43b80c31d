"""Which pixel value stands for which class in the masks of a run."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import RunError
from workbench.core.resolved import load_resolved


def mask_values(run_dir: Path) -> dict[str, list[int]]:
    """For each mask task of a run the pixel value of each class; nothing for a run that was never set up."""
    try:
        tasks = load_resolved(run_dir).tasks
    except RunError:
        return {}
    return {task.name: task.mask_values for task in tasks if task.kind == "mask"}
