"""One line through a few points, with one of them marked; the arrow keys, a click or the pointer choose another."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import figure
from workbench.gui.theme import theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.plotting import pg

_ROOM, _SIDE = 0.08, 0.02  # of height and width, around the line


class LinePlot(Chart):
    """The line.

    Args:
        logarithmic: of the axis across.
        words: the sentence of a point, for screen readers and the tooltip; `str` puts both numbers after each other.

    Signals:
        chosen(int): the user marked the point of that number.
    """

    chosen = Signal(int)

    def __init__(
        self,
        title: str,
        x_title: str,
        y_title: str,
        *,
        logarithmic: bool = False,
        dots: bool = False,
        words: Callable[[float, float], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, x_title, y_title, "", parent)
        self._logarithmic, self._words = logarithmic, words or (lambda x, y: f"{figure(x)}: {figure(y)}")
        self.x: list[float] = []
        self.y: list[float] = []
        self.marked: int | None = None
        self._line = pg.PlotCurveItem()
        self._dots = pg.ScatterPlotItem(size=7 if dots else 0.1, pxMode=True)
        self._mark = pg.ScatterPlotItem(size=12, pxMode=True)
        self._mark.setZValue(10)
        for item in (self._line, self._dots, self._mark):
            self.plotItem.addItem(item, ignoreBounds=True)
        self.plotItem.getAxis("bottom").setLogMode(logarithmic, False)
        self.set_colours()

    def set_points(self, x: Sequence[float], y: Sequence[float], marked: int | None) -> None:
        """Show points from left to right, of which one may be marked."""
        self.x, self.y = list(x), list(y)
        across, up = self._across(), np.asarray(self.y)
        self._line.setData(across, up)
        self._dots.setData(across, up)
        if self.x:
            low, high = float(up.min()), float(up.max())
            edge = _ROOM * ((high - low) or abs(high) or 1.0)
            side = _SIDE * float(across[-1] - across[0])
            self.show_range((float(across[0]) - side, float(across[-1]) + side), (low - edge, high + edge))
        self.mark(marked)

    def mark(self, number: int | None) -> None:
        """Mark a point, or none; `chosen` is not emitted."""
        self.marked = number
        there = number is not None
        across = self._across()
        self._mark.setData(x=[across[number]] if there else [], y=[self.y[number]] if there else [])
        said = self._words(self.x[number], self.y[number]) if number is not None else ""
        self.setAccessibleDescription(said)
        self.setToolTip(said)

    def is_empty(self) -> bool:
        return not self.x

    def set_colours(self) -> None:
        super().set_colours()
        colours = theme().colours()
        self._line.setPen(pg.mkPen(colours.accent, width=1))
        self._dots.setBrush(pg.mkBrush(colours.accent))
        self._dots.setPen(pg.mkPen(None))
        self._mark.setBrush(pg.mkBrush(colours.surface))
        self._mark.setPen(pg.mkPen(colours.accent, width=2))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.x:
            where = self.plotItem.vb.mapSceneToView(event.position()).x()
            self._choose(int(np.abs(self._across() - where).argmin()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self.x:
            event.ignore()
        else:
            self._choose(max(0, min(len(self.x) - 1, (self.marked or 0) + step)))

    def _choose(self, number: int) -> None:
        if number != self.marked:
            self.mark(number)
            self.chosen.emit(number)

    def _across(self) -> np.ndarray:
        return np.array([math.log10(x) for x in self.x] if self._logarithmic else self.x, dtype=np.float64)
