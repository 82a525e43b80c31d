"""Any number of labels for each picture; the label text is all of them in natural order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from workbench.core.project import Task
from workbench.engine.data.labels import clean_label, natural_key, sort_classes
from workbench.engine.data.targets.base import MISSING, Encoded, Ints, Labelled, Place, Targets

BETWEEN = "\x1f"
"""Stands between the labels of a label text; a text without any label says that there is explicitly none."""


class MultiLabel(Targets):
    """(N, L) int8, 1 for each label that a picture has; a row of -1 where they are missing."""

    def read(self, cells: Sequence[str], task: Task, place: Place) -> list[str | None]:
        known: dict[str, str | None] = {}
        for cell in cells:
            if cell not in known:
                known[cell] = _read_cell(cell, task.separator)
        return [known[cell] for cell in cells]

    def sort(self, texts: Iterable[str]) -> list[str]:
        return sorted(set(texts), key=lambda text: (natural_key(text), text))

    def classes(self, labels: list[str]) -> list[str]:
        return sort_classes({label for text in labels for label in labels_in(text)})

    def encode(self, labelled: Labelled) -> Encoded:
        rows = membership(labelled)[labelled.targets]
        rows[labelled.targets == MISSING] = MISSING
        return rows

    def pictures(self, labelled: Labelled) -> Ints:
        there = labelled.targets[labelled.targets >= 0]
        times = np.bincount(there, minlength=len(labelled.labels)).astype(np.int64)
        return np.asarray(times @ membership(labelled)[: len(labelled.labels)], dtype=np.int64)

    def strata(self, labelled: Labelled) -> Ints:
        """A column for each label, and one for pictures that explicitly have none."""
        has = membership(labelled)
        none = (has.sum(axis=1, dtype=np.int64) == 0) & (np.arange(len(has)) < len(labelled.labels))
        columns = np.concatenate([has, none[:, None]], axis=1)
        numbers = np.where(columns == 1, np.arange(columns.shape[1]), MISSING)
        return np.asarray(numbers[labelled.targets], dtype=np.int64)

    def words(self, label: str) -> str:
        return ", ".join(labels_in(label)) or "none"

    def nothing_to_learn(self, labels: list[str], classes: list[str]) -> tuple[str, str] | None:
        if len(labels) > 1:
            return None
        said = f"the same labels ({self.words(labels[0])})" if labels[0] else "no label at all"
        return (
            f"all pictures have {said}, so there is nothing to tell apart.",
            "Add pictures with other labels, or remove the task.",
        )


def join_labels(labels: Iterable[str]) -> str:
    """The label text of a picture with these labels."""
    return BETWEEN.join(sorted(set(labels), key=lambda label: (natural_key(label), label)))


def labels_in(text: str) -> list[str]:
    """The labels of a label text."""
    return text.split(BETWEEN) if text else []


def unite(texts: Iterable[str]) -> str:
    """The label text of a picture of which several rows or folders speak."""
    return join_labels(label for text in texts for label in labels_in(text))


def membership(labelled: Labelled) -> npt.NDArray[np.int8]:
    """(M + 1, L) which labels each label text holds; none in the last row, which a missing target (-1) takes."""
    place = {label: at for at, label in enumerate(labelled.classes)}
    has = np.zeros((len(labelled.labels) + 1, len(place)), np.int8)
    for row, text in enumerate(labelled.labels):
        has[row, [place[label] for label in labels_in(text)]] = 1
    return has


def _read_cell(cell: str, separator: str) -> str | None:
    if not cell.strip():
        return None
    pieces = cell.split(separator) if separator else [cell]
    return join_labels(label for piece in pieces if (label := clean_label(piece)))
