"""Scores against numbers of pictures: points that were measured with their doubt, and a band that goes on beyond them.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.theme import theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.plotting import pg

Point = tuple[int, float, float, float]
"""Pictures, score, and the ends of its interval."""
_SIDE, _ROOM = 0.06, 0.08  # of width and height, left free around the points
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class LearningPlot(Chart):
    """The curve; the arrow keys, or the pointer, choose one of its points.

    Signals:
        chosen(int): the point that is ringed, those that were measured first.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_tr("Learning curve"), _tr("training pictures"), "", _tr("No curve is drawn yet."), parent)
        self._points = np.zeros((0, 4))
        self._measured = 0
        self._place = 0
        self.current = -1
        self._band = pg.FillBetweenItem(pg.PlotCurveItem(), pg.PlotCurveItem())
        self._bars, self._line, self._beyond = pg.PlotCurveItem(connect="pairs"), pg.PlotCurveItem(), pg.PlotCurveItem()
        self._dots = pg.ScatterPlotItem(size=8, pxMode=True, antialias=True)
        self._ring = pg.ScatterPlotItem(size=15, pxMode=True, brush=None, antialias=True)
        for depth, item in enumerate((self._band, self._bars, self._line, self._beyond, self._dots, self._ring)):
            item.setZValue(depth)
            self.plotItem.addItem(item, ignoreBounds=True)
        self.setMouseTracking(True)
        self.set_colours()

    def set_curve(self, measured: Sequence[Point], projected: Sequence[Point], title: str, place: int) -> None:
        """Show a curve.

        Args:
            measured, projected: with rising numbers of pictures.
            title: of the score; place: of the task, which gives its colour.
        """
        self._points = np.array([*measured, *projected], np.float64).reshape(-1, 4)
        self._measured, self._place = len(measured), place
        self._draw()
        self.set_titles(_tr("training pictures"), title)
        self.choose(len(measured) - 1)

    def choose(self, index: int) -> None:
        """Ring a point and say which."""
        self.current = index if 0 <= index < len(self._points) else -1
        there = self._points[[self.current]] if self.current >= 0 else self._points[:0]
        self._ring.setData(x=np.log10(there[:, 0]), y=there[:, 1])
        self.chosen.emit(self.current)

    def is_empty(self) -> bool:
        return not len(self._points)

    def set_colours(self) -> None:
        super().set_colours()
        shade = theme().task_colour(self._place)
        pale = QColor(shade)
        pale.setAlphaF(0.18)
        self._band.setBrush(pg.mkBrush(pale))
        self._bars.setPen(pg.mkPen(shade, width=1))
        self._line.setPen(pg.mkPen(shade, width=1))
        self._beyond.setPen(pg.mkPen(shade, width=1, style=Qt.PenStyle.DashLine))
        self._dots.setPen(pg.mkPen(shade, width=1.5))
        self._fill_dots()
        self._ring.setPen(pg.mkPen(theme().colours().text, width=2))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if len(self._points):
            where = self.plotItem.vb.mapSceneToView(event.position()).x()
            nearest = int(np.abs(np.log10(self._points[:, 0]) - where).argmin())
            if nearest != self.current:
                self.choose(nearest)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        if step is None or not len(self._points):
            event.ignore()
        else:
            self.choose(max(0, min(len(self._points) - 1, self.current + step)))

    def _draw(self) -> None:
        if not len(self._points):
            return
        (pictures, score, low, high), last = self._points.T, self._measured - 1
        across = np.log10(pictures)
        self._line.setData(across[: last + 1], score[: last + 1])
        self._beyond.setData(across[last:], score[last:])
        self._bars.setData(np.repeat(across[: last + 1], 2), np.stack([low, high], axis=1)[: last + 1].ravel())
        self._band.setCurves(pg.PlotCurveItem(across[last:], low[last:]), pg.PlotCurveItem(across[last:], high[last:]))
        self._dots.setData(across, score)
        self._fill_dots()
        self.plotItem.getAxis("bottom").set_marks({math.log10(each): count(int(each)) for each in pictures})
        side, room = _SIDE * (across[-1] - across[0]), _ROOM * float(high.max() - low.min() or 1.0)
        ends = (float(low.min()) - room, float(high.max()) + room)
        self.show_range((float(across[0] - side), float(across[-1] + side)), ends)

    def _fill_dots(self) -> None:
        """Measured points are filled, projected ones hollow."""
        full, hollow = pg.mkBrush(theme().task_colour(self._place)), pg.mkBrush(theme().colours().surface)
        self._dots.setBrush([full if at < self._measured else hollow for at in range(len(self._points))])


def _tr(text: str) -> str:
    return QCoreApplication.translate("LearningPlot", text)
