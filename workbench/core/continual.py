"""How a trained run goes on with pictures that come later, so that little of what it knows is lost."""

from __future__ import annotations

from pathlib import Path

from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.core.resolved import Resolved
from workbench.core.run_weights import RUN, RunWeights

SHARE = 0.5
"""How much the old model's answers count in each task's loss."""
TEMPERATURE = 2.0
"""How far its beliefs are evened out: LwF (Li and Hoiem 2016) takes 2."""
GENTLE_RATE = 3e-5
"""Of the last stage, where no other is asked for: a tenth of the automatic one, at which a few steps on few pictures
undo more than they teach (CIFAR-10 in five steps, one seed: 31 % right in the end, with this one 37 %)."""
_WEIGHED = ("single-label", "multi-label")
"""Kinds of task whose classes the memory leaves with few pictures beside those of new ones."""


def standing_still(before: Resolved) -> bool:
    """Whether a run's backbone stands still, so that its heads alone learn."""
    return before.project.effective().backbone.freeze == "all"


def gone_on(before: Resolved, run_dir: Path, project_dir: Path, share: float = SHARE) -> Project:
    """The settings of a run that goes on from another one: its own, its weights, and itself as the teacher.

    Classes are balanced in the loss, since a memory holds few pictures of each beside many new ones, and stages learn
    gently where no rate was asked for.

    Args:
        share: of the teacher in each task's loss; 0 for no teacher.

    Raises:
        RequestError: nothing in the run trains.
    """
    if before.project.recipe.preset == "few-shot":
        raise RequestError(
            f"Nothing in run {before.run} trains: its heads are worked out at once (preset few-shot).",
            "Teach them instead: workbench teach.",
        )
    weights = RunWeights(run_dir, heads=True).spec(project_dir)
    data = before.project.model_dump()
    data["backbone"]["weights"] = weights
    data.pop("transfer", None)
    if share:
        teacher = weights.removeprefix(RUN)
        data["transfer"] = {"teacher": teacher, "distillation": "kd", "share": share, "temperature": TEMPERATURE}
    if data["recipe"]["learning_rate"] == "auto" and not standing_still(before):
        data["recipe"]["learning_rate"] = GENTLE_RATE
    for task in data["tasks"]:
        task["class_weights"] = task["class_weights"] or task["kind"] in _WEIGHED
    return Project.model_validate(data)
