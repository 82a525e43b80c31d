"""Labelled pictures of several domains as one sample table, each picture with the domain that it belongs to."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.core.project import Task
from workbench.core.specs import LeaveOneOutSpec
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.targets import TARGETS
from workbench.engine.data.words import pictures
from workbench.engine.transfer.domains.target import readable_only

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Domains:
    """N labelled pictures of K domains.

    Attributes:
        table: with one task.
        names: of the domains.
        domain: (N,) which of them each picture belongs to.
    """

    table: SampleTable
    names: list[str]
    domain: Ints


def read_domains(spec: LeaveOneOutSpec, control: Control) -> Generator[Event, None, Domains | None]:
    """Read the domains of a task.

    Yields:
        Progress, and Notices of pictures that are left out.

    Returns:
        None when told to end.

    Raises:
        RequestError: there are fewer than two domains, or a source does not hold what its task says.
    """
    task = spec.project.task(spec.task)
    if task.kind != "single-label":
        raise RequestError(
            f"Task {task.name} does not ask for one class a picture, so no domain can be left out.",
            "Choose a task of one class a picture.",
        )
    found = _of_folders(spec, task) if spec.domains else _of_column(spec, task)
    if len(found) < 2:
        raise RequestError(
            f"Leaving one domain out needs two domains, and there {'is one' if found else 'are none'}.",
            "Give several folders of class folders, or the column of the table that tells the domain.",
        )
    table, domain = _table(task, list(found.values()))
    readable = yield from readable_only(table, control)
    if readable is None:
        return None
    kept = np.isin([str(path) for path in table.paths], [str(path) for path in readable.paths])
    names, domain = list(found), domain[kept]
    for at, name in enumerate(names):
        strange = set(readable.targets[task.name][domain == at]) - set(readable.targets[task.name][domain != at])
        if strange:
            lost = int(np.isin(readable.targets[task.name][domain == at], list(strange)).sum())
            text = f"{pictures(lost)} of {name} are of classes that no other domain has: they count as answered wrong."
            yield Notice(level="warning", text=text)
    return Domains(readable, names, domain)


def _of_folders(spec: LeaveOneOutSpec, task: Task) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, folder in spec.domains:
        asked = Task(name=task.name, source=str(folder))
        found[name] = _labelled(SourceReader(spec.project_dir).read(asked))
    return {name: rows for name, rows in found.items() if rows}


def _of_column(spec: LeaveOneOutSpec, task: Task) -> dict[str, list[tuple[str, str]]]:
    if not spec.column:
        raise RequestError("No domains are named.", "Give folders, or --column of the task's table.")
    if not task.column:
        raise RequestError(
            f"Task {task.name} has no table, so no column can tell the domain.", "Give a folder for each domain."
        )
    reader = SourceReader(spec.project_dir, spec.column)
    source = reader.read(task)
    reader.check_group()
    found: dict[str, list[tuple[str, str]]] = {}
    for path, label, group in zip(source.paths, source.labels, source.groups, strict=True):
        if label is not None and group:
            found.setdefault(group, []).append((path, label))
    return dict(sorted(found.items()))


def _labelled(source: Source) -> list[tuple[str, str]]:
    return [(path, label) for path, label in zip(source.paths, source.labels, strict=True) if label is not None]


def _table(task: Task, found: list[list[tuple[str, str]]]) -> tuple[SampleTable, Ints]:
    """The table, all of it in training, and each picture's domain; one that two domains name counts in the first."""
    places = {path: (label, at) for at, rows in reversed(list(enumerate(found))) for path, label in rows}
    classes = TARGETS["single-label"].sort({label for label, _ in places.values()})
    number = {label: at for at, label in enumerate(classes)}
    count = len(places)
    table = SampleTable.unlabelled(list(places))
    table.targets[task.name] = np.array([number[label] for label, _ in places.values()], np.int64)
    table.classes[task.name] = classes
    table.kinds[task.name] = "single-label"
    return table, np.array([at for _, at in places.values()], np.int64).reshape(count)
