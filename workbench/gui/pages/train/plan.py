"""What a run will do, said before it does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.catalogue import backbones, freeze_depth
from workbench.core.errors import RequestError
from workbench.core.project import BackboneChoice, Project, Recipe
from workbench.gui.numbers import count, duration
from workbench.project.runs import RunInfo


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("TrainPlan", text, None, number)


@dataclass(frozen=True)
class Plan:
    """The facts of the sentence.

    Attributes:
        pictures: training pictures; None until the data has been read.
        stages: how many stages of the backbone train; 0 where it stays as it is.
    """

    heads: int
    pictures: int | None
    stages: int
    all_stages: int
    epochs: int
    head_epochs: int


def plan(project: Project, report: dict[str, Any] | None) -> Plan | None:
    """The plan of a project; None where its backbone or freeze depth is not one that is known."""
    effective = project.effective()
    try:
        total = len(backbones()[effective.backbone.name].stages)
        frozen = freeze_depth(effective.backbone.name, effective.backbone.freeze)
    except (KeyError, RequestError):
        return None
    recipe = effective.recipe
    return Plan(len(project.tasks), training_pictures(report), total - frozen, total, recipe.epochs, recipe.head_epochs)


def training_pictures(report: dict[str, Any] | None) -> int | None:
    """How many pictures train, by what `check` says; those that tasks share count once.

    Exact where all tasks part their pictures in the same proportion, else close to it.
    """
    if not report or not report.get("tasks"):
        return None
    tasks = list(report["tasks"].values())
    train, labelled = sum(int(task["parts"]["train"]) for task in tasks), sum(int(task["count"]) for task in tasks)
    largest = max(int(task["parts"]["train"]) for task in tasks)
    return max(largest, round(int(report.get("pictures", 0)) * train / max(1, labelled)))


def sentence(plan: Plan) -> str:
    """Such as: Trains 2 heads on 192 pictures for up to 20 epochs, then 3 of 5 stages too for up to 10 epochs."""
    heads = _tr("the head") if plan.heads == 1 else _tr("{0} heads").format(plan.heads)
    pictures = "" if plan.pictures is None else _tr(" on {0} pictures").format(count(plan.pictures))
    first = _tr("up to {0} epochs").format(plan.head_epochs)
    second = _tr("up to {0} epochs").format(plan.epochs)
    if plan.stages == 0:
        text = _tr("Trains {heads}{pictures} for {second}. The backbone stays as it is, so it reads each picture once.")
    elif plan.head_epochs:
        text = _tr("Trains {heads}{pictures} for {first}, then {stages} too for {second}.")
    else:
        text = _tr("Trains {heads} and {stages}{pictures} for {second}.")
    return text.format(heads=heads, pictures=pictures, first=first, second=second, stages=_stages(plan))


def _stages(plan: Plan) -> str:
    if plan.stages == plan.all_stages:
        return _tr("the whole backbone")
    if plan.stages == 1:
        return _tr("the last stage of the backbone")
    return _tr("the last {0} of {1} stages").format(plan.stages, plan.all_stages)


def last_like_it(project: Project, runs: Sequence[RunInfo]) -> str:
    """How long the newest finished run with this backbone and recipe took; empty where there was none."""
    run = like_run(project, runs)
    return "" if run is None else _tr("Run {0} with these settings took {1}.").format(run.run, duration(run.elapsed_s))


def like_run(project: Project, runs: Sequence[RunInfo]) -> RunInfo | None:
    """The newest finished run with this backbone, recipe and tasks."""
    wanted = _what_costs_time(project.effective().model_dump())
    for run in sorted(runs, key=lambda run: run.number, reverse=True):
        if run.status == "finished" and run.elapsed_s and _what_costs_time(run.settings) == wanted:
            return run
    return None


def _what_costs_time(settings: dict[str, Any]) -> tuple[Any, ...]:
    """The settings that decide how long a run takes, with every default filled in."""
    try:
        recipe = Recipe.model_validate(settings.get("recipe", {})).model_dump(exclude={"seed", "learning_rate"})
        backbone = BackboneChoice.model_validate(settings.get("backbone", {})).model_dump()
    except ValueError:  # a run of another version of the program
        return ()
    return backbone, recipe, sorted(str(task.get("source")) for task in settings.get("tasks", []))
