"""Which pictures are shown: conditions on any task of an evaluation, all of which a picture must meet."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.fields import Choice, Condition, Field


class PictureFilters(QObject):
    """The conditions, which outlast a change of run or part as far as its tasks know them.

    Signals:
        changed(): other pictures pass than before, or others can be asked for.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._results: dict[str, TaskResult] = {}
        self._conditions: dict[tuple[str, str], Condition] = {}

    def set_results(self, results: Mapping[str, TaskResult]) -> None:
        """Take another evaluation; conditions that it knows nothing of are dropped."""
        self._results = dict(results)
        self._conditions = {key: each for key, each in self._conditions.items() if self.field(each) is not None}
        self.changed.emit()

    @property
    def tasks(self) -> list[str]:
        """The tasks whose fields can be asked."""
        return list(self._results)

    @property
    def conditions(self) -> list[Condition]:
        """What a picture must meet, in the order in which it was asked for."""
        return list(self._conditions.values())

    def fields(self, task: str) -> list[Field]:
        """What a task can be asked."""
        return list(self._results[task].fields()) if task in self._results else []

    def field(self, condition: Condition) -> Field | None:
        """The field that a condition asks; None where there is none."""
        return next((field for field in self.fields(condition.task) if condition.fits(field)), None)

    def condition(self, task: str, key: str) -> Condition | None:
        """What is asked of a field; None for nothing."""
        return self._conditions.get((task, key))

    def put(self, *conditions: Condition) -> None:
        """Ask for something, in place of what was asked of the same field."""
        for condition in conditions:
            self._conditions[(condition.task, condition.key)] = condition
        self.changed.emit()

    def drop(self, task: str, key: str) -> None:
        """Ask nothing of a field any more."""
        if self._conditions.pop((task, key), None) is not None:
            self.changed.emit()

    def clear(self) -> None:
        """Ask for nothing."""
        if self._conditions:
            self._conditions = {}
            self.changed.emit()

    def passes(self, result: TaskResult) -> NDArray[np.bool_]:
        """(N,) which pictures of a task meet every condition; those of other tasks are met by the same picture."""
        passing = np.ones(len(result.images), np.bool_)
        for condition in self.conditions:
            asked = self._results[condition.task]
            found = asked.passes(condition.key, condition.value)
            if asked is not result:
                met = {asked.images[row] for row in np.flatnonzero(found)}
                found = np.fromiter((image in met for image in result.images), np.bool_, len(result.images))
            passing &= found
        return passing

    def words(self, condition: Condition, shown: str) -> str:
        """A condition in words, with its task where another one is shown."""
        field = self.field(condition)
        assert field is not None
        if isinstance(field, Choice):
            value = dict(field.options)[str(condition.value)]
        else:
            low, high = (float(end) * (100 if field.percent else 1) for end in condition.value)
            value = f"{low:.4g} – {high:.4g}{' %' if field.percent else ''}"
        words = f"{field.title}: {value}"
        return words if condition.task == shown else f"{condition.task}, {words}"
