"""Sentences about the sample table: what was joined, left out, and how it was split."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workbench.core.corrections import CORRECTIONS_FILE
from workbench.core.events import Notice
from workbench.core.project import Split
from workbench.core.specs import PARTS
from workbench.engine.data.corrected import Corrected
from workbench.engine.data.join import Joined
from workbench.engine.data.reports import PART_WORDS, REPORTS
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.words import counted, pictures, verb


def announce(table: SampleTable, joined: Joined, sources: Mapping[str, Source], split: Split) -> Iterator[Notice]:
    """Say what was decided while the table was built."""
    for task, source in sources.items():
        for note in [*source.notes, *(joined.scans[task].notes if task in joined.scans else [])]:
            yield Notice(level="info", text=f"{task}: {note}")
    for task, facts in joined.corrected.items():
        yield Notice(level="info", text=f"{task}: {corrected_text(facts)}.")
    if table.unreadable:
        yield Notice(level="warning", text=unreadable_text(table))
    if joined.part_conflicts:
        yield Notice(
            level="warning",
            text=f"{pictures(joined.part_conflicts)} stood in different parts: test was preferred to validation, "
            "and validation to training.",
        )
    for task, conflicts in joined.label_conflicts.items():
        if conflicts:
            one, other = conflicts[0]
            yield Notice(
                level="warning",
                text=f"{task}: {len(conflicts)} × the same picture has different labels, such as {one} and {other}.",
            )
    yield Notice(level="info", text=split_text(table))
    if split.validation > 0 and not len(table.rows("validation")):
        yield Notice(
            level="warning",
            text="No picture could be kept aside for validation, so the last epoch will count as the best.",
        )


def corrected_text(facts: Corrected) -> str:
    """How many labels were corrected, and how many pictures set aside."""
    labels = f"{counted(facts.relabelled, 'label')} {verb(facts.relabelled, 'is', 'are')} corrected"
    aside = f"{pictures(facts.aside)} {verb(facts.aside, 'is', 'are')} set aside"
    return f"{labels} and {aside} by {CORRECTIONS_FILE}"


def unreadable_text(table: SampleTable) -> str:
    """How many pictures and masks were left out, with the first of them and its reason."""
    first = table.unreadable[0]
    count = len(table.unreadable)
    files = counted(count, first.what if len({left.what for left in table.unreadable}) == 1 else "file")
    return f"{files} {verb(count, 'was', 'were')} left out, such as {first.path}: {first.reason}."


def split_text(table: SampleTable) -> str:
    """One sentence with the size of each part and, per task, what its labels are in each part."""
    parts = [part for part in PARTS if len(table.rows(part))]
    sizes = ", ".join(f"{len(table.rows(part))} for {PART_WORDS[part]}" for part in parts)
    order = " / ".join(PART_WORDS[part] for part in parts)
    said = {task: REPORTS[table.kind(task)].announcement(table, task, parts) for task in table.tasks}
    tasks = "; ".join(f"{task}: {text}" for task, text in said.items())
    per = "per class " if any(table.classes.values()) else ""
    return f"Of {pictures(len(table))}, {sizes} ({per}{order}): {tasks}."
