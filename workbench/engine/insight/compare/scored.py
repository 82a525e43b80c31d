"""What runs of one recipe scored on the pictures of a task."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from workbench.core.differences import Repeats
from workbench.core.kinds import KINDS
from workbench.core.verdict import is_error, picture_scores
from workbench.engine.insight.compare.paired import Spread, spread
from workbench.engine.insight.verdict.doubt import Floats

Task = Mapping[str, Any]
Entry = Mapping[str, Any]

_SHOWN = {kind: "mae" if kind == "number" else facts.metric for kind, facts in KINDS.items()}
_ANSWER = {
    "single-label": ("prediction", "confidence"),
    "multi-label": ("prediction",),
    "number": ("prediction", "spread"),
    "mask": ("iou",),
}
"""What is told of an answer, by kind."""


@dataclass(frozen=True)
class Scored:
    """One task of the runs of one recipe.

    Attributes:
        documents: of the task by run, as `evaluate` prints them.
    """

    documents: Mapping[str, Task]
    repeats: Repeats

    @property
    def kind(self) -> str:
        return str(next(iter(self.documents.values()))["kind"])

    @property
    def metric(self) -> str:
        """The metric that stands for the task."""
        return _SHOWN[self.kind]

    @cached_property
    def pictures(self) -> list[dict[str, float]]:
        """Picture → score, the higher the better: of each run; of folds, which share no picture, all in one."""
        each = [picture_scores(document) for document in self.documents.values()]
        if self.repeats != "folds":
            return each
        return [{image: score for scores in each for image, score in scores.items()}]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Picture → what `evaluate` says of it: of the first run, or of the fold that it validated."""
        documents = list(self.documents.values())
        chosen = documents if self.repeats == "folds" else documents[:1]
        return {str(entry["image"]): entry for document in chosen for entry in document["images"]}

    def spread(self) -> Spread | None:
        """Of the metric over the runs; None where a run has none."""
        values = [document["metrics"].get(self.metric) for document in self.documents.values()]
        if None in values:
            return None
        most = math.inf if is_error(self.kind) else 1.0
        return spread(np.array(values, np.float64), folds=self.repeats == "folds", most=most)


def paired(first: Scored, second: Scored) -> tuple[list[str], Floats, Floats]:
    """The pictures that all runs of both have scored, and (S, n) scores of each; relabelled ones are no measure."""
    sides = [first.pictures, second.pictures]
    images = [
        image
        for image in sides[0][0]
        if all(image in scores for side in sides for scores in side) and _same_truth(first, second, image)
    ]
    one, other = (np.array([[scores[i] for i in images] for scores in side], np.float64) for side in sides)
    return images, one, other


def disagreements(first: Scored, second: Scored, most: int | None) -> tuple[int, list[dict[str, Any]]]:
    """How many pictures have different answers, and up to `most` of them (None: all), the plainest first.

    Where one run is right and the other wrong comes first, and the surest answers within. Of numbers and masks, whose
    answers always differ a little, the largest differences.
    """
    apart, one, other = _APART[first.kind], first.entries, second.entries
    common = [image for image in one if image in other and _same_truth(first, second, image)]
    found = [(apart(one[image], other[image]), image) for image in common]
    found = sorted(((far, image) for far, image in found if far > 0), key=lambda each: (-each[0], each[1]))
    rows = [
        {
            "image": image,
            **({"target": one[image]["target"]} if "target" in one[image] else {}),
            "first": {key: one[image][key] for key in _ANSWER[first.kind]},
            "second": {key: other[image][key] for key in _ANSWER[first.kind]},
        }
        for _, image in found[:most]
    ]
    return len(found), rows


def _same_truth(first: Scored, second: Scored, image: str) -> bool:
    return bool(first.entries[image].get("target") == second.entries[image].get("target"))


def _classes_apart(first: Entry, second: Entry) -> float:
    if first["prediction"] == second["prediction"]:
        return 0.0
    decided = first["target"] in (first["prediction"], second["prediction"])
    return 2.0 * decided + float(first["confidence"]) + float(second["confidence"])


def _labels_apart(first: Entry, second: Entry) -> float:
    return float(len(set(first["prediction"]) ^ set(second["prediction"])))


def _numbers_apart(first: Entry, second: Entry) -> float:
    return abs(float(first["prediction"]) - float(second["prediction"]))


def _masks_apart(first: Entry, second: Entry) -> float:
    return abs(float(first["iou"] or 0.0) - float(second["iou"] or 0.0))


_APART: Mapping[str, Callable[[Entry, Entry], float]] = {
    "single-label": _classes_apart,
    "multi-label": _labels_apart,
    "number": _numbers_apart,
    "mask": _masks_apart,
}


def scored_tasks(
    groups: Sequence[tuple[Sequence[str], Repeats]], tasks: Mapping[str, Mapping[str, Task]]
) -> dict[str, list[Scored | None]]:
    """For each task what each group scored; None where a run of it does not have the task as the same kind.

    Args:
        groups: names of runs, and in what they differ.
        tasks: by run, the tasks of its document.
    """
    names = dict.fromkeys(name for runs, _ in groups for run in runs for name in tasks[run])
    found: dict[str, list[Scored | None]] = {}
    for name in names:
        kind = next(tasks[run][name]["kind"] for runs, _ in groups for run in runs if name in tasks[run])
        found[name] = [
            Scored({run: tasks[run][name] for run in runs}, repeats)
            if all(name in tasks[run] and tasks[run][name]["kind"] == kind for run in runs)
            else None
            for runs, repeats in groups
        ]
    return found
