"""What the check report says, in the words and shapes of the data page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from workbench.core.kinds import KINDS
from workbench.gui.numbers import count

Report = dict[str, Any]
PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Problem:
    """A problem of the report; `tasks` are those that it names, in the project's order."""

    level: str
    text: str
    fix: str
    tasks: tuple[str, ...]


def problems(report: Report, tasks: Sequence[str]) -> list[Problem]:
    """Every problem, with the tasks that its sentence begins with."""
    return [_problem(entry, tasks) for entry in report.get("problems", [])]


def _problem(entry: dict[str, str], tasks: Sequence[str]) -> Problem:
    """A sentence begins with "Task a:" or with "a, b and c:" where it is about tasks."""
    text = entry["text"]
    for task in sorted(tasks, key=len, reverse=True):
        for start in (f"Task {task}: ", f"{task}: "):
            if text.startswith(start):
                return Problem(entry["level"], _sentence(text[len(start) :]), entry["fix"], (task,))
    head, colon, rest = text.partition(": ")
    named = [name for part in head.split(" and ") for name in part.split(", ")]
    if colon and named and all(name in tasks for name in named):
        return Problem(entry["level"], f"{head}: {rest}", entry["fix"], tuple(task for task in tasks if task in named))
    return Problem(entry["level"], text, entry["fix"], ())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Remedy:
    """A setting of the recipe that mends a problem, and what the button says."""

    text: str
    setting: str
    value: int


def remedy(problem: Problem) -> Remedy | None:
    """What a button can do about a problem; None where only the user can do something."""
    match = re.search(r"recipe\.image_size to (\d+)", problem.fix)
    if match is None:
        return None
    size = int(match[1])
    return Remedy(_tr("Use {0} pixels").format(size), "image_size", size)


@dataclass(frozen=True)
class TaskRemedy:
    """Settings of a task that mend a problem, and what the button says."""

    text: str
    values: dict[str, str]


def task_remedy(problem: Problem) -> TaskRemedy | None:
    """What a button can set of the task that a problem is about; None where that is not plain."""
    separator = re.search(r"separator to '([^']+)'", problem.fix)
    kind = re.search(r"kind to ([a-z-]+)", problem.fix)
    values = {"separator": separator[1]} if separator else {}
    if kind and kind[1] in KINDS:
        values = {"kind": kind[1], **values}
        title = QCoreApplication.translate("settings", KINDS[kind[1]].title)
        return TaskRemedy(_tr("Make it: {0}").format(title), values)
    return TaskRemedy(_tr("Use {0}").format(values["separator"]), values) if values else None


def counts_by_part(task: Report) -> dict[str, dict[str, int]]:
    """{part: {class: pictures}}, as the class bars want it."""
    by_class = task.get("parts_by_class", {})
    return {part: {name: parts.get(part, 0) for name, parts in by_class.items()} for part in PARTS}


def shared_line(report: Report, task: str, earlier: Sequence[str]) -> str:
    """What a task's pictures have in common with those of the tasks above it; empty where nothing."""
    mine = report["tasks"].get(task, {}).get("count", 0)
    shared = {other: _shared(report, task, other) for other in earlier}
    other = max(shared, key=lambda name: shared[name], default="")
    if not other or not shared[other]:
        return ""
    number = shared[other]
    if number == mine == report["tasks"].get(other, {}).get("count", 0):
        return _tr("the same {0} pictures as {1}").format(count(number), other)
    return _tr("{0} pictures are also in {1}").format(count(number), other)


def corrected_line(report: Report, task: str) -> str:
    """How many labels of a task were corrected or set aside; empty where none."""
    corrected = report["tasks"].get(task, {}).get("corrected", {})
    said = []
    if corrected.get("relabelled"):
        said.append(_tr("{0} labels corrected").format(count(corrected["relabelled"])))
    if corrected.get("aside"):
        said.append(_tr("{0} set aside").format(count(corrected["aside"])))
    return ", ".join(said)


def _shared(report: Report, one: str, other: str) -> int:
    shared = report.get("shared", {})
    return int(shared.get(f"{one}|{other}", 0) or shared.get(f"{other}|{one}", 0))


def split_sentence(report: Report | None, validation: float, test: float) -> str:
    """What the split does, in one sentence; with numbers where one task makes them plain."""
    tasks = list(report["tasks"].values()) if report else []
    if len(tasks) == 1 and tasks[0].get("count"):
        train, kept, last = (tasks[0]["parts"].get(part, 0) for part in PARTS)
        if last:
            text = _tr("{0} pictures train the model, {1} choose its best state, {2} are kept for the final test.")
            return text.format(count(train), count(kept), count(last))
        return _tr("{0} pictures train the model and {1} choose its best state.").format(count(train), count(kept))
    shares = [f"{round(share * 100):d} %" for share in (1 - validation - test, validation, test)]
    if test:
        text = _tr(
            "About {0} of the pictures train the model, {1} choose its best state, {2} are kept for the final test."
        )
        return text.format(*shares)
    return _tr("About {0} of the pictures train the model and {1} choose its best state.").format(*shares)


def _tr(text: str) -> str:
    return QCoreApplication.translate("DataFacts", text)
