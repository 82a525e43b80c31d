"""What `evaluate` says, turned into arrays once, so that 100,000 pictures are sorted and filtered at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.gui.pages.results.patient_json import read_patiently

Order = Literal["worst", "unsure", "best", "all"]


@dataclass(frozen=True)
class TaskResult:
    """One task of a document.

    Attributes:
        metrics: numbers by name; `accuracy_interval` is apart.
        interval: the 95 % interval of the accuracy; None where it is not said.
        confusion: (C, C) counts, rows are what is true, columns what was said.
        images: paths as written, N of them.
        target, prediction: (N,) class indices, -1 where the class is not among `classes`.
        confidence: (N,) in [0, 1], NaN where it is not said.
    """

    name: str
    kind: str
    count: int
    metrics: dict[str, float]
    interval: tuple[float, float] | None
    classes: list[str]
    confusion: NDArray[np.int64]
    images: list[str]
    target: NDArray[np.int64]
    prediction: NDArray[np.int64]
    confidence: NDArray[np.float64]

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """(N,) whether the answer differs from the target."""
        return np.not_equal(self.target, self.prediction)

    def ordered(self, order: Order) -> NDArray[np.int64]:
        """Rows in an order: worst (errors, the surest first), unsure, best (right answers, the surest first), all."""
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

    def in_cell(self, true: int, said: int) -> NDArray[np.int64]:
        """Rows behind a cell of the confusion matrix, the surest first."""
        rows = np.flatnonzero((self.target == true) & (self.prediction == said))
        return rows[np.argsort(-np.nan_to_num(self.confidence[rows]), kind="stable")]

    def of_class(self, index: int) -> NDArray[np.int64]:
        """Rows whose target is a class, errors first."""
        rows = np.flatnonzero(self.target == index)
        sure = np.nan_to_num(self.confidence[rows])
        return rows[np.lexsort((-sure, ~self.wrong[rows]))]


@dataclass(frozen=True)
class ClassScores:
    """Per class (C,): precision, recall and F1 in [0, 1] (NaN where there is nothing to divide by) and true count."""

    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]
    count: NDArray[np.int64]


@dataclass(frozen=True)
class Evaluation:
    """A whole document of `evaluate`."""

    run: str
    part: str
    tasks: dict[str, TaskResult]


def class_scores(confusion: NDArray[np.int64]) -> ClassScores:
    """Per-class scores from a confusion matrix (C, C) whose rows are what is true."""
    hits = np.diag(confusion).astype(float)
    true, said = confusion.sum(axis=1), confusion.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall, f1 = hits / said, hits / true, 2 * hits / (true + said)
    return ClassScores(precision, recall, f1, true.astype(np.int64))


def parse(document: dict[str, Any]) -> Evaluation:
    """Read a document.

    Raises:
        ValueError: it is not what `evaluate` prints.
    """
    try:
        tasks = {name: _task(name, task) for name, task in document["tasks"].items()}
        return Evaluation(str(document["run"]), str(document["part"]), tasks)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"The results of this run cannot be read: {error!r}.") from error


def load(run_dir: Path, part: str) -> Evaluation | None:
    """The stored evaluation of one part of a run; None where there is none yet. Slow for many pictures."""
    document = _stored(run_dir, f"metrics-{part}.json")
    if document is None and part == "validation":
        document = _stored(run_dir, "metrics.json")
        if document is not None and document.get("part") != part:
            document = None
    return None if document is None else parse(document)


def _stored(run_dir: Path, name: str) -> dict[str, Any] | None:
    try:
        text = (run_dir / "results" / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    document: dict[str, Any] = read_patiently(text)
    return document


def stored_parts(run_dir: Path) -> list[str]:
    """Which parts of a run have stored results."""
    results = run_dir / "results"
    parts = [part for part in ("train", "validation", "test") if (results / f"metrics-{part}.json").exists()]
    if "validation" not in parts and (results / "metrics.json").exists():
        parts.append("validation")
    return parts


def resolve(image: str, project_dir: Path) -> Path:
    """The picture's path: as written where absolute, else inside the project."""
    return project_dir / image


def _task(name: str, task: dict[str, Any]) -> TaskResult:
    classes = [str(label) for label in task.get("classes", [])]
    index = {label: place for place, label in enumerate(classes)}
    images = task.get("images", [])
    metrics = {key: float(value) for key, value in task["metrics"].items() if isinstance(value, int | float)}
    interval = task["metrics"].get("accuracy_interval")
    size = len(images)
    return TaskResult(
        name=name,
        kind=str(task["kind"]),
        count=int(task["count"]),
        metrics=metrics,
        interval=(float(interval[0]), float(interval[1])) if interval and None not in interval else None,
        classes=classes,
        confusion=np.array(task.get("confusion") or np.zeros((len(classes), len(classes))), np.int64),
        images=[str(image["image"]) for image in images],
        target=np.fromiter((index.get(image["target"], -1) for image in images), np.int64, size),
        prediction=np.fromiter((index.get(image["prediction"], -1) for image in images), np.int64, size),
        confidence=np.fromiter((_number(image.get("confidence")) for image in images), np.float64, size),
    )


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)
