"""What is wrong with a project's data, as sentences with the way to mend each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import numpy as np

from workbench.core.corrections import CORRECTIONS_FILE
from workbench.core.project import Project
from workbench.core.specs import PARTS
from workbench.engine.data.join import Joined
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.reports import FEW, REPORTS
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.words import counted, listed, pictures, some, verb


def data_problems(
    table: SampleTable, joined: Joined, sources: Mapping[str, Source], project: Project, skip: Iterable[str]
) -> Iterator[Problem]:
    """All warnings (and errors about parts) of the tasks that are not in `skip`, which have worse problems.

    What is the same for several tasks, such as the columns of one table, is said once.
    """
    left_out = set(skip)
    tasks_of: dict[Problem, list[str]] = {}
    for task, source in sources.items():
        notes = [*source.notes, *(joined.scans[task].notes if task in joined.scans else [])]
        for problem in [*_source_problems(task, source, table), *map(_note, notes)]:
            tasks_of.setdefault(problem, []).append(task)
        for problem in () if task in left_out else _task_problems(table, joined, task, project):
            tasks_of.setdefault(problem, []).append(task)
    for problem, tasks in tasks_of.items():
        yield problem._replace(text=f"{listed(tasks)}: {problem.text}")
    if joined.part_conflicts:
        yield warning(
            f"{pictures(joined.part_conflicts)} stood in different parts; test was preferred to validation, "
            "and validation to training.",
            "Keep each picture, and each copy of it, in one part only.",
        )
    yield from _twin_problems(table, joined, left_out)


def _task_problems(table: SampleTable, joined: Joined, task: str, project: Project) -> Iterator[Problem]:
    yield from REPORTS[table.kind(task)].problems(table, project.task(task))
    yield from _part_problems(table, task, project)
    yield from _copy_problems(table, joined, task)
    yield from _correction_problems(joined, task)
    yield from _size_problems(table, task, project.recipe.image_size)


def _source_problems(task: str, source: Source, table: SampleTable) -> Iterator[Problem]:
    if source.missing:
        first = source.missing[0]
        yield warning(
            f"{pictures(len(source.missing))} named in the table cannot be found, "
            f"such as {first.name} ({first.reason}).",
            "Correct the names, or add the pictures; until then these rows are left out.",
        )
    absent = {missing.name for missing in source.missing}
    mine = [left for left in table.unreadable if task in left.tasks]
    unfit = [left for left in mine if left.what == "mask"]
    if unfit:
        yield warning(
            f"{counted(len(unfit), 'mask')} cannot be used, such as {unfit[0].path}: {unfit[0].reason}.",
            "Save masks in the size of their pictures; until then these count as missing.",
        )
    broken = [left for left in mine if left.what == "picture" and str(left.path) not in absent]
    if broken:
        yield warning(
            f"{pictures(len(broken))} cannot be read, such as {broken[0].path}: {broken[0].reason}.",
            "Save or copy them again; until then they are left out.",
        )
    if source.classes_without_pictures:
        yield warning(
            f"no picture lies in {some(source.classes_without_pictures)}, so it is no class.",
            "Add pictures, or remove the empty folder.",
        )
    empty = sum(label is None for label in source.labels)
    what = "pictures have no mask" if source.kind == "mask" else "cells are empty"
    if empty * 2 > len(source.labels) and empty < len(source.labels):
        yield warning(
            f"{empty} of {len(source.labels)} {what}, so those pictures teach this task nothing.",
            "Fill in more labels, or leave it so if they are not known.",
        )


def _note(text: str) -> Problem:
    return warning(text, "Nothing needs to be done if that is meant.")


def _part_problems(table: SampleTable, task: str, project: Project) -> Iterator[Problem]:
    counts = {part: len(table.rows(part, task)) for part in PARTS}
    if not counts["train"]:
        yield Problem(
            "error",
            "no picture is left for training.",
            "Lower split.validation or split.test, or add pictures.",
        )
        return
    for part in PARTS:
        if counts[part]:
            yield from REPORTS[table.kind(task)].part_problems(table, task, part)
    kept = counts["validation"]
    if kept == 0:
        yield warning(
            "no picture is kept aside for validation, so the last epoch counts as the best.",
            "Add pictures, or make the groups of split.group smaller."
            if project.split.validation
            else "Set split.validation, for example to 0.2.",
        )
    elif kept < max(FEW, len(table.classes[task])):
        yield warning(
            f"only {pictures(kept)} for validation, so scores will jump about.",
            "Add pictures, or raise split.validation.",
        )


def _copy_problems(table: SampleTable, joined: Joined, task: str) -> Iterator[Problem]:
    conflicts = joined.label_conflicts[task]
    if conflicts:
        one, other = conflicts[0]
        yield warning(
            f"{pictures(len(conflicts))} lie there more than once with different labels, such as {one} and {other}.",
            "Keep the right one of each"
            + (
                ", or set the task's kind to multi-label if a picture may have several labels."
                if table.kind(task) == "single-label"
                else "."
            ),
        )
    rows = np.flatnonzero(table.targets[task] != MISSING)
    _, first, inverse, counts = np.unique(
        table.copies[rows], return_index=True, return_inverse=True, return_counts=True
    )
    repeated = np.flatnonzero(counts > 1)
    if len(repeated) and len(repeated) > len(conflicts):
        number = int(counts[repeated].sum()) - len(repeated)
        again = next(int(at) for at in np.flatnonzero(inverse == repeated[0]) if at != first[repeated[0]])
        yield warning(
            f"{pictures(number)} {verb(number, 'is a copy', 'are copies')} of others, such as "
            f"{table.paths[rows[again]]} of {table.paths[rows[first[repeated[0]]]]}.",
            "They are kept in one part, so nothing leaks; remove them if they are not meant.",
        )


def _correction_problems(joined: Joined, task: str) -> Iterator[Problem]:
    strangers = joined.corrected[task].strangers if task in joined.corrected else []
    if strangers:
        yield warning(
            f"{CORRECTIONS_FILE} corrects {pictures(len(strangers))} that the task does not label, "
            f"such as {strangers[0]}.",
            "Correct the names there, or remove these lines.",
        )


def _size_problems(table: SampleTable, task: str, image_size: int) -> Iterator[Problem]:
    rows = table.targets[task] != MISSING
    longest = table.sizes[rows].max(axis=1)
    small = longest * 2 <= image_size
    if small.sum() * 2 > len(longest):
        width, height = np.median(table.sizes[rows], axis=0).astype(int).tolist()
        suggestion = max(32, int(-(-np.median(longest) // 32) * 32))
        yield warning(
            f"most pictures are small (about {width} × {height} pixels) beside the {image_size} that the network sees.",
            f"Setting recipe.image_size to {suggestion} trains faster; larger may still score better.",
        )


def _twin_problems(table: SampleTable, joined: Joined, left_out: set[str]) -> Iterator[Problem]:
    """Pairs of tasks that say the same of the same pictures, whatever the classes are called."""
    for one, other in combinations([task for task in table.tasks if task not in left_out], 2):
        kind = table.kind(one)
        alike = np.array_equal(table.targets[one] != MISSING, table.targets[other] != MISSING)
        if alike and kind == table.kind(other) and REPORTS[kind].same(table, joined, one, other):
            yield warning(
                f"{one} and {other} have the same pictures and the same labels.", "Remove one of the two tasks."
            )
