"""What a run is asked for that adapts another one by training."""

from __future__ import annotations

from pathlib import Path

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.kinds import CLOSED_FORM
from workbench.core.parsing import validate_project
from workbench.core.presets import PRESETS
from workbench.core.project import Project

EPOCHS = 5
"""Passes over the labelled pictures, where nothing is asked for: the model is trained already."""


def adapting(project: Project, weights: str, method: str, target: Path) -> Project:
    """The project of a run with another one's weights, settings and pictures, which trains on while it is adapted.

    It begins with heads and stages as they are. Where the other run trained its heads alone, it trains the last two
    stages as well.

    Args:
        project: of the run, resolved.
        weights: that name the run.
        method: of `adaptation.METHODS`, one that trains.

    Raises:
        RequestError: its heads are worked out at once and cannot be trained further.
    """
    closed = next((task for task in project.tasks if task.head in CLOSED_FORM), None)
    if closed is not None:
        raise RequestError(
            f"The head {closed.head} of {closed.name} is worked out at once and cannot be trained further.",
            "Adapt with --method adabn, or adapt a run that was trained.",
        )
    data = project.model_dump(mode="python")
    backbone, recipe = data["backbone"], data["recipe"]
    backbone["weights"] = weights
    stages = catalogue.freeze_depth(backbone["name"], "all")
    if PRESETS[recipe["preset"]].heads_alone or catalogue.freeze_depth(backbone["name"], backbone["freeze"]) == stages:
        backbone["freeze"] = max(0, stages - 2)
        recipe |= {"preset": "balanced", "augment": "standard", "warmup_epochs": 1.0}
    recipe |= {"head_epochs": 0, "epochs": EPOCHS, "phases": [], "patience": 0, "interpolate": "off"}
    data["transfer"] = {"adaptation": method, "target": str(target)}
    return validate_project(data)
