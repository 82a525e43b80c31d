"""One seeded split over the whole sample table, stratified over the labels of all tasks together.

Pictures with the same combination of labels are shared out first, by exact fractions; what is left over is placed by
iterative stratification (Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data", 2011): the
rarest label first, each unit to the part that wants that label most. Units (copies, groups) are never torn apart.
The order within a combination is a hash of the seed and of each picture's own identity, so that the split is the
same on every platform and in every order of reading, and hardly changes when a picture is added.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workbench.engine.data.counter import hash64, key_of
from workbench.engine.data.stratify import Leftovers, place, repair

Ints = npt.NDArray[np.int64]

TRAIN, VALIDATION, TEST = 0, 1, 2
FREE = 7
"""Bits of the parts that a picture may go to: 1 train, 2 validation, 4 test; one bit alone is an explicit part."""


@dataclass(frozen=True)
class Shares:
    """The shares of the pictures that go to validation and test, and the seed of the split."""

    validation: float
    test: float
    seed: int


def allowed_shares(allowed: npt.NDArray[np.uint8], shares: Shares) -> npt.NDArray[np.float64]:
    """(U, 3): the share of each part for units that may go to the parts in `allowed`."""
    validation = np.where(allowed & 2, shares.validation, 0.0)
    test = np.where(allowed & 4, shares.test, 0.0)
    return np.stack([1.0 - validation - test, validation, test], axis=1)


def split(
    labels: Ints,
    units: Ints,
    allowed: npt.NDArray[np.uint8],
    identity: npt.NDArray[np.uint64],
    shares: Shares,
) -> npt.NDArray[np.int8]:
    """Choose a part for every picture.

    Args:
        labels: (N, T), for each task the label's number, counted through all tasks; -1 where it is missing.
        units: (N,), pictures with the same number share a part.
        allowed: (N,), bits of the parts that a picture may go to.
        identity: (N,), a hash of what each picture is.

    Returns:
        (N,) int8: 0 train, 1 validation, 2 test.
    """
    if len(units) == 0:
        return np.zeros(0, np.int8)
    _, unit = np.unique(units, return_inverse=True)
    fixed = _fixed_parts(unit, allowed)
    part = np.where(is_explicit(allowed), _part_of_bits(allowed), fixed[unit])
    free = np.flatnonzero(part < 0)
    if len(free):
        part[free] = _split_free(labels, unit, allowed, identity, shares, part, free)
    return part.astype(np.int8)


def _split_free(
    labels: Ints,
    unit: Ints,
    allowed: npt.NDArray[np.uint8],
    identity: npt.NDArray[np.uint64],
    shares: Shares,
    part: Ints,
    free: Ints,
) -> Ints:
    _, unit_of_row, sizes = np.unique(unit[free], return_inverse=True, return_counts=True)
    count = len(sizes)
    unit_allowed = np.full(count, FREE, np.uint8)
    np.bitwise_and.at(unit_allowed, unit_of_row, allowed[free])
    unit_identity = np.full(count, np.iinfo(np.uint64).max, np.uint64)
    np.minimum.at(unit_identity, unit_of_row, identity[free])
    priority = hash64(key_of(shares.seed, "split"), unit_identity.view(np.int64))
    wanted = allowed_shares(unit_allowed, shares)
    combination = _combinations(labels[free], unit_of_row, sizes, unit_allowed)
    placed = _by_combination(combination, sizes, priority, wanted)
    leftovers = Leftovers.build(labels[free], unit_of_row, priority, wanted, labels, part)
    place(leftovers, placed)
    repair(leftovers, placed, bool(shares.validation > 0), bool(shares.test > 0))
    return np.asarray(placed[unit_of_row], dtype=np.int64)


def _combinations(labels: Ints, unit_of_row: Ints, sizes: Ints, unit_allowed: npt.NDArray[np.uint8]) -> Ints:
    """A number for each unit, equal for units of one picture with the same labels and allowed parts.

    Rows are told apart by a sum of hashes of 64 bits: with many labels, sorting the rows themselves takes seconds.
    """
    keys = hash64(key_of("allowed"), unit_allowed[unit_of_row].astype(np.int64))
    for column in range(labels.shape[1]):
        keys += hash64(key_of("labels", column), labels[:, column])
    _, row_number = np.unique(keys, return_inverse=True)
    number = np.zeros(len(sizes), np.int64)
    number[unit_of_row] = row_number
    return number


def _by_combination(
    combination: Ints, sizes: Ints, priority: npt.NDArray[np.uint64], wanted: npt.NDArray[np.float64]
) -> Ints:
    """The part of each unit that the exact fractions of its combination already decide; -1 for the rest."""
    placed = np.full(len(sizes), -1, np.int64)
    single = np.flatnonzero(sizes == 1)
    order = single[np.lexsort((single, priority[single], combination[single]))]
    if len(order) == 0:
        return placed
    sorted_numbers = combination[order]
    starts = np.flatnonzero(np.r_[True, sorted_numbers[1:] != sorted_numbers[:-1]])
    counts = np.diff(np.r_[starts, len(order)])
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    whole = np.floor(np.repeat(counts, counts)[:, None] * wanted[order] + 1e-9).astype(np.int64)
    ends = np.cumsum(whole[:, ::-1], axis=1)
    for column, part in ((2, TRAIN), (1, VALIDATION), (0, TEST)):
        placed[order[rank < ends[:, column]]] = part
    return placed


def is_explicit(allowed: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """(N,) whether a picture's part is given: one bit alone."""
    return np.asarray((allowed == 1) | (allowed == 2) | (allowed == 4))


def _part_of_bits(allowed: npt.NDArray[np.uint8]) -> Ints:
    return np.where(allowed == 4, TEST, np.where(allowed == 2, VALIDATION, TRAIN)).astype(np.int64)


def _fixed_parts(unit: Ints, allowed: npt.NDArray[np.uint8]) -> Ints:
    """For each unit the explicit part of its members, test before validation before train; -1 where there is none."""
    fixed = np.full(int(unit.max()) + 1, -1, np.int64)
    explicit = is_explicit(allowed)
    np.maximum.at(fixed, unit[explicit], _part_of_bits(allowed)[explicit])
    return fixed


def keep_classes(labels: Ints, units: Ints, part: npt.NDArray[np.int8], rows: Ints) -> None:
    """Take single units of `rows` back to training (in place) where a class would not be there at all."""
    known = np.unique(labels[rows][labels[rows] >= 0])
    for label in known.tolist():
        carries = (labels == label).any(axis=1)
        if not (carries & (part == TRAIN)).any():
            first = rows[carries[rows]][0]
            part[units == units[first]] = TRAIN
