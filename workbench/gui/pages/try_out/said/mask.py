"""The answer of a head that says of every pixel what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.numbers import percent
from workbench.gui.pages.try_out.said.base import Column, TaskAnswer, share
from workbench.gui.pages.try_out.said.base import translated as _tr

_APART = 0.05
_MOST = 6  # classes that have a column of their own


@dataclass(frozen=True)
class MaskAnswer(TaskAnswer):
    """A mask.

    Attributes:
        mask: its file; empty where none was written.
        areas: per class, the share of the picture that is said to be of it.
    """

    mask: str
    areas: dict[str, float]

    @classmethod
    def read(cls, said: dict[str, Any]) -> MaskAnswer:
        areas = {str(name): float(value) for name, value in said["areas"].items()}
        names = list(areas)
        shown = names[1:] if len(names) == 2 else sorted(names, key=lambda name: -areas[name])[:1]
        text = ", ".join(f"{name} {percent(areas[name])}" for name in shown) or "–"
        return cls(text, str(said.get("mask") or ""), areas)

    def differs(self, other: TaskAnswer) -> bool:
        """Whether some class covers another share of the picture, by more than a twentieth."""
        if not isinstance(other, MaskAnswer):
            return True
        names = {*self.areas, *other.areas}
        return any(abs(self.areas.get(name, 0.0) - other.areas.get(name, 0.0)) > _APART for name in names)

    def columns(self) -> Sequence[Column]:
        words = _tr("Share of the picture that is said to be {0}")
        names = list(self.areas)
        names = names[1:] if len(names) == 2 else names[:_MOST]
        return [Column(name, percent(self.areas[name]), self.areas[name], words.format(name)) for name in names]

    def fields(self) -> dict[str, str]:
        return {f": {name}": share(value) for name, value in self.areas.items()}
