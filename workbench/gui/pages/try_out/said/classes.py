"""The answer of a head that says one class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.numbers import percent
from workbench.gui.pages.try_out.said.base import Column, TaskAnswer, share
from workbench.gui.pages.try_out.said.base import translated as _tr


@dataclass(frozen=True)
class ClassAnswer(TaskAnswer):
    """One class.

    Attributes:
        confidence: 0 to 1; None where it is not said.
        probabilities: per class.
        unknown: whether the picture looks like nothing the run was trained on; None where nobody can say.
        members: the set of classes that holds the true one as often as asked for; None where there is none.
        abstained: the head had better say nothing.
    """

    confidence: float | None
    probabilities: dict[str, float]
    unknown: bool | None
    members: tuple[str, ...] | None = None
    abstained: bool = False

    @classmethod
    def read(cls, said: dict[str, Any]) -> ClassAnswer:
        shares = {str(name): float(value) for name, value in (said.get("probabilities") or {}).items()}
        confidence = None if said.get("confidence") is None else float(said["confidence"])
        members = None if said.get("set") is None else tuple(map(str, said["set"]))
        abstained = bool(said.get("abstained"))
        return cls(str(said["label"]), confidence, shares, said.get("unknown"), members, abstained)

    def classes(self) -> Sequence[str]:
        return list(self.probabilities)

    def columns(self) -> Sequence[Column]:
        sure = float("nan") if self.confidence is None else self.confidence
        words = _tr("Confidence: the probability that the model gives to its answer")
        return (
            Column("", self.text, self.text),
            Column(_tr("sure"), percent(self.confidence, 0), sure, words),
        )

    def fields(self) -> dict[str, str]:
        return {"": self.text, " confidence": share(self.confidence)}
