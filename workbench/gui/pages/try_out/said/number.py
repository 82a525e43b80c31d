"""The answer of a head that says a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.numbers import measured
from workbench.gui.pages.try_out.said.base import Column, TaskAnswer
from workbench.gui.pages.try_out.said.base import translated as _tr


@dataclass(frozen=True)
class NumberAnswer(TaskAnswer):
    """A number in its column's unit.

    Attributes:
        value: NaN where it is not said.
        interval: where 90 % of true numbers are expected; None where it is not said.
    """

    value: float
    interval: tuple[float, float] | None

    @classmethod
    def read(cls, said: dict[str, Any]) -> NumberAnswer:
        value = float("nan") if said["value"] is None else float(said["value"])
        ends = said.get("interval")
        interval = None if not ends or None in ends else (float(ends[0]), float(ends[1]))
        return cls(measured(value, reach_of(interval)), value, interval)

    @property
    def reach(self) -> str:
        """How far the interval reaches to each side, such as "± 3.5"; empty where there is none."""
        return "" if self.interval is None else f"± {self.rounded(reach_of(self.interval))}"

    def rounded(self, value: float) -> str:
        """A number with the decimals that the interval makes sense of."""
        return measured(value, reach_of(self.interval))

    def differs(self, other: TaskAnswer) -> bool:
        """Whether either value lies outside of the other's interval; without intervals, whether their texts differ."""
        if not isinstance(other, NumberAnswer) or self.interval is None or other.interval is None:
            return super().differs(other)
        pairs = ((self.value, other.interval), (other.value, self.interval))
        return not all(low <= value <= high for value, (low, high) in pairs)

    def apart(self, other: TaskAnswer) -> str:
        """How far the values are from each other."""
        if not isinstance(other, NumberAnswer) or not self.differs(other):
            return super().apart(other)
        far = abs(self.value - other.value)
        return _tr("differs by {0}").format(self.rounded(far)) if far == far else super().apart(other)

    def own_columns(self) -> Sequence[Column]:
        words = _tr("How far the 90 % interval reaches to each side")
        far = reach_of(self.interval)
        return (Column("", self.text, self.value), Column("±", self.reach.removeprefix("± ") or "–", far, words))

    def own_fields(self) -> dict[str, str]:
        low, high = ("", "") if self.interval is None else (f"{end:.6g}" for end in self.interval)
        return {"": "" if self.value != self.value else f"{self.value:.6g}", " low": low, " high": high}


def reach_of(interval: tuple[float, float] | None) -> float:
    """Half the width of an interval; NaN where there is none."""
    return float("nan") if interval is None else (interval[1] - interval[0]) / 2
