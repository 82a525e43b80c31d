"""Results of a task with one class for each picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.metric_words import doubt, interval_words, metric_help
from workbench.gui.pages.results.scored.base import (
    Caption,
    Floats,
    Headline,
    Rows,
    TaskResult,
    common,
    confusion_of,
    numbers,
    similar_of,
    within,
)
from workbench.gui.pages.results.scored.base import translated as _tr
from workbench.gui.pages.results.scored.confidence import Calibration
from workbench.gui.pages.results.scored.fields import Choice, Field, Span, Value


@dataclass(frozen=True)
class ClassResult(TaskResult):
    """One class for each picture.

    Attributes:
        confusion: (C, C) counts, rows are what is true, columns what was said.
        similar: the classes' places in an order by similarity; empty where none is said.
        target, prediction: (N,) class indices, -1 where the class is not among `classes`.
        confidence: (N,) in [0, 1], NaN where it is not said.
        calibration: None where the run is not calibrated.
    """

    classes: list[str]
    confusion: NDArray[np.int64]
    similar: list[int]
    target: Rows
    prediction: Rows
    confidence: Floats
    calibration: Calibration | None = None

    @classmethod
    def read(cls, name: str, task: dict[str, Any]) -> ClassResult:
        classes = [str(label) for label in task.get("classes", [])]
        index = {label: place for place, label in enumerate(classes)}
        images = task.get("images", [])
        return cls(
            **common(name, task),
            classes=classes,
            confusion=confusion_of(task, len(classes)),
            similar=similar_of(task, classes),
            target=np.fromiter((index.get(image["target"], -1) for image in images), np.int64, len(images)),
            prediction=np.fromiter((index.get(image["prediction"], -1) for image in images), np.int64, len(images)),
            confidence=numbers(images, "confidence"),
            calibration=Calibration.read(task.get("calibration")),
        )

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """(N,) whether the answer differs from the target."""
        return np.not_equal(self.target, self.prediction)

    def orders(self) -> Sequence[tuple[str, str]]:
        return (
            ("worst", _tr("Worst first")),
            ("unsure", _tr("Most unsure")),
            ("best", _tr("Best first")),
            ("all", _tr("All, errors first")),
        )

    def ordered(self, order: str) -> Rows:
        """Worst (errors, the surest first), unsure, best (right answers, the surest first), or all."""
        sure = np.nan_to_num(self.confidence, nan=0.0)
        if order == "worst":
            rows = np.flatnonzero(self.wrong)
            return rows[np.argsort(-sure[rows], kind="stable")]
        if order == "best":
            rows = np.flatnonzero(~self.wrong)
            return rows[np.argsort(-sure[rows], kind="stable")]
        if order == "unsure":
            return np.argsort(sure, kind="stable")
        return np.lexsort((-sure, ~self.wrong)).astype(np.int64)

    def order_title(self, order: str, rows: Rows) -> tuple[str, str]:
        total = len(self.images)
        if order != "worst":
            return _tr("{0} pictures").format(count(len(rows))), _tr("There is none.")
        empty = _tr("Every answer is right.") if total else _tr("This document names no pictures.")
        return _tr("{0} of {1} wrong").format(count(len(rows)), count(total)), empty

    def fields(self) -> Sequence[Field]:
        classes = tuple((name, name) for name in self.classes)
        return (
            self.finding(("right", _tr("right")), ("wrong", _tr("wrong"))),
            Choice("true", _tr("True"), classes),
            Choice("said", _tr("Said"), classes),
            Span("sure", _tr("Confidence"), 0.0, 1.0, percent=True),
        )

    def passes(self, key: str, value: Value) -> NDArray[np.bool_]:
        if key == "sure":
            return within(self.confidence, value)
        if key in ("true", "said"):
            return np.asarray((self.target if key == "true" else self.prediction) == self.classes.index(str(value)))
        own = {"right": ~self.wrong, "wrong": self.wrong}
        return own[str(value)] if value in own else self.marks[str(value)]

    def caption(self, row: int) -> Caption:
        true, said, sure = int(self.target[row]), int(self.prediction[row]), float(self.confidence[row])
        truth = self.classes[true] if true >= 0 else "?"
        answer = self.classes[said] if said >= 0 else "?"
        words = truth if true == said else f"{truth} → {answer}"
        return Caption(f"{words}, {sure:.2f}" if sure == sure else words, true == said)

    def headline(self) -> Headline:
        interval = self.interval("accuracy")
        tip = metric_help("accuracy") + interval_words(interval, percent)
        caption = _tr("right on {0} pictures").format(count(self.count))
        if "answered" in self.metrics:
            given, right = percent(self.metrics["answered"]), percent(self.metrics.get("answered_accuracy"))
            caption += "\n" + _tr("answers {0}, {1} of these rightly").format(given, right)
        score = self.metrics.get("accuracy")
        return Headline(percent(score), doubt(score, interval), caption, tip)

    def in_cell(self, true: int, said: int) -> Rows:
        """Rows behind a cell of the confusion matrix, the surest first."""
        rows = np.flatnonzero((self.target == true) & (self.prediction == said))
        return rows[np.argsort(-np.nan_to_num(self.confidence[rows]), kind="stable")]

    def of_class(self, index: int) -> Rows:
        """Rows whose target is a class, errors first."""
        rows = np.flatnonzero(self.target == index)
        sure = np.nan_to_num(self.confidence[rows])
        return rows[np.lexsort((-sure, ~self.wrong[rows]))]
