"""What `check` says of tasks of each kind, made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

Report = dict[str, Any]


def parts_of(number: int) -> dict[str, int]:
    """A fifth validates."""
    return {"train": number - (number + 2) // 5, "validation": (number + 2) // 5, "test": 0}


def _report(kind: str, number: int, classes: dict[str, int], first: list[str]) -> Report:
    return {
        "kind": kind, "count": number, "classes": classes, "parts": parts_of(number),
        "parts_by_class": {name: parts_of(count) for name, count in classes.items()},
        "unreadable": [], "samples": {}, "first": first,
    }  # fmt: skip


def single_label_report(classes: list[str]) -> Report:
    """Ten pictures of each class."""
    return _report("single-label", 10 * len(classes), dict.fromkeys(classes, 10), [])


def multi_label_report(labels: dict[str, int], number: int) -> Report:
    """So many pictures with each label."""
    return _report("multi-label", number, labels, [])


def number_report() -> Report:
    """Numbers from 2 to 31."""
    histogram = [[2.0, 11.0, 200], [11.0, 20.0, 100], [20.0, 31.0, 64]]
    numbers = {"minimum": 2.0, "maximum": 31.0, "mean": 11.2, "deviation": 4.0, "histogram": histogram}
    return {**_report("number", 364, {}, []), "numbers": numbers}


def mask_report(folder: Path) -> Report:
    """The pictures and masks of a folder, of two values."""
    pairs = [[str(path), str(folder / "masks" / path.name)] for path in sorted((folder / "images").iterdir())]
    report = _report("mask", len(pairs), {"0": len(pairs), "255": len(pairs)}, [picture for picture, _ in pairs])
    return {**report, "mask_samples": pairs}


def tell(workspace: Any, **tasks: Report) -> None:
    """Let the workspace know these reports."""
    workspace.report = {"ok": True, "pictures": 60, "problems": [], "shared": {}, "tasks": tasks}
    workspace.report_changed.emit()
