"""What a verdict compares: one recipe under the same conditions for all its runs, and a score for each picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from workbench.core.project import Project

Conclusion = Literal["together", "apart", "no difference"]
LEVEL = 0.95
SEEDS = 3
FEWEST_SEEDS, MOST_SEEDS = 2, 20

_NOT_THE_RECIPE = {"seed", "patience", "relatedness", "device", "devices", "interpolate"}
"""Settings of `[recipe]` that a verdict sets itself, or that change no result but for chance."""


def fair(project: Project, tasks: Sequence[str], seed: int) -> Project:
    """The project as one run of a verdict trains it: those tasks, that seed, all epochs, nothing measured beside."""
    data = project.effective().model_dump()
    data["tasks"] = [task for task in data["tasks"] if task["name"] in tasks]
    data["recipe"] |= {"seed": seed, "patience": 0, "relatedness": False}
    return Project.model_validate(data)


def recipe_key(project: Project) -> str:
    """Equal for projects that train the same tasks by the same recipe on the same split, whatever the seed."""
    data = project.effective().model_dump(mode="json")
    facts = {
        "tasks": sorted(data["tasks"], key=lambda task: str(task["name"])),
        "split": data["split"],
        "backbone": data["backbone"],
        "recipe": {name: value for name, value in data["recipe"].items() if name not in _NOT_THE_RECIPE},
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def picture_scores(task: Mapping[str, Any]) -> dict[str, float]:
    """Picture → score, the higher the better, of one task of an `evaluate` document; unscored ones are left out."""
    score = _SCORES[task["kind"]]
    found = ((str(image["image"]), score(task, image)) for image in task["images"])
    return {image: value for image, value in found if value is not None}


def grain(task: Mapping[str, Any]) -> float:
    """The smallest step between two scores of a picture; 0 where they are continuous."""
    if task["kind"] == "single-label":
        return 1.0
    return 1.0 / max(1, len(task["classes"])) if task["kind"] == "multi-label" else 0.0


def is_error(kind: str) -> bool:
    """Whether the score of a picture is an error with its sign turned, rather than a share."""
    return kind == "number"


def _right(_: Mapping[str, Any], image: Mapping[str, Any]) -> float:
    return float(image["target"] == image["prediction"])


def _labels_right(task: Mapping[str, Any], image: Mapping[str, Any]) -> float:
    return 1.0 - len(set(image["target"]) ^ set(image["prediction"])) / max(1, len(task["classes"]))


def _error(_: Mapping[str, Any], image: Mapping[str, Any]) -> float:
    return -abs(float(image["target"]) - float(image["prediction"]))


def _overlap(_: Mapping[str, Any], image: Mapping[str, Any]) -> float | None:
    return None if image["iou"] is None else float(image["iou"])


_SCORES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], float | None]] = {
    "single-label": _right,
    "multi-label": _labels_right,
    "number": _error,
    "mask": _overlap,
}
"""By kind: right or wrong; the share of labels right; minus the absolute error; the overlap (IoU) with the mask."""

SCORE_NAMES = {
    "single-label": "accuracy",
    "multi-label": "label accuracy",
    "number": "mean absolute error",
    "mask": "mean IoU of a picture",
}
"""By kind: what the mean of the pictures' scores is called."""
