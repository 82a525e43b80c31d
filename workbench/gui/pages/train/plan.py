"""What a run will do, said before it does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core import catalogue
from workbench.core.balancing import StepCost, step_cost
from workbench.core.errors import RequestError
from workbench.core.kinds import worked_out
from workbench.core.project import BackboneChoice, Project
from workbench.core.recipe import Recipe
from workbench.core.timeline import timeline
from workbench.gui.numbers import count, duration
from workbench.project.runs import RunInfo


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("TrainPlan", text, None, number)


@dataclass(frozen=True)
class Plan:
    """The facts of the sentence.

    Attributes:
        pictures: training pictures; None until the data has been read.
        phases: for each phase, how many stages of the backbone train in it, and its epochs.
        at_once: all heads are worked out at once, without training.
    """

    heads: int
    pictures: int | None
    all_stages: int
    phases: list[tuple[int, int]]
    at_once: bool = False

    @property
    def stages(self) -> int:
        """How many stages of the backbone train at most; 0 where it stays as it is."""
        return max(stages for stages, _ in self.phases)


def plan(project: Project, report: dict[str, Any] | None) -> Plan | None:
    """The plan of a project; None where its backbone or freeze depth is not one that is known."""
    effective = project.effective()
    try:
        total = len(catalogue.get(effective.backbone.name).stages)
        name = effective.backbone.name
        phases = [(total - catalogue.freeze_depth(name, each.freeze), each.epochs) for each in timeline(effective)]
    except RequestError:
        return None
    at_once = worked_out(task.head for task in effective.tasks)
    return Plan(len(project.tasks), training_pictures(report), total, phases, at_once)


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


def heads_alone(project: Project) -> bool:
    """Whether a run would train heads alone, which share no weights."""
    planned = plan(project, None)
    return planned is not None and planned.stages == 0


def shared_share(report: dict[str, Any] | None) -> float:
    """The share of pictures, in [0, 1], that the two tasks with most of them in common both label."""
    if not report or not report.get("pictures"):
        return 0.0
    return min(1.0, max(report.get("shared", {}).values(), default=0) / int(report["pictures"]))


def nearly_all_shared(report: dict[str, Any]) -> bool:
    """Whether every task labels nearly every picture, so that none is larger than another."""
    counts = [int(task["count"]) for task in report.get("tasks", {}).values()]
    return len(counts) > 1 and min(counts) >= 0.95 * int(report.get("pictures", 0)) > 0


def cost(project: Project, report: dict[str, Any] | None) -> StepCost:
    """What balancing and measuring agreement cost while stages of the backbone train; nothing where none do."""
    recipe = project.effective().recipe
    tasks = 1 if heads_alone(project) or report is None else len(project.tasks)
    batch = 32 if recipe.batch_size == "auto" else recipe.batch_size
    return step_cost(recipe.balancing, recipe.relatedness, tasks, shared_share(report), batch)


def cost_sentence(found: StepCost) -> str:
    """The cost in words; empty where it is small."""
    return QCoreApplication.translate("settings", found.template).format(*found.values) if found.template else ""


_MOST_PHASES = 2
"""Phases after the first that are told one by one."""


def sentence(plan: Plan) -> str:
    """Such as: Trains 2 heads on 192 pictures for up to 20 epochs, then the last 3 of 5 stages too for up to 10."""
    heads = _tr("the head") if plan.heads == 1 else _tr("{0} heads").format(plan.heads)
    pictures = "" if plan.pictures is None else _tr(" on {0} pictures").format(count(plan.pictures))
    if plan.at_once:
        return _tr("Works {heads} out at once{pictures}; nothing trains.").format(heads=heads, pictures=pictures)
    (first, epochs), *later = plan.phases
    if first:
        text = _tr("Trains {heads} and {stages}{pictures} for {epochs}")
    else:
        text = _tr("Trains {heads}{pictures} for {epochs}")
    text = text.format(heads=heads, stages=_stages(first, plan.all_stages), pictures=pictures, epochs=_epochs(epochs))
    if len(later) > _MOST_PHASES:
        most, total = max(stages for stages, _ in later), sum(epochs for _, epochs in later)
        then = _tr(", then in {0} phases up to {1} too for {2} in all")
        text += then.format(len(later), _stages(most, plan.all_stages), _epochs(total))
        later = []
    for stages, epochs in later:
        then = _tr(", then {stages} too for {epochs}") if stages else _tr(", then heads alone for {epochs}")
        text += then.format(stages=_stages(stages, plan.all_stages), epochs=_epochs(epochs))
    if not plan.stages:
        return _tr("{0}. The backbone stays as it is, so it reads each picture once.").format(text)
    return f"{text}."


def _epochs(epochs: int) -> str:
    return _tr("1 epoch") if epochs == 1 else _tr("up to {0} epochs").format(epochs)


def _stages(stages: int, of: int) -> str:
    if stages == of:
        return _tr("the whole backbone")
    if stages == 1:
        return _tr("the last stage of the backbone")
    return _tr("the last {0} of {1} stages").format(stages, of)


def last_like_it(project: Project, runs: Sequence[RunInfo], report: dict[str, Any] | None = None) -> str:
    """How long the newest finished run with this backbone and recipe took; empty where there was none.

    Where only the balancing is another, how long this run would take at most if all of its steps cost what those do in
    which backbone stages train.
    """
    same = like_run(project, runs)
    if same is not None:
        return _tr("Run {0} with these settings took {1}.").format(same.run, duration(same.elapsed_s))
    wanted_but = _what_costs_time(project.effective().model_dump(), _BALANCING)
    for run in _finished(runs):
        if report is not None and wanted_but and _what_costs_time(run.settings, _BALANCING) == wanted_but:
            kept = {name: value for name, value in run.settings.get("recipe", {}).items() if name in _BALANCING}
            recipe = project.recipe.model_copy(update={**_PLAIN, **kept})
            before = cost(project.model_copy(update={"recipe": recipe}), report).times
            ratio = max(1.0, cost(project, report).times / before)
            words = _tr("Run {0}, the same but for its balancing, took {1}; this one takes up to about {2}.")
            return words.format(run.run, duration(run.elapsed_s), duration(run.elapsed_s * ratio))
    return ""


def like_run(project: Project, runs: Sequence[RunInfo]) -> RunInfo | None:
    """The newest finished run with this backbone, recipe and tasks."""
    wanted = _what_costs_time(project.effective().model_dump())
    return next((run for run in _finished(runs) if _what_costs_time(run.settings) == wanted), None)


def _finished(runs: Sequence[RunInfo]) -> list[RunInfo]:
    """The runs that finished, newest first."""
    finished = [run for run in runs if run.status == "finished" and run.elapsed_s]
    return sorted(finished, key=lambda run: run.number, reverse=True)


_BALANCING = ("balancing", "relatedness")
_PLAIN = {name: Recipe.model_fields[name].default for name in _BALANCING}


def _what_costs_time(settings: dict[str, Any], but: Sequence[str] = ()) -> tuple[Any, ...]:
    """The settings that decide how long a run takes, with every default filled in."""
    try:
        recipe = Recipe.model_validate(settings.get("recipe", {})).model_dump(exclude={"seed", "learning_rate", *but})
        backbone = BackboneChoice.model_validate(settings.get("backbone", {})).model_dump()
    except ValueError:  # a run of another version of the program
        return ()
    return backbone, recipe, sorted(str(task.get("source")) for task in settings.get("tasks", []))
