"""Masks meet their pictures: those that do not fit count as missing."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workbench.core.control import Control
from workbench.core.events import Event
from workbench.engine.data.join import Joined, label_conflicts
from workbench.engine.data.mask_scan import MaskFacts, conclude, scan_masks
from workbench.engine.data.rows import Source
from workbench.engine.data.sample_table import MISSING, Unreadable

Ints = npt.NDArray[np.int64]


def apply_masks(
    joined: Joined, sources: Mapping[str, Source], sizes: npt.NDArray[np.int32], control: Control
) -> Generator[Event, None, list[Unreadable]]:
    """Scan the masks of all mask tasks, and take the labels of `joined` away whose masks cannot be used.

    Args:
        joined: changed in place: targets, label texts, `scans` and `label_conflicts` of mask tasks.
        sizes: (N, 2) width and height of each picture, upright.

    Yields:
        Progress.

    Returns:
        The masks that cannot be used, with the reason for each.
    """
    unfit: dict[tuple[str, str], list[str]] = {}
    for task, source in sources.items():
        if joined.kinds[task] != "mask":
            continue
        facts = yield from scan_masks(joined.labels[task], control)
        reasons = _reasons(joined.targets[task], facts, sizes)
        for row, reason in reasons.items():
            mask = joined.labels[task][int(joined.targets[task][row])]
            unfit.setdefault((mask, reason), []).append(task)
            joined.targets[task][row] = MISSING
        facts = _in_use(joined, task, facts)
        joined.scans[task] = conclude(task, joined.labels[task], source.masks, facts)
        joined.label_conflicts[task] = label_conflicts(prints(joined, task), joined.content, joined.paths)
    return [Unreadable(Path(path), reason, tuple(tasks), "mask") for (path, reason), tasks in unfit.items()]


def prints(joined: Joined, task: str) -> Ints:
    """(N,) equal for pictures with equal masks; -1 where there is none."""
    known: dict[int, int] = {}
    numbers = [known.setdefault(mask.print, len(known)) for mask in joined.scans[task].masks]
    return np.array([*numbers, MISSING], dtype=np.int64)[joined.targets[task]]


def _reasons(targets: Ints, facts: list[MaskFacts], sizes: npt.NDArray[np.int32]) -> dict[int, str]:
    """Row → why its mask cannot be used; those that are no masks at all are kept, to be refused."""
    reasons: dict[int, str] = {}
    mask_sizes = np.array([*(mask.size for mask in facts), (0, 0)], dtype=np.int64).reshape(-1, 2)[targets]
    for row in np.flatnonzero((targets >= 0) & (mask_sizes != sizes).any(axis=1)).tolist():
        mask, (width, height) = facts[int(targets[row])], sizes[row].tolist()
        if not mask.refused:
            other = f"it is {mask.size[0]} × {mask.size[1]} pixels and its picture {width} × {height}"
            reasons[row] = mask.reason or other
    return reasons


def _in_use(joined: Joined, task: str, facts: list[MaskFacts]) -> list[MaskFacts]:
    """Only those masks that still label a picture; renumbers the task's targets and texts."""
    targets = joined.targets[task]
    present = np.unique(targets[targets >= 0])
    renumbered = np.full(len(facts) + 1, MISSING, np.int64)
    renumbered[present] = np.arange(len(present))
    joined.targets[task] = renumbered[targets]
    joined.labels[task] = [joined.labels[task][old] for old in present.tolist()]
    return [facts[old] for old in present.tolist()]
