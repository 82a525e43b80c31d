"""By what pictures can be filtered, and one condition of a filter."""

from __future__ import annotations

from dataclasses import dataclass

FINDING = "finding"
"""The key of the field that says how an answer turned out."""


@dataclass(frozen=True)
class Choice:
    """One of some values, each with its words."""

    key: str
    title: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Span:
    """A range of numbers; in per cent where they are shares."""

    key: str
    title: str
    low: float
    high: float
    percent: bool = False


Field = Choice | Span
Value = str | tuple[float, float]


@dataclass(frozen=True)
class Condition:
    """What a picture must be to pass: a value of a field of a task, or a number of it within a range."""

    task: str
    key: str
    value: Value

    def fits(self, field: Field) -> bool:
        """Whether a field can be asked for it."""
        if field.key != self.key or isinstance(field, Choice) != isinstance(self.value, str):
            return False
        return isinstance(field, Span) or self.value in dict(field.options)
