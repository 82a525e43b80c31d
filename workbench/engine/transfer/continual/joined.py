"""Two sample tables made one: that of a run, and pictures that came later."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.engine.data.copies import find_copies
from workbench.engine.data.labels import sort_classes
from workbench.engine.data.sample_table import MISSING, SampleTable
from workbench.engine.data.targets import TARGETS
from workbench.engine.transfer.continual.arrivals import places_of

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Joining:
    """A run's table with more pictures behind its own.

    Attributes:
        table: rows 0 to n - 1 are those of the run, in their parts; the others follow.
        rows: of the table that learned of a label by joining: pictures that came, and known ones with a new label.
        known: pictures that the run had already with the same label.
        otherwise: those that it had with another label, which they keep.
    """

    table: SampleTable
    rows: Ints
    known: list[Path]
    otherwise: list[Path]


def join_tables(old: SampleTable, new: SampleTable, control: Control) -> Generator[Event, None, Joining | None]:
    """Add pictures to a table. The same picture is one row; the old table's part and label of it stay.

    Args:
        new: of one task, which the old table may have or not; in it each picture is one row.

    Yields:
        Progress while files of equal size are compared.

    Returns:
        None where it was told to end.
    """
    (task,) = new.tasks
    row_of = yield from _rows_of(old, new, control)
    if control.ending:
        return None
    base = _with_task(old, new, task)
    texts = base.label_texts(task)
    wanted = places_of(new.label_texts(task), texts)[new.targets[task]]
    met = np.flatnonzero(row_of >= 0)
    target = base.targets[task]
    there = target[row_of[met]] != MISSING
    same = target[row_of[met]] == wanted[met]
    target[row_of[met][~there]] = wanted[met][~there]
    fresh = np.unique(row_of[met][~there])
    came = np.flatnonzero(row_of < 0)
    table = _appended(base, new, came, task, wanted)
    table.copies = _copies(table.copies, len(old), new.copies[came])
    return Joining(
        table,
        np.concatenate([fresh, np.arange(len(old), len(table), dtype=np.int64)]),
        [new.paths[at] for at in met[there & same].tolist()],
        [new.paths[at] for at in met[there & ~same].tolist()],
    )


def _rows_of(old: SampleTable, new: SampleTable, control: Control) -> Generator[Event, None, Ints]:
    """(n,) the old row of each new picture, by its path or its bytes; -1 where it is not there."""
    rows = {str(path): row for row, path in enumerate(old.paths)}
    found = np.array([rows.get(str(path), -1) for path in new.paths], np.int64)
    # Only old files of a size that a new one has can be its copy.
    suspects = np.flatnonzero(np.isin(old.bytes, new.bytes[found < 0]))
    others = np.flatnonzero(found < 0)
    names = [str(old.paths[row]) for row in suspects.tolist()] + [str(new.paths[at]) for at in others.tolist()]
    numbers = yield from find_copies(names, np.concatenate([old.bytes[suspects], new.bytes[others]]), control)
    firsts = numbers[len(suspects) :]
    copied = firsts < len(suspects)
    found[others[copied]] = suspects[firsts[copied]]
    return found


def _with_task(old: SampleTable, new: SampleTable, task: str) -> SampleTable:
    """The old table with the classes and label texts of both; a task that it lacks labels none of its pictures."""
    kind = new.kind(task)
    classes, texts = list(new.classes[task]), list(new.label_texts(task))
    target = np.full(len(old), MISSING, np.int64)
    pixels = new.mask_pixels.get(task)
    if task in old.targets:
        before = old.label_texts(task)
        texts = TARGETS[kind].sort([*before, *texts]) if kind != "single-label" else []
        classes = _classes(old, new, task, kind, texts)
        texts = texts or classes
        moved = np.append(places_of(before, texts), MISSING)
        target = moved[old.targets[task]]
        if pixels is not None:
            both = np.zeros((len(texts), len(classes)), np.int64)
            both[places_of(new.label_texts(task), texts)] = pixels
            both[moved[:-1]] = old.mask_pixels[task]
            pixels = both
    return replace(
        old,
        targets={**old.targets, task: target},
        classes={**old.classes, task: classes},
        empty={**old.empty, task: old.empty.get(task, 0) + new.empty.get(task, 0)},
        kinds={**old.kinds, task: kind},
        labels={**old.labels, **({} if kind == "single-label" else {task: texts})},
        mask_values={**old.mask_values, **new.mask_values},
        mask_pixels={**old.mask_pixels, **({} if pixels is None else {task: pixels})},
        unreadable=[*old.unreadable, *new.unreadable],
        groups=None,
    )


def _classes(old: SampleTable, new: SampleTable, task: str, kind: str, texts: list[str]) -> list[str]:
    """Those of both, in the order in which a table of all pictures would have them."""
    if kind == "single-label":
        return sort_classes([*old.classes[task], *new.classes[task]])
    return list(old.classes[task]) if kind == "mask" else TARGETS[kind].classes(texts)


def _appended(base: SampleTable, new: SampleTable, came: Ints, task: str, wanted: Ints) -> SampleTable:
    nothing = np.full(len(came), MISSING, np.int64)
    return replace(
        base,
        paths=[*base.paths, *(new.paths[at] for at in came.tolist())],
        part=np.concatenate([base.part, new.part[came]]),
        targets={
            name: np.concatenate([target, wanted[came] if name == task else nothing])
            for name, target in base.targets.items()
        },
        sizes=np.concatenate([base.sizes, new.sizes[came]]),
        bytes=np.concatenate([base.bytes, new.bytes[came]]),
    )


def _copies(old: Ints, rows: int, new: Ints) -> Ints:
    """Numbers of copies: those of the old pictures stay, new ones are told apart from them."""
    start = max(int(old.max(initial=-1)) + 1, rows)
    return np.concatenate([old, new + start])
