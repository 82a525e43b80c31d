"""The answer of a head that says of every pixel what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.gui.numbers import percent
from workbench.gui.pages.try_out.said.base import Column, TaskAnswer, points, share
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
        return not isinstance(other, MaskAnswer) or self._farthest(other)[0] > _APART

    def apart(self, other: TaskAnswer) -> str:
        """The class whose share of the picture differs most, and by how much."""
        if not isinstance(other, MaskAnswer) or not self.differs(other):
            return super().apart(other)
        far, name = self._farthest(other)
        return _tr("{0} differs by {1}").format(name, points(far))

    def _farthest(self, other: MaskAnswer) -> tuple[float, str]:
        names = [*self.areas, *(name for name in other.areas if name not in self.areas)]
        far = ((abs(self.areas.get(name, 0.0) - other.areas.get(name, 0.0)), name) for name in names)
        return max(far, key=lambda each: each[0], default=(0.0, ""))

    def own_columns(self) -> Sequence[Column]:
        words = _tr("Share of the picture that is said to be {0}")
        names = list(self.areas)
        names = names[1:] if len(names) == 2 else names[:_MOST]
        return [Column(name, percent(self.areas[name]), self.areas[name], words.format(name)) for name in names]

    def own_fields(self) -> dict[str, str]:
        return {f": {name}": share(value) for name, value in self.areas.items()}
