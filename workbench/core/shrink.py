"""A smaller network that learns from a run: which settings it has, and where its comparison is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbench.core import catalogue
from workbench.core.kinds import CLOSED_FORM
from workbench.core.project import Project
from workbench.core.resolved import Resolved

SHRUNK_FILE = Path("results", "shrunk.json")
"""In a run's folder: what came of its comparison with its teacher and with itself in int8."""
FEATURES = 1.0
"""How much matching of features counts where it is wanted."""
_KEPT = ("image_size", "resize", "device", "devices", "precision", "augment", "sampling", "temperature", "balancing")
"""What the student's recipe takes over from the teacher's."""


def student_of(before: Resolved, backbone: str, weights: str = "", transfer: dict[str, Any] | None = None) -> Project:
    """The settings of a network that learns what a run knows: its tasks, split and pictures, on another backbone.

    The whole backbone trains: one that is smaller has to learn another way to see, not just other heads. Heads of the
    teacher that are worked out at once become those that train.

    Args:
        weights: of the backbone; empty for those that it begins with.
        transfer: settings beside the teacher's name.

    Raises:
        RequestError: the backbone is not known.
    """
    asked = before.project.model_dump()
    tasks = []
    for task in asked["tasks"]:
        own = {key: value for key, value in task.items() if key != "head"}
        trains = task["head"] not in CLOSED_FORM
        tasks.append({**own, "own_stages": 0, **({"head": task["head"]} if trains else {})})
    recipe = {key: asked["recipe"][key] for key in _KEPT}
    return Project.model_validate(
        {
            "name": before.project.name,
            "tasks": tasks,
            "split": asked["split"],
            "backbone": {"name": backbone, "weights": weights or catalogue.default_weights(backbone), "freeze": 0},
            "recipe": {"preset": "balanced", **recipe},
            "transfer": {**(transfer or {}), "teacher": before.run},
        }
    )
