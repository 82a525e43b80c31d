"""The phases of a run as a timeline: those that its recipe writes, or those that its preset and freeze depth mean."""

from __future__ import annotations

from itertools import pairwise

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.kinds import CLOSED_FORM, KINDS, worked_out
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.core.recipe import Freeze, PhaseChoice

DENSE_HEADS = frozenset(KINDS["mask"].heads)
"""Heads that answer from the maps of all stages, not from pooled features."""
HEADS_PHASE = "heads"
"""What a phase is called in which no stage of the backbone trains."""


def timeline(project: Project) -> list[PhaseChoice]:
    """The phases of an effective project, one after another.

    Where none are written the heads come first, then the stages that are not frozen: together, or one group after
    another from the last, which share the epochs. Heads that answer for each pixel need the maps of all stages, which
    are not stored, so with these alone there is no phase of the heads before.

    Raises:
        RequestError: the backbone is not known, or has not that many stages.
    """
    recipe, backbone = project.recipe, project.backbone
    if recipe.phases:
        return list(recipe.phases)
    stages = catalogue.freeze_depth(backbone.name, "all")
    depth = catalogue.freeze_depth(backbone.name, backbone.freeze)
    if depth == stages:
        epochs = recipe.epochs if PRESETS[recipe.preset].heads_alone else recipe.head_epochs or recipe.epochs
        if worked_out(task.head for task in project.tasks):
            epochs = 1
        return [PhaseChoice(freeze="all", epochs=epochs)]
    before = recipe.head_epochs and any(task.head not in DENSE_HEADS for task in project.tasks)
    heads = [PhaseChoice(freeze="all", epochs=recipe.head_epochs)] if before else []
    return heads + _unfrozen(stages, depth, recipe.epochs, 1 if recipe.unfreeze == "together" else recipe.epochs)


def trains_stages(project: Project) -> bool:
    """Whether a run of the project, in which what follows the preset is filled in, trains a stage of the backbone."""
    stages = catalogue.freeze_depth(project.backbone.name, "all")
    return any(phase.freeze not in ("all", stages) for phase in timeline(project))


def check_timeline(project: Project) -> None:
    """Refuse a written phase that freezes more stages than the backbone has, and stages that train before a head that
    is worked out on a backbone that stands still.

    Raises:
        RequestError: there is one, or the backbone is not known.
    """
    stages = catalogue.freeze_depth(project.backbone.name, "all")
    for number, phase in enumerate(project.recipe.phases, start=1):
        if phase.freeze != "all" and phase.freeze > stages:
            raise RequestError(
                f"Phase {number} freezes {phase.freeze} stages, and {project.backbone.name} has {stages}.",
                f'Set its freeze to a number from 0 to {stages}, or to "all".',
            )

    closed = next((task for task in project.tasks if task.head in CLOSED_FORM), None)
    if closed is not None and trains_stages(project):
        raise RequestError(
            f"The head {closed.head} of {closed.name} is worked out on a backbone that stands still; here it trains.",
            "Choose the preset few-shot or probe, or another head.",
        )


def phase_name(freeze: Freeze, stages: int, several: bool) -> str:
    """What a phase is called in a run's events and on its curves.

    Args:
        stages: how many the backbone has.
        several: more than one phase of the run trains stages.
    """
    trained = 0 if freeze == "all" else stages - freeze
    if not trained:
        return HEADS_PHASE
    if not several:
        return "stages"
    return "all stages" if trained == stages else "last stage" if trained == 1 else f"last {trained} stages"


def _unfrozen(stages: int, depth: int, epochs: int, most: int) -> list[PhaseChoice]:
    """Phases that share the epochs and unfreeze the stages down to `depth` in at most `most` groups, last ones first.

    Where stages or epochs do not divide evenly, later phases get more.
    """
    groups = min(stages - depth, most)
    bounds = [(round(number * (stages - depth) / groups), number * epochs // groups) for number in range(groups + 1)]
    return [PhaseChoice(freeze=stages - trained, epochs=end - begin) for (_, begin), (trained, end) in pairwise(bounds)]
