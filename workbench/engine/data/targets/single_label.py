"""One class for each picture; the label text is the class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from workbench.core.project import Task
from workbench.engine.data.labels import clean_label, sort_classes
from workbench.engine.data.targets.base import Encoded, Ints, Labelled, Place, Targets


class SingleLabel(Targets):
    """(N,) int64, the number of the class; -1 where it is missing."""

    def read(self, cells: Sequence[str], task: Task, place: Place) -> list[str | None]:
        return [clean_label(cell) for cell in cells]

    def sort(self, texts: Iterable[str]) -> list[str]:
        return sort_classes(texts)

    def classes(self, labels: list[str]) -> list[str]:
        return list(labels)

    def encode(self, labelled: Labelled) -> Encoded:
        return labelled.targets

    def pictures(self, labelled: Labelled) -> Ints:
        there = labelled.targets[labelled.targets >= 0]
        return np.bincount(there, minlength=len(labelled.classes)).astype(np.int64)

    def strata(self, labelled: Labelled) -> Ints:
        return labelled.targets[:, None]

    def words(self, label: str) -> str:
        return label

    def nothing_to_learn(self, labels: list[str], classes: list[str]) -> tuple[str, str] | None:
        if len(labels) > 1:
            return None
        return (
            f"all pictures belong to one class, {labels[0]!r}, so there is nothing to tell apart.",
            "Add pictures of at least one other class, or remove the task.",
        )
