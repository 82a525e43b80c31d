"""A confusion matrix of pixels: counts in short, and no pictures behind a cell."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from workbench.gui.numbers import amount, count
from workbench.gui.widgets.matrix_grid import Cell, MatrixGrid

_LONGEST = "99.9 M"


class PixelGrid(MatrixGrid):
    """Arrow keys or a click move; the cell is told in words."""

    def describe(self, cell: Cell) -> str:
        """A cell in words."""
        number, (true, said) = int(self._counts[cell]), cell
        words = self.tr("true {0}, said {1}: {2} pixels")
        return words.format(self._names[true], self._names[said], count(number)) + self._share(cell, 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            event.ignore()  # there is nothing behind a cell to be opened
        else:
            super().keyPressEvent(event)

    def _written(self, row: int, column: int) -> str:
        return super()._written(row, column) if self._as_shares else amount(int(self._counts[row, column]))

    def _widest(self) -> str:
        return super()._widest() if self._as_shares else _LONGEST

    def _toggle(self, cell: Cell) -> None:
        self._move(cell)
