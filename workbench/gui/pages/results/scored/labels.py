"""Results of a task with any number of labels for each picture."""

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
    number,
    numbers,
    within,
)
from workbench.gui.pages.results.scored.base import translated as _tr
from workbench.gui.pages.results.scored.confidence import Calibration
from workbench.gui.pages.results.scored.fields import Choice, Field, Span, Value

Flags = NDArray[np.bool_]
_NAMED = 4  # labels of a caption that are named; of more they are counted
_LETTERS = 44  # of their names together; of longer ones they are counted


@dataclass(frozen=True)
class Curve:
    """Precision and recall of a label over rising thresholds, (P,) each; NaN where there is nothing to divide by."""

    threshold: Floats
    precision: Floats
    recall: Floats


@dataclass(frozen=True)
class LabelScores:
    """Per label (L,): pictures that have it, and at the threshold 0.5 precision, recall, F1; and average precision."""

    count: NDArray[np.int64]
    precision: Floats
    recall: Floats
    f1: Floats
    average_precision: Floats


@dataclass(frozen=True)
class AtThreshold:
    """What would be said of one label at a threshold: shares in [0, 1] (NaN: nothing to divide by), and pictures."""

    precision: float
    recall: float
    said: int
    right: int
    true: int


@dataclass(frozen=True)
class LabelsResult(TaskResult):
    """Any number of labels for each picture.

    Attributes:
        classes: the L labels.
        curves: one for each label.
        target, said: (N, L) which labels a picture has, and which were said of it.
        probabilities: (N, L) float32, NaN where they are not said.
        calibration: None where the run is not calibrated.
    """

    classes: list[str]
    scores: LabelScores
    curves: list[Curve]
    target: Flags
    said: Flags
    probabilities: NDArray[np.float32]
    calibration: Calibration | None = None

    @classmethod
    def read(cls, name: str, task: dict[str, Any]) -> LabelsResult:
        classes = [str(label) for label in task.get("classes", [])]
        images = task.get("images", [])
        entries = {str(entry["label"]): entry for entry in task.get("per_label", [])}
        per_label = [entries.get(label, {}) for label in classes]
        return cls(
            **common(name, task),
            classes=classes,
            scores=LabelScores(
                np.nan_to_num(numbers(per_label, "count")).astype(np.int64),
                *(numbers(per_label, key) for key in ("precision", "recall", "f1", "average_precision")),
            ),
            curves=[_curve(entry.get("curve") or {}) for entry in per_label],
            target=_flags(classes, [image["target"] for image in images]),
            said=_flags(classes, [image["prediction"] for image in images]),
            probabilities=_probabilities(images, len(classes)),
            calibration=Calibration.read(task.get("calibration")),
        )

    @property
    def missing(self) -> Flags:
        """(N, L) labels that a picture has and that were not said."""
        return self.target & ~self.said

    @property
    def extra(self) -> Flags:
        """(N, L) labels that were said of a picture that has them not."""
        return self.said & ~self.target

    def orders(self) -> Sequence[tuple[str, str]]:
        return (
            ("worst", _tr("Worst first")),
            ("unsure", _tr("Most unsure")),
            ("best", _tr("Best first")),
            ("all", _tr("All, errors first")),
        )

    def ordered(self, order: str) -> Rows:
        """Worst (a wrong label, the surest errors first), unsure (a probability near one half), best, or all."""
        wrong = (self.target ^ self.said).any(axis=1)
        badness = self._badness()
        if order == "worst":
            rows = np.flatnonzero(wrong)
            return rows[np.argsort(-badness[rows], kind="stable")]
        if order == "best":
            rows = np.flatnonzero(~wrong)
            return rows[np.argsort(badness[rows], kind="stable")]
        if order == "unsure":
            distance = np.abs(np.nan_to_num(self.probabilities, nan=1.0) - 0.5)
            return np.argsort(distance.min(axis=1, initial=1.0), kind="stable")
        return np.lexsort((-badness, ~wrong)).astype(np.int64)

    def order_title(self, order: str, rows: Rows) -> tuple[str, str]:
        total = len(self.images)
        if order != "worst":
            return _tr("{0} pictures").format(count(len(rows))), _tr("There is none.")
        empty = _tr("Every label is right.") if total else _tr("This document names no pictures.")
        words = _tr("{0} of {1} wrong")
        return words.format(count(len(rows)), count(total)), empty

    def fields(self) -> Sequence[Field]:
        labels = tuple((name, name) for name in self.classes)
        own = (
            ("right", _tr("right")),
            ("wrong", _tr("wrong")),
            ("missing", _tr("a label missing")),
            ("extra", _tr("a label too much")),
        )
        return (
            self.finding(*own),
            Choice("true", _tr("Has"), labels),
            Choice("said", _tr("Said"), labels),
            Span("sure", _tr("Least confidence"), 0.5, 1.0, percent=True),
        )

    def passes(self, key: str, value: Value) -> Flags:
        if key == "sure":
            return within(np.maximum(self.probabilities, 1 - self.probabilities).min(axis=1, initial=1.0), value)
        if key in ("true", "said"):
            return np.asarray((self.target if key == "true" else self.said)[:, self.classes.index(str(value))])
        missing, extra = self.missing.any(axis=1), self.extra.any(axis=1)
        own = {"right": ~missing & ~extra, "wrong": missing | extra, "missing": missing, "extra": extra}
        return own[str(value)] if value in own else self.marks[str(value)]

    def caption(self, row: int) -> Caption:
        missing, extra = (self._names(flags[row]) for flags in (self.missing, self.extra))
        true = self._names(self.target[row])
        tip = _tr("True: {0}").format(", ".join(true) or _tr("no label"))
        if not missing and not extra:
            words = ", ".join(true) if _short(true) else _tr("{0} labels").format(len(true))
            return Caption(words or _tr("no label"), True, tip)
        signs = [f"−{name}" for name in missing] + [f"+{name}" for name in extra]
        if missing:
            tip += "\n" + _tr("Missing: {0}").format(", ".join(missing))
        if extra:
            tip += "\n" + _tr("Too much: {0}").format(", ".join(extra))
        counts = _tr("−{0} +{1} labels").format(len(missing), len(extra))
        return Caption("  ".join(signs) if _short(signs) else counts, False, tip)

    def headline(self) -> Headline:
        score = self.metrics.get("mean_average_precision")
        interval = self.interval("mean_average_precision")
        caption = _tr("average precision on {0} pictures").format(count(self.count))
        tip = metric_help("mean_average_precision") + interval_words(interval, percent)
        return Headline(percent(score), doubt(score, interval), caption, tip)

    def of_label(self, index: int, which: str) -> Rows:
        """Rows of one label, the worst first: "missed", "false alarm", "wrong" (either), or "has" it."""
        chosen = {
            "missed": self.missing[:, index],
            "false alarm": self.extra[:, index],
            "wrong": self.missing[:, index] | self.extra[:, index],
            "has": self.target[:, index],
        }[which]
        rows = np.flatnonzero(chosen)
        away = np.abs(np.nan_to_num(self.probabilities[rows, index], nan=0.5) - self.target[rows, index])
        return rows[np.argsort(-away, kind="stable")]

    def at(self, index: int, threshold: float) -> AtThreshold:
        """What would be said of a label if pictures with at least that probability were said to have it."""
        probability = self.probabilities[:, index]
        known = ~np.isnan(probability)
        true, said = self.target[known, index], probability[known] >= threshold
        right, all_said, all_true = int((true & said).sum()), int(said.sum()), int(true.sum())
        nothing = float("nan")
        precision = right / all_said if all_said else nothing
        return AtThreshold(precision, right / all_true if all_true else nothing, all_said, right, all_true)

    def _badness(self) -> Floats:
        """(N,) how far the probabilities are from the truth, summed over the labels that are wrong (all where none)."""
        away = np.abs(np.nan_to_num(self.probabilities, nan=0.5) - self.target)
        wrong = self.target ^ self.said
        return np.where(wrong.any(axis=1), (away * wrong).sum(axis=1), away.max(axis=1, initial=0.0)).astype(np.float64)

    def _names(self, flags: Flags) -> list[str]:
        return [self.classes[index] for index in np.flatnonzero(flags)]


def _short(names: Sequence[str]) -> bool:
    """Whether a caption has room for the names."""
    return len(names) <= _NAMED and sum(map(len, names)) <= _LETTERS


def _curve(curve: dict[str, Any]) -> Curve:
    threshold, precision, recall = (
        np.array([number(value) for value in curve.get(key) or []], np.float64)
        for key in ("threshold", "precision", "recall")
    )
    return Curve(threshold, precision, recall)


def _flags(classes: Sequence[str], labels: Sequence[Sequence[str]]) -> Flags:
    index = {label: place for place, label in enumerate(classes)}
    flags = np.zeros((len(labels), len(classes)), np.bool_)
    for row, names in enumerate(labels):
        flags[row, [index[name] for name in names or () if name in index]] = True
    return flags


def _probabilities(images: Sequence[dict[str, Any]], labels: int) -> NDArray[np.float32]:
    result = np.full((len(images), labels), np.nan, np.float32)
    for row, image in enumerate(images):
        values = image.get("probabilities")
        if values is not None and len(values) == labels:
            result[row] = [number(value) for value in values]
    return result
