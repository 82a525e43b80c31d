"""Task affinity as a heat map: how much a step for the task of a row lowers the loss of the task of a column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.gui.colours import mix
from workbench.gui.theme import theme
from workbench.gui.widgets.agreement_map import AGREES, OPPOSES, AgreementMap
from workbench.gui.widgets.matrix_grid import Cell


class AffinityMap(AgreementMap):
    """T by T cells in per cent, blue where a step helps and orange where it harms; a cell is told in words.

    The colour is full at the greatest value shown. What lies within twice its standard error counts as no effect and
    has no colour.

    Signals:
        told(str): the cell that the keys are on, in words.
    """

    told = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        self._errors = np.zeros((0, 0))
        super().__init__(parent)
        self.setAccessibleName(self.tr("What a step for one task does to the others"))

    def set_affinity(
        self,
        tasks: Sequence[str],
        matrix: Sequence[Sequence[float | None]],
        errors: Sequence[Sequence[float | None]],
    ) -> None:
        """Show affinities (T, T) from row to column, shares of a loss, with their standard errors; None: not measured.

        Raises:
            ValueError: a matrix does not fit the tasks.
        """
        square = (len(tasks), len(tasks))
        if np.shape(matrix) != square or np.shape(errors) != square:
            raise ValueError(f"{len(tasks)} tasks need square matrices")
        self._errors = np.array([[np.nan if e is None else e for e in row] for row in errors], dtype=np.float64)
        self.set_agreement(tasks, matrix)

    def describe(self, cell: Cell) -> str:
        """A cell in words."""
        first, second = (self._names[place] for place in cell)
        value = float(self._values[cell])
        if np.isnan(value):
            return self.tr("{0} on {1}: no batch had labels of both").format(first, second)
        size = f"{100 * abs(value):.2f}"
        if cell[0] == cell[1]:
            own = self.tr("A step for {0} lowers its own loss by {1} %")
            return (own if value >= 0 else self.tr("A step for {0} raises its own loss by {1} %")).format(first, size)
        if self._doubtful(cell):
            words = self.tr("A step for {0} leaves the loss of {1} as it is, within doubt ({2} %)")
            return words.format(first, second, self._written(*cell))
        if value > 0:
            words = self.tr("A step for {0} helps {1}: its loss falls by {2} %")
        else:
            words = self.tr("A step for {0} harms {1}: its loss rises by {2} %")
        return words.format(first, second, size)

    def cell_colour(self, row: int, column: int) -> QColor:
        """The ground of a cell: white, or the dark theme's ground, at 0."""
        value, colours = float(self._values[row, column]), theme().colours()
        if np.isnan(value):
            return colours.colour("hover")
        if self._doubtful((row, column)):
            return colours.colour("surface")
        most = float(np.nanmax(np.abs(self._values)))
        return QColor(mix(colours.surface, AGREES if value > 0 else OPPOSES, abs(value) / most if most > 0 else 0.0))

    def _doubtful(self, cell: Cell) -> bool:
        """Whether an effect on another task cannot be told from none."""
        return cell[0] != cell[1] and not abs(float(self._values[cell])) > 2 * float(self._errors[cell])

    def _say(self) -> None:
        super()._say()
        self.told.emit(self.accessibleDescription())

    def _nothing(self) -> str:
        return self.tr("What one step for each task does to the losses of the others appears here.")

    def _written(self, row: int, column: int) -> str:
        value = float(self._values[row, column])
        if np.isnan(value):
            return "–"
        text = f"{100 * value:+.2f}".replace("-", "−")
        return "0.00" if text in ("+0.00", "−0.00") else text

    def _widest(self) -> str:
        cells = np.ndindex(self._values.shape)
        return max((self._written(row, column) for row, column in cells), key=len, default="−0.00")
