"""What a source of labelled pictures says, before anything is joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from workbench.core.kinds import Kind
from workbench.core.specs import Part

CUT_BOTH: frozenset[Part] = frozenset({"validation", "test"})


class Row(NamedTuple):
    """One labelled picture of a source.

    Attributes:
        label: None where the label is missing (an empty cell).
        part: the part that the source itself names; None where it is to be cut.
        group: pictures of one group share a part; "" is no group.
    """

    path: Path
    label: str | None
    part: Part | None
    group: str


class Missing(NamedTuple):
    """A picture that a table names and that is not there."""

    name: str
    reason: str


@dataclass
class Source:
    """Everything that one task's source says; the lists run in parallel, one entry for each picture.

    Attributes:
        paths: absolute, links not followed.
        cut: the parts that are still to be cut from this source's pictures, since it does not bring them itself.
        missing: pictures that the table names and that are not there.
        classes_without_pictures: class folders in which no picture lies.
        notes: sentences about what was left aside.
        kind: of the task.
        one_sample: what makes several rows of the source one sample with all their labels: that they name the same
            file, or hold the same bytes (for tasks of several labels); "row": nothing does.
        masks: the folder of a mask task's masks.
    """

    paths: list[str] = field(default_factory=list)
    labels: list[str | None] = field(default_factory=list)
    parts: list[Part | None] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    cut: frozenset[Part] = CUT_BOTH
    missing: list[Missing] = field(default_factory=list)
    classes_without_pictures: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    kind: Kind = "single-label"
    one_sample: Literal["row", "file", "content"] = "row"
    masks: str = ""

    def add(self, path: str, label: str | None, part: Part | None, group: str) -> None:
        """Append one picture."""
        self.paths.append(path)
        self.labels.append(label)
        self.parts.append(part)
        self.groups.append(group)

    def rows(self) -> Iterator[Row]:
        """The same as rows."""
        for path, label, part, group in zip(self.paths, self.labels, self.parts, self.groups, strict=True):
            yield Row(Path(path), label, part, group)
