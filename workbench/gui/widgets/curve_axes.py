"""The axes and the grid of a plot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.colours import mix
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.plotting import pg


class Axis(pg.AxisItem):
    """An axis that also labels its two ends: pyqtgraph leaves out what reaches beyond its rectangle."""

    def __init__(self, side: str) -> None:
        super().__init__(side)
        self._marks: dict[float, str] = {}

    def set_marks(self, marks: Mapping[float, str]) -> None:
        """Have ticks, and lines of the grid, at these places with these words; none has them at round numbers."""
        self._marks = dict(marks)
        self.picture = None
        self.update()

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float | None, list[float]]]:
        return [(None, list(self._marks))] if self._marks else super().tickValues(minVal, maxVal, size)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self._marks:
            return [self._marks.get(value, "") for value in values]
        return super().tickStrings(values, scale, spacing)

    def boundingRect(self) -> QRectF:
        edge = 2 * GRID
        return super().boundingRect().adjusted(-edge, -edge, edge, edge)


class Grid(pg.GraphicsObject):
    """Thin lines at the main ticks of both axes.

    pyqtgraph's own grid is part of the axes, has a line for every small tick, and takes 6 ms of a frame; this takes
    a tenth of a millisecond.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._plot = plot
        self.setZValue(-100)
        plot.vb.sigResized.connect(self._resized)
        plot.vb.sigRangeChanged.connect(self._changed)

    def boundingRect(self) -> QRectF:
        return self._plot.vb.rect()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        room = self.boundingRect()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        colours = theme().colours()
        painter.setPen(QPen(QColor(mix(colours.surface, colours.border, 0.6)), 1))
        (left, right), (low, high) = self._plot.vb.viewRange()
        for value in self._ticks("bottom", left, right, room.width()):
            x = room.left() + (value - left) / (right - left) * room.width()
            painter.drawLine(QPointF(x, room.top()), QPointF(x, room.bottom()))
        for value in self._ticks("left", low, high, room.height()):
            y = room.bottom() - (value - low) / (high - low) * room.height()
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))

    def _ticks(self, side: str, low: float, high: float, length: float) -> list[float]:
        levels = self._plot.getAxis(side).tickValues(low, high, length) if high > low and length > 0 else []
        return [float(value) for value in levels[0][1]] if levels else []

    def _resized(self, *_: object) -> None:
        self.prepareGeometryChange()
        self.update()

    def _changed(self, *_: object) -> None:
        self.update()
