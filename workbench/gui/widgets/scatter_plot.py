"""Points of a plot, each with something behind it: the mouse or the keys tell of it, a click or Enter opens it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.curve_read_out import Reading, ReadOut
from workbench.gui.widgets.plotting import pg
from workbench.gui.widgets.point_cloud import Floats, PointCloud

Doubt = Literal["band", "bars", "none"]
Told = tuple[str, Sequence[tuple[str, str]]]
_NEAR = 12.0  # px: how far from a point the mouse still means it
_PARTS = 24  # stretches of x over which the band is averaged


class ScatterPlot(Chart):
    """Points beside a line on which they would ideally lie.

    Args:
        level: the line is y = 0; else it is y = x.

    Signals:
        point_chosen(int): a point was clicked, or Enter pressed on it.
        point_shown(int): the point that is told of; -1 for none.
    """

    point_chosen = Signal(int)
    point_shown = Signal(int)

    def __init__(
        self,
        title: str,
        x_title: str,
        y_title: str,
        empty_text: str,
        parent: QWidget | None = None,
        *,
        level: bool = False,
    ) -> None:
        super().__init__(title, x_title, y_title, empty_text, parent)
        self._level = level
        self._x = self._y = self._reach = np.zeros(0)
        self._order = np.zeros(0, np.int64)  # points by x, for the keys
        self._tell: Callable[[int], Told] | None = None
        self._doubt: Doubt = "band"
        self._place = 0
        self.current = -1
        self._band = pg.FillBetweenItem(pg.PlotCurveItem(), pg.PlotCurveItem())
        self._line = pg.PlotCurveItem()
        self._cloud = PointCloud(self.plotItem)
        self._ring = pg.ScatterPlotItem(size=15, pxMode=True, brush=None, antialias=True)
        self._cloud.setZValue(5)  # it lies in the box itself, in px; what follows, in the plot's own numbers
        for depth, item in enumerate((self._band, self._line, self._ring)):
            item.setZValue(depth)
            self.plotItem.addItem(item, ignoreBounds=True)
        self._read_out = ReadOut(self)
        self.set_colours()

    def set_points(self, x: Floats, y: Floats, reach: Floats, tell: Callable[[int], Told]) -> None:
        """Show points.

        Args:
            x, y: (N,); NaN is left out.
            reach: (N,) how far the doubt of each reaches up and down; NaN where it is not known.
            tell: a head and lines of (name, value) for the point of that index.
        """
        self._x, self._y, self._reach, self._tell = x, y, reach, tell
        there = np.isfinite(x) & np.isfinite(y)
        self._order = np.argsort(x, kind="stable")
        self._order = self._order[there[self._order]]
        self.show_point(-1)
        self._fit()
        self._draw()
        self._say()

    def set_doubt(self, doubt: Doubt) -> None:
        """How the doubt is drawn: a band around the line, a bar at each point, or not at all."""
        self._doubt = doubt
        self._fit()
        self._draw()

    def set_place(self, place: int) -> None:
        """Take the colour of the task's place."""
        self._place = place
        self.set_colours()

    def is_empty(self) -> bool:
        return not len(self._order)

    def show_point(self, index: int) -> None:
        """Ring a point and tell of it; -1 for none."""
        index = index if 0 <= index < len(self._x) else -1
        changed, self.current = index != self.current, index
        if index < 0 or self._tell is None:
            self._ring.setData(x=[], y=[])
            self._read_out.hide()
        else:
            self._ring.setData(x=[self._x[index]], y=[self._y[index]])
            head, lines = self._tell(index)
            readings = [Reading(name, self._colour(), value) for name, value in lines]
            self._read_out.show_readings(head, readings)
            self._put_beside(index)
        self._say()
        if changed:
            self.point_shown.emit(index)

    def told(self) -> str:
        """What is said of the point that is shown; empty where none is."""
        return self._read_out.text() if self.current >= 0 else ""

    def place_of(self, index: int) -> QPointF:
        """Where a point is, in px of the viewport."""
        return self.plotItem.vb.mapViewToScene(QPointF(self._x[index], self._y[index]))

    def set_colours(self) -> None:
        super().set_colours()
        colours = theme().colours()
        shade = self._colour()
        self._line.setPen(pg.mkPen(colours.secondary, width=1, style=Qt.PenStyle.DashLine))
        pale = QColor(shade)
        pale.setAlphaF(0.18)
        self._band.setBrush(pg.mkBrush(pale))
        self._cloud.set_colour(shade)
        self._ring.setPen(pg.mkPen(colours.text, width=2))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self.show_point(self._under(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self._under(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.point_chosen.emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_point(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.show_point(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        size = len(self._order)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -size, Qt.Key.Key_End: size}
        key = Qt.Key(event.key())
        if size and key in steps:
            at = int(np.flatnonzero(self._order == self.current)[0]) if self.current >= 0 else -1
            self.show_point(int(self._order[max(0, min(size - 1, at + steps[key]))]))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current >= 0:
            self.point_chosen.emit(self.current)
        elif key == Qt.Key.Key_Escape and self.current >= 0:
            self.show_point(-1)
        else:
            event.ignore()

    def _under(self, position: QPointF) -> int:
        """The point under a place of the viewport; -1 for none."""
        box = self.plotItem.vb.sceneBoundingRect()
        found = self._cloud.nearest(position - box.topLeft(), _NEAR) if box.contains(position) else None
        return -1 if found is None else found

    def _put_beside(self, index: int) -> None:
        box, at = self.plotItem.vb.sceneBoundingRect(), self.place_of(index)
        size = self._read_out.size()
        left = at.x() + 2 * GRID
        if left + size.width() > self.width():
            left = at.x() - 2 * GRID - size.width()
        top = min(max(box.top(), at.y() - size.height() / 2), self.height() - size.height())
        self._read_out.move(int(max(2, min(left, self.width() - size.width() - 2))), int(max(2, top)))

    def _fit(self) -> None:
        """All points, and the line beside them, are in sight."""
        if self.is_empty():
            self.show_range((0, 1), (0, 1))
            return
        x, y = self._x[self._order], self._y[self._order]
        reach = np.nan_to_num(self._reach[self._order]) if self._doubt == "bars" else np.zeros(len(x))
        low, high = float((y - reach).min()), float((y + reach).max())
        left, right = float(x.min()), float(x.max())
        if self._level:
            far = max(abs(low), abs(high)) or 1.0
            self.show_range(_widened(left, right), (-1.06 * far, 1.06 * far))
        else:
            both = _widened(min(left, low), max(right, high))
            self.show_range(both, both)

    def _draw(self) -> None:
        left, right = self.plotItem.vb.viewRange()[0]
        ends = np.array([left, right])
        self._line.setData(ends, np.zeros(2) if self._level else ends)
        self._line.setVisible(not self.is_empty())
        self._cloud.set_points(self._x, self._y, self._reach if self._doubt == "bars" else None)
        at, half = band(self._x, self._reach)
        shown = self._doubt == "band" and len(at) > 0
        self._band.setVisible(shown)
        if shown:
            at = np.concatenate([[left], at, [right]])
            half = np.concatenate([half[:1], half, half[-1:]])
            middle = np.zeros(len(at)) if self._level else at
            self._band.setCurves(pg.PlotCurveItem(at, middle - half), pg.PlotCurveItem(at, middle + half))

    def _say(self) -> None:
        if self.is_empty():
            self.setAccessibleDescription(self._empty_text)
        else:
            self.setAccessibleDescription(self.told() or self.tr("{0:,} points").format(len(self._order)))

    def _colour(self) -> QColor:
        return theme().task_colour(self._place)


def band(x: Floats, reach: Floats) -> tuple[Floats, Floats]:
    """The mean doubt along x: places (P,), ascending, and how far it reaches there (P,)."""
    rows = np.flatnonzero(np.isfinite(x) & np.isfinite(reach))
    rows = rows[np.argsort(x[rows], kind="stable")]
    parts = [part for part in np.array_split(rows, min(_PARTS, max(1, len(rows) // 8))) if len(part)]
    return np.array([x[part].mean() for part in parts]), np.array([reach[part].mean() for part in parts])


def _widened(low: float, high: float) -> tuple[float, float]:
    room = (high - low) * 0.04 or max(abs(low), 1.0) * 0.5
    return low - room, high + room
