"""The sample table: every picture once, with a part and, for each task, a target or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from workbench.core.specs import PARTS, Part
from workbench.engine.data.targets import MISSING, TARGETS, Encoded, Labelled

__all__ = ["MISSING", "SampleTable", "Unreadable"]

Fact = TypeVar("Fact")


class Unreadable(NamedTuple):
    """A picture that is not in the table, or a mask that labels none; why, and the tasks that name it."""

    path: Path
    reason: str
    tasks: tuple[str, ...]
    what: Literal["picture", "mask"] = "picture"


@dataclass
class SampleTable:
    """N pictures in a fixed order.

    Attributes:
        paths: absolute, links not followed.
        part: (N,) int8, 0 train, 1 validation, 2 test.
        targets: for each task (N,) int64, an index into its label texts; -1 where the label is missing.
        classes: for each task what its head tells apart, in the order of its outputs; nothing for numbers.
        sizes: (N, 2) int32, width and height in pixels after EXIF orientation.
        bytes: (N,) int64, sizes of the files.
        copies: (N,) int64, equal for pictures with the same bytes.
        unreadable: pictures that were left out, and masks.
        empty: for each task the number of its pictures whose label is missing.
        kinds: the kind of each task; one that is not in it is single-label.
        labels: for each task its M different label texts; those of one that is not in it are its classes.
        mask_values: for each mask task the pixel value of each class; every other value is ignored.
        mask_pixels: for each mask task (M, C) int64, the pixels of each class in each mask.
        groups: (N,) int64, equal for pictures that the split kept together, copies among them; None in a stored table.
    """

    paths: list[Path]
    part: npt.NDArray[np.int8]
    targets: dict[str, npt.NDArray[np.int64]]
    classes: dict[str, list[str]]
    sizes: npt.NDArray[np.int32]
    bytes: npt.NDArray[np.int64]
    copies: npt.NDArray[np.int64]
    unreadable: list[Unreadable] = field(default_factory=list)
    empty: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    labels: dict[str, list[str]] = field(default_factory=dict)
    mask_values: dict[str, list[int]] = field(default_factory=dict)
    mask_pixels: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    groups: npt.NDArray[np.int64] | None = None

    @classmethod
    def unlabelled(cls, paths: Sequence[str | Path]) -> SampleTable:
        """Pictures of which nothing is known but where they are, all of them in training; each is its own copy."""
        count = len(paths)
        return cls(
            paths=[Path(path) for path in paths],
            part=np.zeros(count, np.int8),
            targets={},
            classes={},
            sizes=np.zeros((count, 2), np.int32),
            bytes=np.zeros(count, np.int64),
            copies=np.arange(count, dtype=np.int64),
        )

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def tasks(self) -> list[str]:
        return list(self.targets)

    def kind(self, task: str) -> str:
        """The kind of a task."""
        return self.kinds.get(task, "single-label")

    def label_texts(self, task: str) -> list[str]:
        """The different label texts of a task, which its targets number."""
        return self.labels.get(task, self.classes[task])

    def rows(self, part: Part, task: str | None = None) -> npt.NDArray[np.int64]:
        """The rows of a part in ascending order; with `task`, only those that have a label of it."""
        chosen = self.part == PARTS.index(part)
        if task is not None:
            chosen &= self.targets[task] != MISSING
        return np.flatnonzero(chosen).astype(np.int64)

    def labelled(self, task: str, rows: npt.NDArray[np.int64] | None = None) -> Labelled:
        """What a task says of some rows, or of all."""
        targets, texts = self.targets[task], self.label_texts(task)
        pixels = self.mask_pixels.get(task, np.zeros((len(texts), len(self.classes[task])), np.int64))
        return Labelled(targets if rows is None else targets[rows], texts, self.classes[task], pixels)

    def strata(self, tasks: Iterable[str] | None = None) -> npt.NDArray[np.int64]:
        """(N, S) numbers of what to share out evenly, counted through the tasks named, or all; -1 for nothing."""
        columns, start = [np.zeros((len(self), 0), np.int64)], 0
        for task in self.tasks if tasks is None else tasks:
            strata = TARGETS[self.kind(task)].strata(self.labelled(task))
            columns.append(np.where(strata >= 0, strata + start, MISSING))
            start += int(strata.max(initial=-1)) + 1
        return np.concatenate(columns, axis=1)

    def encoded(self, task: str) -> Encoded:
        """The targets as a loss takes them: (N,) int64 and -1 for a class or a mask, (N,) float64 and NaN for a number,
        (N, L) int8 and a row of -1 for several labels."""
        return TARGETS[self.kind(task)].encode(self.labelled(task))

    def class_counts(self, task: str, part: Part) -> npt.NDArray[np.int64]:
        """(C,) pictures of each class or with each label in a part; for masks the pixels of each class."""
        return TARGETS[self.kind(task)].class_counts(self.labelled(task, self.rows(part)))

    def counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """Task → part → class → `class_counts`."""
        return {
            task: {
                part: dict(zip(self.classes[task], self.class_counts(task, part).tolist(), strict=True))
                for part in PARTS
            }
            for task in self.targets
        }

    def labels_of(self, row: int) -> dict[str, str]:
        """Task → label of one picture in words, without tasks that do not label it."""
        return {
            task: TARGETS[self.kind(task)].words(self.label_texts(task)[int(targets[row])])
            for task, targets in self.targets.items()
            if targets[row] != MISSING
        }

    def only(self, tasks: Iterable[str]) -> SampleTable:
        """The table of some of its tasks, in its own order, without pictures that none of them labels.

        Parts, classes and label texts stay exactly as they are.
        """
        wanted = set(tasks)
        chosen = [task for task in self.tasks if task in wanted]
        labelled = np.zeros(len(self), np.bool_)
        for task in chosen:
            labelled |= self.targets[task] != MISSING

        def of_chosen(facts: Mapping[str, Fact]) -> dict[str, Fact]:
            return {task: facts[task] for task in chosen if task in facts}

        left = [(out, tuple(task for task in out.tasks if task in wanted)) for out in self.unreadable]
        return replace(
            self.take(np.flatnonzero(labelled)),
            targets={task: self.targets[task][labelled] for task in chosen},
            classes=of_chosen(self.classes),
            unreadable=[out._replace(tasks=names) for out, names in left if names],
            empty=of_chosen(self.empty),
            kinds=of_chosen(self.kinds),
            labels=of_chosen(self.labels),
            mask_values=of_chosen(self.mask_values),
            mask_pixels=of_chosen(self.mask_pixels),
        )

    def take(self, rows: npt.NDArray[np.int64]) -> SampleTable:
        """The table of some of its rows, in that order, with all tasks, classes and label texts."""
        return replace(
            self,
            paths=[self.paths[row] for row in rows.tolist()],
            part=self.part[rows],
            targets={task: targets[rows] for task, targets in self.targets.items()},
            sizes=self.sizes[rows],
            bytes=self.bytes[rows],
            copies=self.copies[rows],
            groups=None if self.groups is None else self.groups[rows],
        )

    def digest(self, *, parts: bool = True) -> str:
        """The sha256 (hex) of what the data is: names, sizes, parts and labels, but not where the folder lies.

        Args:
            parts: whether the parts count; the folds of one table differ in nothing else.
        """
        digest = sha256()
        for name, classes in self.classes.items():
            digest.update(_line("task", name, *classes))
            if name in self.labels:
                kind = self.kind(name)
                digest.update(_line(kind, *map(TARGETS[kind].identity, self.labels[name])))
            if name in self.mask_values:
                digest.update(_line(*self.mask_values[name], *self.mask_pixels[name].ravel().tolist()))
        columns = [self.targets[task].tolist() for task in self.targets]
        part_of = self.part if parts else np.zeros_like(self.part)
        facts = zip(self.paths, self.bytes.tolist(), self.sizes.tolist(), part_of.tolist(), *columns, strict=True)
        for path, size, (width, height), part, *targets in facts:
            digest.update(_line(path.name, size, width, height, part, *targets))
        return digest.hexdigest()


def _line(*values: object) -> bytes:
    return ("\x1f".join(map(str, values)) + "\n").encode("utf-8", "surrogateescape")
