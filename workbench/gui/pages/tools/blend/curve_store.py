"""The points of a blend's curves that are known so far, and those that are to come."""

from __future__ import annotations

from workbench.gui.pages.tools.blend.document import Blends, Scores, TaskScore

COARSE = (1.0, 0.0, 0.5, 0.25, 0.75, 0.125, 0.375, 0.625, 0.875)
"""Shares in the order in which they are scored: the ends first, then ever finer between them."""
_FIRST = 5  # of them are the coarse curve


class CurveStore:
    """What is scored.

    Attributes:
        points: where → share of the trained weights, in [0, 1] → scores.
    """

    def __init__(self) -> None:
        self.points: dict[str, dict[float, Scores]] = {}
        self._waiting: list[float] = []

    def clear(self) -> None:
        """Know nothing."""
        self.points, self._waiting = {}, []

    def want_all(self, share: float) -> None:
        """Score the whole curve, coarsely first, and a share that is looked at."""
        wanted = [*COARSE[:_FIRST], share, *COARSE[_FIRST:]]
        self._waiting = [each for each in dict.fromkeys(wanted) if not self.known(each)]

    def want_first(self, share: float) -> None:
        """Score this share before the others, unless it is known."""
        self._waiting = [each for each in self._waiting if each != share]
        if not self.known(share):
            self._waiting.insert(0, share)

    def want_no_more(self) -> None:
        """Leave the rest."""
        self._waiting = []

    def next(self) -> float | None:
        """The share that is to be scored now; it waits no more."""
        return self._waiting.pop(0) if self._waiting else None

    @property
    def left(self) -> int:
        """How many shares wait."""
        return len(self._waiting)

    def known(self, share: float) -> bool:
        """Whether a share is scored."""
        return any(share in curve for curve in self.points.values())

    def add(self, found: Blends) -> None:
        """Take in what was answered."""
        for where, curve in found.curves.items():
            self.points.setdefault(where, {}).update(curve)

    def between(self, where: str, task: str, share: float) -> float | None:
        """The score of a share that is not scored, on the line between its neighbours; None without both."""
        curve = self._line(where, task)
        below = [point for point in curve if point[0] <= share]
        above = [point for point in curve if point[0] >= share]
        if not below or not above:
            return None
        (x, y), (far_x, far_y) = below[-1], above[0]
        return y if far_x == x else y + (far_y - y) * (share - x) / (far_x - x)

    def task(self, where: str, task: str, share: float) -> TaskScore | None:
        """The score of a share that is scored."""
        found = self.points.get(where, {}).get(share)
        return None if found is None else found.tasks.get(task)

    def _line(self, where: str, task: str) -> list[tuple[float, float]]:
        points = []
        for share, found in sorted(self.points.get(where, {}).items()):
            score = found.tasks[task].score if task in found.tasks else None
            if score is not None:
                points.append((share, score))
        return points
