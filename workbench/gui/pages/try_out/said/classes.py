"""The answer of a head that says one class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.numbers import percent
from workbench.gui.pages.try_out.said.base import Column, TaskAnswer, points, share
from workbench.gui.pages.try_out.said.base import translated as _tr

_MUCH = 0.2  # of confidence, that two runs which say the same are told apart by


@dataclass(frozen=True)
class ClassAnswer(TaskAnswer):
    """One class.

    Attributes:
        confidence: 0 to 1; None where it is not said.
        probabilities: per class.
        members: the set of classes that holds the true one as often as asked for; None where there is none.
        abstained: the head had better say nothing; None where the run is not calibrated.
    """

    confidence: float | None
    probabilities: dict[str, float]
    members: tuple[str, ...] | None = None
    abstained: bool | None = None

    @classmethod
    def read(cls, said: dict[str, Any]) -> ClassAnswer:
        shares = {str(name): float(value) for name, value in (said.get("probabilities") or {}).items()}
        confidence = None if said.get("confidence") is None else float(said["confidence"])
        members = None if said.get("set") is None else tuple(map(str, said["set"]))
        return cls(str(said["label"]), confidence, shares, members, said.get("abstained"))

    def classes(self) -> Sequence[str]:
        return list(self.probabilities)

    def apart(self, other: TaskAnswer) -> str:
        """How much less likely the other run finds this class; where both say it, how much surer one is, if by much."""
        if not isinstance(other, ClassAnswer) or self.text not in self.probabilities:
            return super().apart(other)
        more = self.probabilities[self.text] - other.probabilities.get(self.text, 0.0)
        if self.differs(other):
            return _tr("differs by {0}").format(points(abs(more)))
        if abs(more) < _MUCH:
            return ""
        words = _tr("surer by {0}") if more > 0 else _tr("less sure by {0}")
        return words.format(points(abs(more)))

    def own_columns(self) -> Sequence[Column]:
        sure = float("nan") if self.confidence is None else self.confidence
        words = _tr("Confidence: the probability that the model gives to its answer")
        text = _tr("unsure, perhaps {0}").format(self.text) if self.abstained else self.text
        found = [Column("", text, text), Column(_tr("sure"), percent(self.confidence, 0), sure, words)]
        if self.members is not None:
            could = _tr("The set of classes that holds the true one as often as the run was calibrated to")
            names, many = ", ".join(self.members), len(self.members)
            found.append(Column(_tr("could be"), names or "–", f"{many:06} {names}", could))
        return found

    def own_fields(self) -> dict[str, str]:
        """The answer is empty where the head abstains; its best guess then stands in a column of its own."""
        found = {"": "" if self.abstained else self.text, " confidence": share(self.confidence)}
        if self.abstained is not None:
            found[" best guess"] = self.text
        if self.members is not None:
            found[" set"] = "|".join(self.members)
        return found
