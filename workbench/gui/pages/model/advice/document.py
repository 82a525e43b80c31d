"""Advice on backbones, as `advise` prints it and as it is kept in the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.core.advice import advice_file
from workbench.gui.pages.model.kept import read_kept

Way = Literal["probe", "knn", "logme"]
"""How features are asked: by a linear probe, by nearest neighbours, by the evidence of a linear model."""
Status = Literal["measured", "not here", "failed"]
_UNREADABLE = "The advice cannot be read, compare again: {0}."


@dataclass(frozen=True)
class TaskScore:
    """How well one task can be told from frozen features; None where it could not be measured.

    Attributes:
        probe: of a cross-validated ridge probe: accuracy, mean average precision, or R² of a number.
        error: its standard error.
        knn: the same score of the nearest neighbours.
        logme: maximum evidence of a linear model on the features (LogME).
    """

    probe: float | None
    error: float | None
    knn: float | None
    logme: float | None

    def by(self, way: Way) -> float | None:
        """The score that one way of asking gives."""
        return {"probe": self.probe, "knn": self.knn, "logme": self.logme}[way]

    def doubt(self, way: Way) -> float:
        """The standard error of that score, as far as it is known."""
        return self.error or 0.0 if way == "probe" else 0.0


@dataclass(frozen=True)
class Compared:
    """One backbone with its weights.

    Attributes:
        tied: within noise of the best.
        accuracy: on ImageNet, in percent.
        accuracy_of: whether that is of these very weights, or of the `backbone` with its default ones.
        images: how many pictures it was measured on: the first are few, and those clearly worse see no more.
    """

    name: str
    weights: str
    status: Status
    reason: str
    rank: int | None
    mean_rank: float | None
    tied: bool
    tasks: Mapping[str, TaskScore]
    parameters: int
    macs: int
    accuracy: float | None
    download_mb: float | None
    images_per_s: float | None
    peak_memory_mb: float | None
    images: int | None = None
    accuracy_of: str = "weights"


@dataclass(frozen=True)
class Advice:
    """What `advise` says.

    Attributes:
        images: how many pictures it looked at.
        basis: what it was measured on, to tell whether it still holds.
    """

    rows: tuple[Compared, ...]
    sentence: str
    images: int
    seconds: float
    basis: Mapping[str, Any]

    @property
    def tasks(self) -> list[str]:
        """The tasks that it scores, in its own order."""
        return list(dict.fromkeys(task for row in self.rows for task in row.tasks))

    @property
    def left_out(self) -> dict[str, str]:
        """Tasks that it does not score, each with the reason."""
        return {str(task): str(reason) for task, reason in (self.basis.get("left_out") or {}).items()}

    @property
    def memory(self) -> str:
        """What its megabytes are; empty where it does not say."""
        return str(self.basis.get("memory") or "")

    @property
    def measured(self) -> list[Compared]:
        """The backbones that were measured, the best first."""
        return [row for row in self.rows if row.status == "measured"]


def parse_advice(document: Mapping[str, Any]) -> Advice:
    """Read a document.

    Raises:
        ValueError: it is not what `advise` prints.
    """
    try:
        rows = tuple(_row(row) for row in document["backbones"])
        sentence, images = str(document["advice"] or ""), int(document["images"])
        return Advice(rows, sentence, images, float(document["seconds"] or 0.0), document)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(_UNREADABLE.format(repr(error))) from error


def read_advice(folder: Path) -> Advice | None:
    """The advice that is kept in a project; None where there is none.

    Raises:
        ValueError: the file is not what `advise` writes.
        OSError: the file cannot be read.
    """
    document = read_kept(advice_file(folder))
    return None if document is None else parse_advice(document)


def _row(row: Mapping[str, Any]) -> Compared:
    scores = {
        str(task): TaskScore(*(_number(found.get(key)) for key in ("probe", "standard_error", "knn", "logme")))
        for task, found in row["tasks"].items()
    }
    return Compared(
        name=str(row["name"]),
        weights=str(row["weights"]),
        status=row["status"],
        reason=str(row.get("reason") or ""),
        rank=None if row["rank"] is None else int(row["rank"]),
        mean_rank=_number(row.get("mean_rank")),
        tied=bool(row["tied"]),
        tasks=scores,
        parameters=int(row["parameters"] or 0),
        macs=int(row["macs"] or 0),
        accuracy=_number(row.get("accuracy")),
        download_mb=_number(row.get("download_mb")),
        images_per_s=_number(row.get("images_per_s")),
        peak_memory_mb=_number(row.get("peak_memory_mb")),
        images=int(row["images"]) if row.get("images") else None,
        accuracy_of=str(row.get("accuracy_of") or "weights"),
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
