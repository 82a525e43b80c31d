"""What is said of tasks with a number for each picture."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from workbench.core.project import Task
from workbench.core.specs import Part
from workbench.engine.data.join import Joined
from workbench.engine.data.problem import Problem, warning
from workbench.engine.data.reports.base import Report, evenly, in_parts, labelled_rows
from workbench.engine.data.sample_table import SampleTable
from workbench.engine.data.words import pictures, verb

Floats = npt.NDArray[np.float64]

BINS = 20
FAR = 8.0
"""Robust standard deviations from the median beyond which a number is said to be far off."""

_FEW_VALUES = 5
_TIMES = 4
"""Few values are classes only if each occurs about this often."""

_DEVIATION_OF_NORMAL = 1.4826
"""Standard deviations of a normal distribution in one median absolute deviation."""

_EQUAL = 1e-9


class NumberReport(Report):
    def announcement(self, table: SampleTable, task: str, parts: list[Part]) -> str:
        values = table.encoded(task)[labelled_rows(table, task)]
        sizes = in_parts([len(table.rows(part, task)) for part in parts])
        return f"{sizes} numbers from {values.min():.6g} to {values.max():.6g}" if len(values) else f"{sizes} numbers"

    def document(self, table: SampleTable, task: str) -> dict[str, Any]:
        rows = labelled_rows(table, task)
        values = table.encoded(task)[rows]
        order = rows[np.argsort(values, kind="stable")]
        return {
            "classes": {},
            "parts_by_class": {},
            "samples": {},
            "first": [str(table.paths[row]) for row in evenly(order).tolist()],
            "numbers": _summary(values) if len(values) else None,
        }

    def problems(self, table: SampleTable, asked: Task) -> Iterator[Problem]:
        rows = labelled_rows(table, asked.name)
        values = table.encoded(asked.name)[rows]
        different = np.unique(values)
        if len(different) <= _FEW_VALUES and len(values) >= _TIMES * len(different):
            shown = ", ".join(f"{value:.6g}" for value in different)
            yield warning(
                f"the column holds only {len(different)} different numbers ({shown}).",
                "If each of them is a class of its own, set the task's kind to single-label.",
            )
        middle = float(np.median(values))
        deviation = _DEVIATION_OF_NORMAL * float(np.median(np.abs(values - middle)))
        far = np.flatnonzero(np.abs(values - middle) > FAR * deviation) if deviation > 0 else np.zeros(0, np.int64)
        if len(far):
            worst = int(far[np.argmax(np.abs(values[far] - middle))])
            yield warning(
                f"{pictures(len(far))} {verb(len(far), 'has a number', 'have numbers')} far from the others, such as "
                f"{values[worst]:.6g} of {table.paths[rows[worst]]} (half of them lie below {middle:.6g}).",
                "Correct them if they are mistakes; else set the task's huber, so that they pull less.",
            )

    def same(self, table: SampleTable, joined: Joined, one: str, other: str) -> bool:
        """Whether one is the other, up to a factor and an offset."""
        rows = labelled_rows(table, one)
        first, second = (_standardised(table.encoded(task)[rows]) for task in (one, other))
        return len(rows) > 2 and abs(float(np.mean(first * second))) > 1 - _EQUAL


def _summary(values: Floats) -> dict[str, Any]:
    """Range, mean, deviation (of the values themselves) and a histogram of at most BINS bins.

    Bins of whole numbers begin and end halfway between two of them, and hold equally many.
    """
    low, high = float(values.min()), float(values.max())
    if bool((values == np.round(values)).all()):
        width = math.ceil((high - low + 1) / BINS)
        edges = low - 0.5 + width * np.arange(math.ceil((high - low + 1) / width) + 1)
    else:
        edges = np.linspace(low, high, (BINS if high > low else 1) + 1)
    counts, edges = np.histogram(values, edges)
    bins = zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    return {
        "minimum": low,
        "maximum": high,
        "mean": float(values.mean()),
        "deviation": float(values.std()),
        "histogram": [list(each) for each in bins],
    }


def _standardised(values: Floats) -> Floats:
    deviation = float(values.std())
    return np.asarray((values - values.mean()) / deviation if deviation else np.zeros_like(values))
