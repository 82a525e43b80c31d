"""Results of a task that says of every pixel what it is."""

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
from workbench.gui.pages.results.scored.fields import FINDING, Field, Span, Value


@dataclass(frozen=True)
class MaskResult(TaskResult):
    """A class for every pixel.

    Attributes:
        values: the pixel value of each class in the files of masks; the document does not hold it, the run does.
        confusion: (K, K) pixels, rows are what is true, columns what was said.
        similar: the classes' places in an order by similarity; empty where none is said.
        iou, share: (K,) per class: intersection over union, and the share of the true pixels; NaN where not said.
        masks: N paths of true masks as written; empty where there is none.
        image_iou, image_accuracy: (N,) mean IoU and share of right pixels of each picture; NaN where not said.
    """

    classes: list[str]
    values: list[int]
    confusion: NDArray[np.int64]
    similar: list[int]
    iou: Floats
    share: Floats
    masks: list[str]
    image_iou: Floats
    image_accuracy: Floats

    @classmethod
    def read(cls, name: str, task: dict[str, Any]) -> MaskResult:
        classes = [str(label) for label in task.get("classes", [])]
        images = task.get("images", [])
        entries = {str(entry["class"]): entry for entry in task.get("per_class", [])}
        per_class = [entries.get(label, {}) for label in classes]
        return cls(
            **common(name, task),
            classes=classes,
            values=[],
            confusion=confusion_of(task, len(classes)),
            similar=similar_of(task, classes),
            iou=numbers(per_class, "iou"),
            share=numbers(per_class, "share"),
            masks=[str(image.get("mask") or "") for image in images],
            image_iou=numbers(images, "iou"),
            image_accuracy=numbers(images, "pixel_accuracy"),
        )

    def orders(self) -> Sequence[tuple[str, str]]:
        return (("worst", _tr("Least overlap first")), ("best", _tr("Most overlap first")))

    def ordered(self, order: str) -> Rows:
        return np.argsort(self.image_iou if order == "worst" else -self.image_iou, kind="stable")  # NaN last

    def order_title(self, order: str, rows: Rows) -> tuple[str, str]:
        return _tr("{0} pictures").format(count(len(rows))), _tr("This document names no pictures.")

    def fields(self) -> Sequence[Field]:
        finding = self.finding()
        return (
            *((finding,) if finding.options else ()),
            Span("overlap", _tr("Overlap"), 0.0, 1.0, percent=True),
            Span("pixels", _tr("Right pixels"), 0.0, 1.0, percent=True),
        )

    def passes(self, key: str, value: Value) -> NDArray[np.bool_]:
        if key == FINDING:
            return self.marks[str(value)]
        return within(self.image_iou if key == "overlap" else self.image_accuracy, value)

    def caption(self, row: int) -> Caption:
        words = _tr("overlap {0}").format(percent(float(self.image_iou[row]), 0))
        tip = _tr("Mean overlap (IoU) {0}, right pixels {1}")
        return Caption(
            words, tip=tip.format(percent(float(self.image_iou[row])), percent(float(self.image_accuracy[row])))
        )

    def headline(self) -> Headline:
        interval = self.interval("mean_iou")
        tip = metric_help("mean_iou") + interval_words(interval, percent)
        caption = _tr("mean overlap on {0} pictures").format(count(self.count))
        score = self.metrics.get("mean_iou")
        return Headline(percent(score), doubt(score, interval), caption, tip)
