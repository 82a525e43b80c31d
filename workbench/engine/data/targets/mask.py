"""A mask for each picture; the label text is the path of its file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

import numpy as np

from workbench.core.errors import RequestError
from workbench.core.project import Task
from workbench.engine.data.targets.base import MISSING, Encoded, Ints, Labelled, Place, Targets


class Mask(Targets):
    """(N,) int64, the number of the mask's file; -1 where there is none. Its classes come from a scan of all masks."""

    def read(self, cells: Sequence[str], task: Task, place: Place) -> list[str | None]:
        raise RequestError(
            f"Task {task.name}: a mask cannot come from a column of a table.",
            "Give the folder of pictures as `source` and the folder of masks as `masks`.",
        )

    def sort(self, texts: Iterable[str]) -> list[str]:
        return sorted(set(texts))

    def classes(self, labels: list[str]) -> list[str]:
        return []

    def encode(self, labelled: Labelled) -> Encoded:
        return labelled.targets

    def class_counts(self, labelled: Labelled) -> Ints:
        return np.asarray(self._times(labelled) @ labelled.pixels, dtype=np.int64)

    def pictures(self, labelled: Labelled) -> Ints:
        return np.asarray(self._times(labelled) @ (labelled.pixels > 0), dtype=np.int64)

    def strata(self, labelled: Labelled) -> Ints:
        """A column of all masks, and one for each class that not every mask shows, so that these are shared out too."""
        has = labelled.pixels > 0
        columns = np.concatenate([np.ones((len(has), 1), np.bool_), has[:, ~has.all(axis=0)]], axis=1)
        numbers = np.where(columns, np.arange(columns.shape[1]), MISSING)
        absent = np.full((1, columns.shape[1]), MISSING)
        return np.asarray(np.concatenate([numbers, absent])[labelled.targets], dtype=np.int64)

    def words(self, label: str) -> str:
        return label

    def identity(self, label: str) -> str:
        return os.path.basename(label)

    def nothing_to_learn(self, labels: list[str], classes: list[str]) -> tuple[str, str] | None:
        return None  # what masks hold is known, and refused, where they are scanned

    @staticmethod
    def _times(labelled: Labelled) -> Ints:
        """(M,) how many pictures have each mask."""
        there = labelled.targets[labelled.targets >= 0]
        return np.bincount(there, minlength=len(labelled.labels)).astype(np.int64)
