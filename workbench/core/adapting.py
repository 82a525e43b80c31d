"""What a run is asked for that adapts another one by training."""

from __future__ import annotations

from pathlib import Path

from workbench.core import catalogue
from workbench.core.adaptation import ADABN
from workbench.core.errors import RequestError
from workbench.core.kinds import CLOSED_FORM
from workbench.core.parsing import resolve_source, validate_project
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.core.resolved import Resolved
from workbench.core.run_weights import RUN

EPOCHS = 5
"""Passes over the labelled pictures, where nothing is asked for: the model is trained already."""


def adapted_from(resolved: Resolved, project_dir: Path) -> tuple[str, Path]:
    """The run that a run was adapted from, as `run_weights` finds it, and the absolute folder that it was adapted to.

    Raises:
        RequestError: it was not adapted.
    """
    if resolved.derived is not None and resolved.derived.method == ADABN:
        return resolved.derived.origins[0], resolve_source(str(resolved.derived.settings["target"]), project_dir)
    project = resolved.project
    if project.transfer.adaptation == "none" or not project.backbone.weights.startswith(RUN):
        raise RequestError(
            f"Run {resolved.run} was not adapted to another domain.", "Choose one that `adapt` has made."
        )
    return project.backbone.weights.removeprefix(RUN), resolve_source(project.transfer.target, project_dir)


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
