"""Other pictures than a run's own, as a sample table in the run's classes."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice
from workbench.core.project import Task
from workbench.core.resolved import ResolvedTask
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.sources import SourceReader
from workbench.engine.data.words import listed, pictures, some
from workbench.engine.insight.kinds import REPORTS
from workbench.engine.insight.naming import picture_names


def read_other(
    data: Sequence[Task], project_dir: Path, facts: Mapping[str, ResolvedTask], unlabelled: Sequence[str] = ()
) -> tuple[SampleTable, dict[str, dict[int, list[str]]]]:
    """Read sources of other pictures as a table in the run's classes, every picture once.

    Args:
        unlabelled: pictures that are in the table, and come first, whether a source names them or not.

    Returns:
        The table, and for each task what the run does not know: row → labels.

    Raises:
        RequestError: a source does not hold what its task says, or the run has no such task.
    """
    reader = SourceReader(project_dir)
    places = {path: place for place, path in enumerate(unlabelled)}
    labels: dict[str, dict[int, str]] = {}
    unknown: dict[str, dict[int, list[str]]] = {}
    for task in data:
        if task.name not in facts:
            raise RequestError(f"The run has no task {task.name}.", f"Its tasks are: {', '.join(facts)}.")
        found, strange = labels.setdefault(task.name, {}), unknown.setdefault(task.name, {})
        for row in reader.read(task).rows():
            place = places.setdefault(str(row.path), len(places))
            if row.label is None:
                continue
            text, strangers = REPORTS[task.kind].known(facts[task.name], row.label)
            if text is not None:
                found[place] = text
            if strangers:
                strange[place] = strangers
    return _table(list(places), labels, facts), unknown


def scorable(
    data: Sequence[Task], project_dir: Path, facts: Mapping[str, ResolvedTask]
) -> Generator[Event, None, SampleTable]:
    """Other pictures that a run is to be scored on; yields Notices of those whose labels it does not know.

    Raises:
        RequestError: as `read_other`, or the run knows none of the labels.
    """
    table, unknown = read_other(data, project_dir, facts)
    yield from notices_of_strangers(table, unknown, project_dir)
    if not any((targets != MISSING).any() for targets in table.targets.values()):
        raise RequestError(
            "None of these pictures has a class that the run knows.", "Give pictures of the run's classes."
        )
    return table


def notices_of_strangers(
    table: SampleTable, unknown: Mapping[str, Mapping[int, list[str]]], project_dir: Path
) -> Iterator[Notice]:
    """Say which pictures cannot be scored, as the run does not know their classes."""
    names = picture_names(table.paths, project_dir)
    for task, found in unknown.items():
        if found:
            classes = listed(sorted({label for labels in found.values() for label in labels}))
            text = f"{task}: {pictures(len(found))} of classes unknown to the run ({classes}) cannot be scored: "
            yield Notice(level="warning", text=text + some(names[row] for row in found) + ".")


def _table(
    paths: list[str], labels: Mapping[str, Mapping[int, str]], facts: Mapping[str, ResolvedTask]
) -> SampleTable:
    count = len(paths)
    targets, texts = {}, {}
    for name, found in labels.items():
        single = facts[name].kind == "single-label"
        texts[name] = facts[name].classes if single else sorted(set(found.values()))
        index = {text: number for number, text in enumerate(texts[name])}
        targets[name] = np.full(count, MISSING, np.int64)
        for place, text in found.items():
            targets[name][place] = index[text]
    return replace(
        SampleTable.unlabelled(paths),
        targets=targets,
        classes={name: facts[name].classes for name in labels},
        kinds={name: facts[name].kind for name in labels},
        labels=texts,
        mask_values={name: facts[name].mask_values for name in labels if facts[name].mask_values},
    )
