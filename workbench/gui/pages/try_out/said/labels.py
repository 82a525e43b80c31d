"""The answer of a head that says any number of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.pages.try_out.said.base import Column, TaskAnswer, share
from workbench.gui.pages.try_out.said.base import translated as _tr


@dataclass(frozen=True)
class LabelsAnswer(TaskAnswer):
    """Labels.

    Attributes:
        labels: those that are said.
        probabilities: per label, each 0 to 1 for itself.
    """

    labels: tuple[str, ...]
    probabilities: dict[str, float]

    @classmethod
    def read(cls, said: dict[str, Any]) -> LabelsAnswer:
        labels = tuple(str(label) for label in said["labels"])
        shares = {str(name): float(value) for name, value in (said.get("probabilities") or {}).items()}
        return cls(", ".join(labels) or _tr("no label"), labels, shares)

    def classes(self) -> Sequence[str]:
        return list(self.probabilities)

    def apart(self, other: TaskAnswer) -> str:
        """How many labels only one of the runs says."""
        if not isinstance(other, LabelsAnswer):
            return super().apart(other)
        number = len({*self.labels} ^ {*other.labels})
        one, more = _tr("differs by 1 label"), _tr("differs by {0} labels")
        return (one if number == 1 else more.format(number)) if number else ""

    def own_columns(self) -> Sequence[Column]:
        words, number = _tr("How many labels are said"), len(self.labels)
        return (Column("", self.text, self.text), Column(_tr("labels"), str(number), number, words))

    def own_fields(self) -> dict[str, str]:
        each = {f": {label}": share(value) for label, value in self.probabilities.items()}
        return {"": "|".join(self.labels), **each}
