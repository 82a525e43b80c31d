"""The `check` job: read a project's data and say what is wrong with it.

torch is imported only where a device or precision is asked for that it alone can speak for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from workbench.core import catalogue
from workbench.core.control import Control
from workbench.core.corrections import read_corrections
from workbench.core.errors import RequestError
from workbench.core.events import Event, Progress, Result
from workbench.core.fitting import check_backbone
from workbench.core.parsing import check_head, check_resize
from workbench.core.project import Project
from workbench.core.specs import PARTS, CheckSpec
from workbench.core.weights_check import check_weights
from workbench.engine.data.corrected import Corrected, decided_labels
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.problems import data_problems
from workbench.engine.data.reports import REPORTS
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.table import read_sources, table_of, task_errors
from workbench.engine.device_check import card_problem


def check(spec: CheckSpec, control: Control) -> Iterator[Event]:
    """Yield Progress, then Result("check", document); the document is that of the contract.

    Beside the contract's keys it has `pictures` and `shared` (pictures that two tasks both label, by "a|b"), and for
    each task `parts_by_class`, `samples` (up to 3 pictures of each class) and `first` (up to 12 over all classes, or
    over the range of numbers); for number tasks `numbers`, for mask tasks `mask_samples` (pictures with their masks);
    where labels were corrected, `corrected` with how many were `relabelled` and set `aside`.
    What is wrong with one task is an error of that task; the others are reported all the same.
    """
    project = spec.project.effective()
    yield Progress(what="reading sources", done=0, total=len(project.tasks))
    problems: list[Problem] = []
    table: SampleTable | None = None
    corrected: dict[str, Corrected] = {}
    try:
        sources, errors = read_sources(project, spec.project_dir)
        problems += [Problem("error", error.text, error.fix) for error in errors.values()]
        if sources:
            decided = decided_labels(project, read_corrections(spec.project_dir))
            table, joined = yield from table_of(sources, decided, project.split, control)
            if control.ending:
                return
            corrected = joined.corrected
            worse = task_errors(table, joined, sources)
            problems += [Problem("error", error.text, error.fix) for error in worse.values()]
            problems += data_problems(table, joined, sources, project, worse)
    except RequestError as error:
        problems.append(Problem("error", error.text, error.fix))
    problems += _general_problems(project, spec.project_dir)
    yield Result(what="check", document=document(project, table, corrected, problems))


def document(
    project: Project, table: SampleTable | None, corrected: Mapping[str, Corrected], problems: list[Problem]
) -> dict[str, Any]:
    """What `check --json` prints; errors stand before warnings."""
    ordered = sorted(problems, key=lambda problem: problem.level)
    return {
        "ok": not any(problem.level == "error" for problem in problems),
        "problems": [problem._asdict() for problem in ordered],
        "pictures": 0 if table is None else len(table),
        "shared": {} if table is None else _shared(table),
        "tasks": {
            task.name: {**_task(table, task.name, task.kind), **_corrected(corrected.get(task.name))}
            for task in project.tasks
        },
    }


def _corrected(facts: Corrected | None) -> dict[str, Any]:
    return {} if facts is None else {"corrected": {"relabelled": facts.relabelled, "aside": facts.aside}}


def _general_problems(project: Project, project_dir: Path) -> Iterator[Problem]:
    if not project.tasks:
        yield Problem("error", "The project has no task.", "Add a folder of class folders, or a column of a CSV file.")
    yield from _request_problems(project)
    try:
        check_weights(project.backbone.name, project.backbone.weights, project_dir)
    except RequestError as error:
        yield Problem("error", error.text, error.fix)
    if project.backbone.weights == "starter" and project.recipe.image_size > catalogue.STARTER_SIZE:
        yield warning(
            f"Starter weights know pictures of up to {catalogue.STARTER_SIZE} px, and recipe.image_size is "
            f"{project.recipe.image_size}.",
            f"Set recipe.image_size to {catalogue.STARTER_SIZE} or less, or backbone.weights to default.",
        )
    if project.recipe.device == "auto" or project.recipe.device.startswith("cuda"):
        card = card_problem()
        if card is not None:
            yield warning(card.text, card.fix)


def _request_problems(project: Project) -> Iterator[Problem]:
    """What a run would refuse before it reads a picture."""
    for refuse in (_check_heads, check_resize, _check_fit, _check_device):
        try:
            refuse(project)
        except RequestError as error:
            yield Problem("error", error.text, error.fix)


def _check_heads(project: Project) -> None:
    for task in project.tasks:
        check_head(task)


def _check_fit(project: Project) -> None:
    check_backbone(project)
    catalogue.check_library(project.backbone.name)


def _check_device(project: Project) -> None:
    recipe = project.recipe
    if recipe.device in ("auto", "cpu") and recipe.precision in ("auto", "fp32") and recipe.devices == 1:
        return
    from workbench.engine import device as devices

    devices.check_precision(devices.pick_among(recipe.device, 0, recipe.devices), recipe.precision)


def _task(table: SampleTable | None, task: str, kind: str) -> dict[str, Any]:
    if table is None or task not in table.targets:
        empty: dict[str, Any] = {"kind": kind, "count": 0, "classes": {}, "parts": dict.fromkeys(PARTS, 0)}
        return {**empty, "unreadable": [], "parts_by_class": {}, "samples": {}, "first": []}
    parts = {part: len(table.rows(part, task)) for part in PARTS}
    return {
        "kind": kind,
        "count": sum(parts.values()),
        "parts": parts,
        "unreadable": [
            {"path": str(left.path), "reason": left.reason} for left in table.unreadable if task in left.tasks
        ],
        **REPORTS[kind].document(table, task),
    }


def _shared(table: SampleTable) -> dict[str, int]:
    labelled = {task: targets != MISSING for task, targets in table.targets.items()}
    counts = {
        f"{one}|{other}": int((labelled[one] & labelled[other]).sum()) for one, other in combinations(labelled, 2)
    }
    return {pair: count for pair, count in counts.items() if count}
