"""What the results of every kind of task have, and what a kind adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from workbench.gui.pages.results.scored.fields import FINDING, Choice, Field, Value

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Caption:
    """What stands under a picture: a short line, whether the answer is right (None: no mark), and a tooltip."""

    text: str
    right: bool | None = None
    tip: str = ""


@dataclass(frozen=True)
class Headline:
    """What a score card says: the number, its doubt, what it counts, and all of it at length in a tooltip."""

    score: str
    doubt: str
    caption: str
    tip: str


@dataclass(frozen=True)
class TaskResult:
    """One task of a document of `evaluate`.

    Attributes:
        count: labelled pictures.
        metrics: numbers by name; those that are null are left out.
        intervals: 95 % intervals of metrics, by the metric's name.
        images: paths as written, N of them.
        marks: (N,) pictures of which something is found beside right and wrong, by what it is: "doubted",
            "unknown", "abstained".
        tells_unknown: whether the run can tell pictures that are unlike anything in training.
    """

    name: str
    kind: str
    count: int
    metrics: dict[str, float]
    intervals: dict[str, Interval]
    images: list[str]
    marks: dict[str, NDArray[np.bool_]] = field(default_factory=dict, kw_only=True)
    tells_unknown: bool = field(default=False, kw_only=True)

    @classmethod
    def read(cls, name: str, task: dict[str, Any]) -> TaskResult:
        """Read a task's part of a document.

        Raises:
            KeyError, TypeError, ValueError, AttributeError: it is not what `evaluate` prints.
        """
        raise NotImplementedError

    def orders(self) -> Sequence[tuple[str, str]]:
        """The orders in which pictures can be shown, each with its words; the first is the first to be shown."""
        raise NotImplementedError

    def ordered(self, order: str) -> Rows:
        """The rows of an order."""
        raise NotImplementedError

    def order_title(self, order: str, rows: Rows) -> tuple[str, str]:
        """What stands over the pictures of an order, and what stands in their place where there are none."""
        raise NotImplementedError

    def fields(self) -> Sequence[Field]:
        """By what the pictures can be filtered."""
        raise NotImplementedError

    def passes(self, key: str, value: Value) -> NDArray[np.bool_]:
        """(N,) which pictures have that value of a field, or a number of it in that range."""
        raise NotImplementedError

    def finding(self, *own: tuple[str, str]) -> Choice:
        """The field of how answers turned out: the kind's own values, and the marks that there are."""
        words = {
            "doubted": translated("label doubted"),
            "unknown": translated("unlike training"),
            "abstained": translated("no answer given"),
        }
        return Choice(FINDING, translated("Finding"), (*own, *((key, words[key]) for key in self.marks)))

    def caption(self, row: int) -> Caption:
        """What is true of a picture, and what was said."""
        raise NotImplementedError

    def headline(self) -> Headline:
        """The score card of the task."""
        raise NotImplementedError

    def interval(self, metric: str) -> Interval | None:
        """The 95 % interval of a metric; None where it is not said."""
        return self.intervals.get(metric)


def common(name: str, task: dict[str, Any]) -> dict[str, Any]:
    """The attributes that every kind has."""
    scores = task["metrics"]
    metrics = {
        key: float(value)
        for key, value in scores.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    intervals = {
        key.removesuffix("_interval"): (float(value[0]), float(value[1]))
        for key, value in scores.items()
        if key.endswith("_interval") and value and None not in value
    }
    images = task.get("images", [])
    marked = [key for key in ("unknown", "abstained") if any(image.get(key) for image in images)]
    return {
        "name": name,
        "kind": str(task["kind"]),
        "count": int(task["count"]),
        "metrics": metrics,
        "intervals": intervals,
        "images": [str(image["image"]) for image in images],
        "marks": {
            key: np.fromiter((bool(image.get(key)) for image in images), np.bool_, len(images)) for key in marked
        },
        "tells_unknown": any("unknown" in image for image in images),
    }


def confusion_of(task: dict[str, Any], classes: int) -> Rows:
    """(C, C) counts of a document, true class by said class; nothing but zeros where it has none."""
    return np.array(task.get("confusion") or np.zeros((classes, classes)), np.int64)


def within(numbers: Floats, span: Value) -> NDArray[np.bool_]:
    """(N,) which numbers lie in a range, both ends with it; NaN lies in none. Ends are as exact as they are shown."""
    low, high = (float(end) for end in span)
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    return np.asarray((numbers >= low - slack) & (numbers <= high + slack))


def similar_of(task: dict[str, Any], classes: list[str]) -> list[int]:
    """The places of the classes in the order by similarity that a document says; empty where it says none."""
    order = [str(name) for name in task.get("by_similarity") or []]
    return [classes.index(name) for name in order] if sorted(order) == sorted(classes) else []


def number(value: Any) -> float:
    """A number, NaN where there is none."""
    return float("nan") if value is None else float(value)


def numbers(entries: Sequence[dict[str, Any]], key: str) -> Floats:
    """(N,) one number of each entry, NaN where there is none."""
    return np.fromiter((number(entry.get(key)) for entry in entries), np.float64, len(entries))


def translated(text: str) -> str:
    """Words about results in the window's language."""
    return QCoreApplication.translate("TaskResult", text)
