"""Iterative stratification of units that carry several labels, and the repair of parts that miss a class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

_LEAST_FOR_VALIDATION = 3
_LEAST_FOR_TEST = 5


@dataclass
class Leftovers:
    """The units of a split and what is known of their labels.

    Attributes:
        labels_of: for each unit the numbers of its labels, one for each labelled picture and task.
        units_of: for each label the units that carry it, by priority.
        wanted: (U, P) the share of each part for each unit.
        elsewhere: (L, P) pictures with each label in each part that are not up for placing.
    """

    labels_of: list[list[int]]
    units_of: list[list[int]]
    wanted: npt.NDArray[np.float64]
    elsewhere: Ints

    @classmethod
    def build(
        cls,
        labels: Ints,
        unit_of_row: Ints,
        priority: npt.NDArray[np.uint64],
        wanted: npt.NDArray[np.float64],
        all_labels: Ints,
        part: Ints,
    ) -> Leftovers:
        """Collect the labels of units from their pictures' (n, T) labels; `part` of all pictures tells `elsewhere`."""
        count = int(all_labels.max(initial=-1)) + 1
        rows, tasks = np.nonzero(labels >= 0)
        carried, carrier = labels[rows, tasks], unit_of_row[rows]
        labels_of = _lists(carried, carrier, len(priority), np.arange(len(carrier)))
        rank = np.empty(len(priority), np.int64)
        rank[np.lexsort((np.arange(len(priority)), priority))] = np.arange(len(priority))
        pairs = np.unique(np.stack([carried, carrier]), axis=1)
        units_of = _lists(pairs[1], pairs[0], count, rank[pairs[1]])
        elsewhere = np.zeros((count, wanted.shape[1]), np.int64)
        rows, tasks = np.nonzero((all_labels >= 0) & (part >= 0)[:, None])
        np.add.at(elsewhere, (all_labels[rows, tasks], part[rows]), 1)
        return cls(labels_of, units_of, wanted, elsewhere)

    def counts(self, placed: Ints) -> Ints:
        """(L, P): pictures with each label in each part, placed ones and those elsewhere."""
        counts = self.elsewhere.copy()
        for unit in np.flatnonzero(placed >= 0).tolist():
            for label in self.labels_of[unit]:
                counts[label, placed[unit]] += 1
        return counts


def _lists(values: Ints, keys: Ints, count: int, order: Ints) -> list[list[int]]:
    """For each key from 0 to count - 1 its values, by `order`."""
    at = np.lexsort((order, keys))
    ends = np.cumsum(np.bincount(keys, minlength=count))[:-1] if count else np.zeros(0, np.int64)
    return [piece.tolist() for piece in np.split(values[at], ends)] if count else []


def place(leftovers: Leftovers, placed: Ints) -> None:
    """Give every unit that has no part yet (-1 in `placed`, changed in place) to the part that wants it most."""
    want = _unmet_wants(leftovers, placed)
    parts = range(leftovers.wanted.shape[1])
    total = [sum(row[part] for row in want) for part in parts]
    remaining = [sum(placed[unit] < 0 for unit in units) for units in leftovers.units_of]
    waiting = {label for label, count in enumerate(remaining) if count}
    while waiting:
        label = min(waiting, key=lambda candidate: (remaining[candidate], candidate))
        waiting.discard(label)
        for unit in leftovers.units_of[label]:
            if placed[unit] >= 0:
                continue
            open_parts = [part for part in parts if leftovers.wanted[unit, part] > 0]
            part = max(open_parts, key=lambda part: (want[label][part], total[part], -part))
            placed[unit] = part
            for other in leftovers.labels_of[unit]:
                want[other][part] -= 1
                total[part] -= 1
            for other in set(leftovers.labels_of[unit]):
                remaining[other] -= 1
    placed[placed < 0] = 0  # without any label: nothing to balance


def _unmet_wants(leftovers: Leftovers, placed: Ints) -> list[list[float]]:
    """For each label how many more pictures each part wants."""
    count = leftovers.wanted.shape[1]
    want = [[0.0] * count for _ in leftovers.units_of]
    wanted, parts = leftovers.wanted.tolist(), placed.tolist()
    for unit, labels in enumerate(leftovers.labels_of):
        for label in labels:
            row, share = want[label], wanted[unit]
            for part in range(count):
                row[part] += share[part]
            if parts[unit] >= 0:
                row[parts[unit]] -= 1
    return want


def repair(leftovers: Leftovers, placed: Ints, with_validation: bool, with_test: bool) -> None:
    """Move single units (in place) so that each class lies in training, and where it can also in the other parts."""
    counts = leftovers.counts(placed)
    totals = counts.sum(axis=1)
    needs = [(0, 2, True), (1, _LEAST_FOR_VALIDATION, with_validation), (2, _LEAST_FOR_TEST, with_test)]
    for part, least, asked in needs:
        missing = np.flatnonzero((counts[:, part] == 0) & (totals >= least)) if asked else np.zeros(0, np.int64)
        for label in missing[np.argsort(totals[missing], kind="stable")].tolist():
            if counts[label, part] == 0:
                _bring(label, part, leftovers, placed, counts)


def _bring(label: int, part: int, leftovers: Leftovers, placed: Ints, counts: Ints) -> None:
    """Move the smallest unit with `label` to `part`.

    Training takes from any part; the others only from training, and only what leaves each class a picture there.
    """
    units = sorted(leftovers.units_of[label], key=lambda unit: len(leftovers.labels_of[unit]))
    for unit in units:
        source, labels = int(placed[unit]), leftovers.labels_of[unit]
        if source == part or leftovers.wanted[unit, part] <= 0:
            continue
        if part != 0 and (source != 0 or any(counts[other, 0] <= labels.count(other) for other in labels)):
            continue
        placed[unit] = part
        for other in labels:
            counts[other, source] -= 1
            counts[other, part] += 1
        return
