"""One plot of curves that grow while a run trains.

A curve belongs to a task and a part ("train" or "validation"). Training curves are lines, told apart by
colour and dash; validation curves carry markers. New points may come at any rate: drawing happens once per
turn of the event loop, each curve is thinned to about 2,000 points first, and only what has changed is
drawn again.

Importing this module loads pyqtgraph (about half a second): import it when a plot is first needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsView, QWidget

from workbench.gui.colours import TaskStyle, mix
from workbench.gui.numbers import figure
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.curve_axes import Axis, Grid
from workbench.gui.widgets.curve_data import Series, Values, round_down, round_up, thinned
from workbench.gui.widgets.curve_read_out import Reading, ReadOut
from workbench.gui.widgets.plotting import pg

_MARKERS = 60  # markers on one curve at most
_FAINT = 0.35  # strength of raw values under a smoothed curve
_BEHIND = 0.22  # strength of the curves that are not highlighted
Key = tuple[str, str]


class _Curve:
    """The graphics items of one series."""

    def __init__(self, plot: pg.PlotItem, validation: bool) -> None:
        # Antialiasing doubles the price of a noisy line (6.2 ms against 3.4 for four curves of 2,000
        # points), so the raw training values go without; smoothed and validation curves are cheap and look
        # better with it.
        self.series = Series()
        self.validation = validation
        self.raw = pg.PlotCurveItem(antialias=False)
        self.line = pg.PlotCurveItem(antialias=True)
        self.marks = pg.ScatterPlotItem(size=7, pxMode=True, antialias=True)
        self.items = (self.raw, self.line, self.marks)
        self.drawn = -1  # the version of the series that is on the screen
        for item in self.items:
            plot.addItem(item, ignoreBounds=True)


class CurvePlot(pg.PlotWidget):
    """A plot with a cross-hair, rings at the best checkpoint and hairlines where phases change.

    Args:
        title: what the plot shows, for screen readers.
        y_title: the vertical axis, with its unit.
        x_title: the horizontal axis, with its unit.
        empty_text: what will appear here.
        y_limits: a fixed range, such as (0, 1) for an accuracy.
    """

    _cursor: float | None = None  # pyqtgraph calls resizeEvent before our own attributes are there

    def __init__(
        self,
        title: str,
        y_title: str,
        x_title: str,
        empty_text: str = "",
        y_limits: tuple[float, float] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        axes = {side: Axis(side) for side in ("left", "bottom")}
        super().__init__(parent=parent, plotItem=pg.PlotItem(enableMenu=False, axisItems=axes))
        self._titles = {"left": y_title, "bottom": x_title}
        self._x_title = x_title
        self._empty_text = empty_text or self.tr("The curves appear here when training starts.")
        self._y_limits = y_limits
        self._tasks: list[str] = []
        self._curves: dict[Key, _Curve] = {}
        self._phases: list[tuple[float, str, pg.InfiniteLine]] = []
        self._best: float | None = None
        self._log = False
        self._keep = 0.0
        self._lifted: str | None = None
        self._range: list[float] = []
        self.setAccessibleName(title)
        self._build()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.redraw)
        theme().changed.connect(self.set_colours)
        self.set_colours()

    # Data ------------------------------------------------------------

    def set_tasks(self, tasks: Sequence[str]) -> None:
        """The tasks of the project in order: a task's place gives its colour, dash and marker."""
        self._tasks = list(tasks)
        self.set_colours()

    def set_series(self, task: str, part: str, x: ArrayLike, y: ArrayLike) -> None:
        """Replace a curve: x, y: (N,), x ascending."""
        self._curve(task, part).series.replace(x, y)
        self._soon.start()

    def append(self, task: str, part: str, x: ArrayLike, y: ArrayLike) -> None:
        """Add one point or many at the end of a curve."""
        self._curve(task, part).series.append(x, y)
        self._soon.start()

    def set_best(self, x: float | None) -> None:
        """Ring the validation points at x, where the best checkpoint was saved; None takes the ring away."""
        self._best = x
        self._soon.start()

    def mark_phase(self, x: float, name: str) -> None:
        """A labelled hairline where a phase begins."""
        line = pg.InfiniteLine(x, angle=90, label=name, labelOpts={"position": 0.94, "anchors": [(0, 0), (0, 0)]})
        self.plotItem.addItem(line, ignoreBounds=True)
        self._phases.append((x, name, line))
        self.set_colours()

    def clear_curves(self) -> None:
        """Take all curves, rings and hairlines away."""
        for curve in self._curves.values():
            for item in curve.items:
                self.plotItem.removeItem(item)
        for _, _, line in self._phases:
            self.plotItem.removeItem(line)
        self._curves, self._phases, self._best, self._range = {}, [], None, []
        self.hide_cursor()
        self.redraw()

    # View ------------------------------------------------------------

    @Slot(bool)
    def set_log(self, log: bool) -> None:
        """A logarithmic vertical axis; values of nought and below are left out."""
        if log != self._log:
            self._log = log
            self.plotItem.getAxis("left").setLogMode(False, log)
            self._again()

    def set_smoothing(self, keep: float) -> None:
        """Draw the moving average of training curves, their raw values faint: 0 (none) to 0.99."""
        self._keep = max(0.0, min(0.99, keep))
        for curve in self._curves.values():
            if not curve.validation:
                curve.series.set_smoothing(self._keep)
        self.set_colours()

    def highlight(self, task: str | None) -> None:
        """Lift the curves of one task above the others, which fade; None lifts none."""
        if task != self._lifted:
            self._lifted = task
            self.set_colours()

    @Slot()
    def set_colours(self) -> None:
        """Take the colours of the theme."""
        colours = theme().colours()
        self.setBackground(colours.surface)
        small = font("caption", figures=True)
        for side in ("left", "bottom"):
            axis = self.plotItem.getAxis(side)
            axis.setPen(pg.mkPen(colours.border))
            axis.setTextPen(pg.mkPen(colours.secondary))
            axis.setStyle(tickFont=small, tickLength=4)
            axis.setLabel(self._titles[side], color=colours.secondary, **{"font-size": f"{small.pointSizeF():.1f}pt"})
        self._hair.setPen(pg.mkPen(colours.secondary, width=1))
        self._ring.setPen(pg.mkPen(colours.text, width=2))
        for _, _, line in self._phases:
            line.setPen(pg.mkPen(colours.control_border, width=1, style=Qt.PenStyle.DotLine))
            line.label.setColor(colours.secondary)
        for key, curve in self._curves.items():
            self._dress(key, curve)
        self._again()

    @Slot()
    def redraw(self) -> None:
        """Draw what has changed since the last time; one setData for each such curve."""
        self._soon.stop()
        for curve in self._curves.values():
            if curve.drawn != curve.series.version:
                self._draw(curve)
                curve.drawn = curve.series.version
        self._grow()
        self._draw_ring()
        self._say()
        self.viewport().update()

    def read(self, x: float) -> list[Reading]:
        """What all curves say at a place, one line for each task."""
        words = {"train": self.tr("train"), "validation": self.tr("validation")}
        lines = []
        for task in dict.fromkeys(key[0] for key in self._curves):
            values = []
            for (owner, part), curve in self._curves.items():
                index = curve.series.nearest(x) if owner == task else None
                if index is not None:
                    values.append(f"{words.get(part, part)} {_reading(float(curve.series.smooth[index]))}")
            if values:
                lines.append(Reading(task, QColor(self._style(task).colour), "   ".join(values)))
        return lines

    def show_cursor(self, x: float) -> None:
        """Put the cross-hair at a place and read all curves there."""
        lines = self.read(x)
        self._cursor = x if lines else None
        self._hair.setVisible(bool(lines))
        self._hair.setPos(x)
        self._read_out.show_readings(f"{self._x_title} {figure(x)}", lines)
        if lines:
            self._place_read_out(x)
            self.setAccessibleDescription(self._read_out.text())

    @Slot()
    def hide_cursor(self) -> None:
        """Take the cross-hair away."""
        self._cursor = None
        self._hair.hide()
        self._read_out.hide()

    def read_out_text(self) -> str:
        """What the panel at the cross-hair says; empty while it is hidden."""
        return self._read_out.text() if self._cursor is not None else ""

    def close(self) -> bool:
        """Close as any widget does; pyqtgraph's own would tear down a scene that may still be painted."""
        return QGraphicsView.close(self)

    # Events ------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        inside = self.plotItem.vb.sceneBoundingRect().contains(event.position())
        if inside and self._curves:
            self.show_cursor(self.plotItem.vb.mapSceneToView(event.position()).x())
        else:
            self.hide_cursor()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hide_cursor()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the wheel scrolls the page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self._range:
            left, right = self._range[:2]
            start = self._cursor if self._cursor is not None else (left + right) / 2
            step = (right - left) / 100 * steps[Qt.Key(event.key())]
            self.show_cursor(max(left, min(right, start + step)))
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self.hide_cursor()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide_cursor()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._cursor is not None:
            self._place_read_out(self._cursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours = theme().colours()
        painter = QPainter(self.viewport())
        if not any(len(curve.series) for curve in self._curves.values()):
            painter.setPen(colours.colour("secondary"))
            where = self.viewport().rect().adjusted(64, GRID, -GRID, -GRID)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty_text)
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.viewport().rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()

    # Drawing ------------------------------------------------------------

    def _build(self) -> None:
        menu = self.plotItem.ctrlMenu  # made even where menus are off; without a parent it outlives the plot
        menu.setParent(self, menu.windowFlags())  # still a window: as a mere child it would be shown in the plot
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(120)
        self.plotItem.setMouseEnabled(False, False)
        self.plotItem.hideButtons()
        self._grid = Grid(self.plotItem)
        self.plotItem.layout.setContentsMargins(6, GRID, 2 * GRID, 6)
        self.plotItem.vb.disableAutoRange()
        self.plotItem.vb.setDefaultPadding(0.0)
        for side in ("left", "bottom"):
            self.plotItem.getAxis(side).enableAutoSIPrefix(False)
        self._ring = pg.ScatterPlotItem(size=15, pxMode=True, brush=None, antialias=True)
        self._ring.setZValue(20)
        self._hair = pg.InfiniteLine(angle=90)
        self._hair.setZValue(15)
        self._hair.hide()
        self.plotItem.addItem(self._ring, ignoreBounds=True)
        self.plotItem.addItem(self._hair, ignoreBounds=True)
        self._read_out = ReadOut(self)

    def _curve(self, task: str, part: str) -> _Curve:
        key = (task, part)
        if key not in self._curves:
            if task not in self._tasks:
                self._tasks.append(task)
            curve = self._curves[key] = _Curve(self.plotItem, part == "validation")
            if not curve.validation:
                curve.series.set_smoothing(self._keep)
            self._dress(key, curve)
        return self._curves[key]

    def _dress(self, key: Key, curve: _Curve) -> None:
        style = self._style(key[0])
        behind = self._lifted is not None and self._lifted != key[0]
        # Mixed with the ground, not transparent: a transparent line takes fifty times as long to draw.
        ground = theme().colours().surface
        colour = mix(ground, style.colour, _BEHIND if behind else 1.0)
        pen = pg.mkPen(colour, width=1)
        if style.dash:
            pen.setDashPattern(style.dash)
        faint = mix(ground, colour, _FAINT)
        smoothed = self._keep > 0 and not curve.validation
        curve.line.setPen(pen)
        curve.raw.setPen(pg.mkPen(faint, width=1) if smoothed else pen)
        curve.marks.setSymbol(style.marker)
        curve.marks.setPen(None)
        curve.marks.setBrush(pg.mkBrush(colour))
        for item in curve.items:
            item.setZValue(10 if self._lifted == key[0] else 5 if curve.validation else 1)

    def _draw(self, curve: _Curve) -> None:
        series = curve.series
        if curve.validation:
            x, y = thinned(series.x, self._heights(series.y))
            curve.line.setData(x, y)
            every = -(-len(series) // _MARKERS) if len(series) else 1
            curve.marks.setData(series.x[::every], self._heights(series.y)[::every])
        elif self._keep:
            curve.raw.setData(*thinned(series.x, self._heights(series.y)))
            curve.line.setData(*thinned(series.x, self._heights(series.smooth)))
        else:
            curve.raw.setData(*thinned(series.x, self._heights(series.y)))
            curve.line.setData([], [])

    def _draw_ring(self) -> None:
        points = []
        for curve in self._curves.values():
            index = curve.series.nearest(self._best) if self._best is not None and curve.validation else None
            if index is not None:
                points.append((curve.series.x[index], float(self._heights(curve.series.y[index : index + 1])[0])))
        self._ring.setData(pos=np.array(points).reshape(-1, 2))

    def _grow(self) -> None:
        """Widen the range in steps, so that it does not jump with every point."""
        filled = [curve.series for curve in self._curves.values() if len(curve.series)]
        if not filled:
            self.plotItem.vb.setRange(xRange=(0, 1), yRange=self._y_limits or (0, 1), padding=0)
            return
        right = max(float(series.x[-1]) for series in filled)
        left = min(float(series.x[0]) for series in filled)
        wanted = [min(0.0, round_down(left)), round_up(right) or 1.0, *self._vertical(filled)]
        if self._range:
            wanted[0], wanted[2] = min(wanted[0], self._range[0]), min(wanted[2], self._range[2])
            wanted[1], wanted[3] = max(wanted[1], self._range[1]), max(wanted[3], self._range[3])
        if wanted != self._range:
            self._range = wanted
            self.plotItem.vb.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0)

    def _vertical(self, filled: list[Series]) -> tuple[float, float]:
        if self._log:
            heights = [self._heights(series.y) for series in filled]
            known = [part[np.isfinite(part)] for part in heights]
            low = min((float(part.min()) for part in known if part.size), default=-1.0)
            high = max((float(part.max()) for part in known if part.size), default=0.0)
            return math.floor(low), max(math.ceil(high), math.floor(low) + 1)
        if self._y_limits is not None:
            return self._y_limits
        low = round_down(min(float(series.y.min()) for series in filled))
        return low, round_up(max(float(series.y.max()) for series in filled)) or low + 1

    def _heights(self, y: Values) -> Values:
        """Values to vertical positions."""
        if not self._log:
            return y
        return np.log10(y, out=np.full(y.shape, np.nan), where=y > 0)

    def _again(self) -> None:
        """Draw everything anew in the next turn of the event loop."""
        self._range = []
        for curve in self._curves.values():
            curve.drawn = -1
        self._soon.start()

    def _style(self, task: str) -> TaskStyle:
        return theme().task_style(self._tasks.index(task) if task in self._tasks else 0)

    def _place_read_out(self, x: float) -> None:
        """Beside the cross-hair, on the side where there is room."""
        box = self.plotItem.vb.sceneBoundingRect()
        at = self.plotItem.vb.mapViewToScene(QPointF(x, 0)).x()
        width = self._read_out.width()
        left = at + GRID if at + GRID + width <= box.right() else at - GRID - width
        self._read_out.move(int(max(2, left)), int(box.top()) + 4)

    def _say(self) -> None:
        if self._cursor is not None:
            self.show_cursor(self._cursor)
        elif self._range:
            last = self.read(self._range[1])
            self.setAccessibleDescription("; ".join(f"{line.task} {line.values}" for line in last))
        else:
            self.setAccessibleDescription(self._empty_text)


def _reading(value: float) -> str:
    """Four significant figures with their noughts, so that values stand under each other."""
    return f"{value:#.4g}".rstrip(".") if 1e-4 <= abs(value) < 1e4 else figure(value)
