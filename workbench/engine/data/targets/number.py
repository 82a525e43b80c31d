"""A number for each picture; the label text is its shortest exact spelling."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from workbench.core.errors import RequestError
from workbench.core.numbers import could_be_both, number_reader
from workbench.core.project import Task
from workbench.engine.data.targets.base import MISSING, Encoded, Ints, Labelled, Place, Targets

_BINS = 10
_LEAST_IN_BIN = 10
"""Of smaller bins the parts would get a whole number that is far from their share."""


class Number(Targets):
    """(N,) float64 in the column's unit; NaN where it is missing."""

    def read(self, cells: Sequence[str], task: Task, place: Place) -> list[str | None]:
        read = number_reader(cells)
        texts: list[str | None] = []
        for at, cell in enumerate(cells):
            number = read(cell) if cell else None
            if cell and number is None:
                raise _no_number(task, cell, place(at))
            texts.append(None if number is None else repr(number + 0.0))  # -0.0 and 0.0 are one number
        return texts

    def sort(self, texts: Iterable[str]) -> list[str]:
        return sorted(set(texts), key=float)

    def classes(self, labels: list[str]) -> list[str]:
        return []

    def encode(self, labelled: Labelled) -> Encoded:
        values = np.array([*map(float, labelled.labels), np.nan], dtype=np.float64)
        return values[labelled.targets]

    def pictures(self, labelled: Labelled) -> Ints:
        return np.zeros(0, np.int64)

    def strata(self, labelled: Labelled) -> Ints:
        """One column of bins that hold about equally many pictures; equal numbers share a bin."""
        values = self.encode(labelled)
        there = labelled.targets >= 0
        bins = min(_BINS, max(1, int(there.sum()) // _LEAST_IN_BIN))
        numbers = np.full(len(values), MISSING, np.int64)
        if bins > 1:
            shares = np.arange(1, bins) / bins
            edges = np.unique(np.quantile(values[there], shares, method="inverted_cdf"))
            numbers[there] = np.unique(np.searchsorted(edges, values[there], side="left"), return_inverse=True)[1]
        else:
            numbers[there] = 0
        return numbers[:, None]

    def words(self, label: str) -> str:
        return f"{float(label):.6g}"

    def nothing_to_learn(self, labels: list[str], classes: list[str]) -> tuple[str, str] | None:
        if len(labels) > 1:
            return None
        return (
            f"all pictures have the same number, {self.words(labels[0])}, so there is nothing to learn.",
            "Choose another column, or remove the task.",
        )


def _no_number(task: Task, cell: str, place: str) -> RequestError:
    shown = cell if len(cell) <= 40 else cell[:39] + "…"
    begin = f"Task {task.name}: the column {task.column} holds {shown!r} in {place}"
    if could_be_both(cell):
        return RequestError(
            f"{begin}, which could mean {cell.replace(',', '.')} or {cell.replace(',', '')}.",
            "Write it without a comma.",
        )
    return RequestError(
        f"{begin}, which is no number.",
        "Correct it, empty the cell if the number is not known, or make the task single-label.",
    )
