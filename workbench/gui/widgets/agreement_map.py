"""Gradient agreement between tasks as a heat map: blue where they agree, orange where they pull against each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.colours import mix
from workbench.gui.theme import font, theme
from workbench.gui.widgets.matrix_grid import Cell, MatrixGrid, luminance

# Okabe and Ito's blue and vermilion: told apart with every kind of colour vision.
AGREES, OPPOSES = "#0072B2", "#D55E00"
_MIDDLE = 0.179**0.5  # where black and white stand out alike
_WORTH_SAYING = 0.1  # below it, gradients count as unrelated


class AgreementMap(MatrixGrid):
    """T by T cells with their numbers; arrow keys, Home, End or a click move, and the cell is told in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._values = np.zeros((0, 0))
        super().__init__(parent)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Gradient agreement between tasks"))

    def set_agreement(self, tasks: Sequence[str], matrix: Sequence[Sequence[float | None]]) -> None:
        """Show agreements: (T, T) in [-1, 1], None where a pair has not been measured.

        Raises:
            ValueError: the matrix does not fit the tasks.
        """
        values = np.array([[np.nan if value is None else value for value in row] for row in matrix], dtype=np.float64)
        if values.shape != (len(tasks), len(tasks)):
            raise ValueError(f"{len(tasks)} tasks need a square matrix, not {values.shape}")
        kept = self._current if list(tasks) == self._names else (0, 0)
        self._values = values
        self.set_matrix(list(tasks), np.zeros(values.shape, dtype=np.int64))
        self.choose(kept)
        self._choice = None

    def describe(self, cell: Cell) -> str:
        """A cell in words."""
        first, second = (self._names[place] for place in cell)
        value = float(self._values[cell])
        if cell[0] == cell[1]:
            return self.tr("{0} with itself: 1").format(first)
        if np.isnan(value):
            return self.tr("{0} and {1}: not measured yet").format(first, second)
        if abs(value) < _WORTH_SAYING:
            words = self.tr("{0} and {1}: {2}, hardly related")
        elif value > 0:
            words = self.tr("{0} and {1}: {2}, they pull the same way")
        else:
            words = self.tr("{0} and {1}: {2}, they pull against each other")
        return words.format(first, second, self._written(*cell))

    def cell_colour(self, row: int, column: int) -> QColor:
        """The ground of a cell: white, or the dark theme's ground, at 0."""
        value = float(self._values[row, column])
        colours = theme().colours()
        if np.isnan(value):
            return colours.colour("hover")
        return QColor(mix(colours.surface, AGREES if value > 0 else OPPOSES, min(1.0, abs(value))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            event.ignore()  # there is nothing behind a cell to be opened
        else:
            super().keyPressEvent(event)

    def _paint_cells(self, painter: QPainter, rows: range, columns: range) -> None:
        small = font("caption", figures=True)
        painter.setFont(small)
        written = QFontMetrics(small).height() <= self._side
        for row in rows:
            for column in columns:
                where = self.cell_rectangle(row, column).adjusted(0, 0, -1, -1)
                ground = self.cell_colour(row, column)
                painter.fillRect(where, ground)
                if written:
                    painter.setPen(ink_on(ground))
                    painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), self._written(row, column))

    def _nothing(self) -> str:
        return self.tr("While two tasks or more train the backbone, this shows how far they pull it the same way.")

    def _written(self, row: int, column: int) -> str:
        value = float(self._values[row, column])
        if row == column:
            return "1"
        if np.isnan(value):
            return "–"
        text = f"{value:+.2f}".replace("-", "−")
        return "0.00" if text in ("+0.00", "−0.00") else text

    def _measure(self) -> None:
        super()._measure()
        # High enough for all rows, so that the page scrolls and not the map in it; wider ones scroll sideways.
        whole = self._label + len(self._names) * self._least() + 2
        bar = self.horizontalScrollBar().sizeHint().height() if whole > self.viewport().width() else 0
        if self.minimumHeight() != whole + bar + 2:
            self.setMinimumHeight(whole + bar + 2)
        self.verticalScrollBar().setRange(0, 0)

    def _widest(self) -> str:
        return "−0.00"

    def _toggle(self, cell: Cell) -> None:
        self._move(cell)


def ink_on(ground: QColor) -> QColor:
    """Black or white, whichever has the stronger contrast, 4.5 at least, by the formula of WCAG 2."""
    return QColor("#000000" if luminance(ground.name()) > _MIDDLE else "#FFFFFF")
