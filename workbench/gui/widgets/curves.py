"""One plot of curves that grow while a run trains.

A curve belongs to a task and a part ("train" or "validation"). Training curves are lines, told apart by
colour and dash; validation curves carry markers. New points may come at any rate: drawing happens once per
turn of the event loop, each curve is thinned to about 2,000 points first, and only what has changed is
drawn again.

Importing this module loads pyqtgraph (about half a second): import it when a plot is first needed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from workbench.gui.colours import TaskStyle
from workbench.gui.numbers import figure
from workbench.gui.theme import font, theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.curve_cursor import Cursor
from workbench.gui.widgets.curve_data import heights, round_down, round_up, vertical_range
from workbench.gui.widgets.curve_items import Curve
from workbench.gui.widgets.curve_read_out import Reading
from workbench.gui.widgets.plotting import pg

Key = tuple[str, str]
_BELOW, _ABOVE = 0.03, 0.08  # of a fixed range: room for a mark, and for a ring


class CurvePlot(Chart):
    """A plot with a cross-hair, rings at the best checkpoint and hairlines where phases change.

    Args:
        title: what the plot shows, for screen readers.
        y_title: the vertical axis, with its unit.
        x_title: the horizontal axis, with its unit.
        empty_text: what will appear here.
        y_limits: a fixed range, such as (0, 1) for an accuracy.
        quiet: curves that belong to no task: told apart by dash and marker, all in one quiet colour.
    """

    _pointer: Cursor = None  # type: ignore[assignment]  # pyqtgraph calls resizeEvent before our own attributes are there

    def __init__(
        self,
        title: str,
        y_title: str,
        x_title: str,
        empty_text: str = "",
        y_limits: tuple[float, float] | None = None,
        parent: QWidget | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        super().__init__(title, x_title, y_title, empty_text, parent)
        self._empty_text = empty_text or self.tr("The curves appear here when training starts.")
        self._y_limits = y_limits
        self._quiet = quiet
        self._tasks: list[str] = []
        self._curves: dict[Key, Curve] = {}
        self._phases: list[tuple[float, str, pg.InfiniteLine]] = []
        self._best: float | None = None
        self._log = False
        self._keep = 0.0
        self._lifted: str | None = None
        self._resting: frozenset[str] = frozenset()
        self._range: list[float] = []
        self._ring = pg.ScatterPlotItem(size=15, pxMode=True, brush=None, antialias=True)
        self._ring.setZValue(20)
        self.plotItem.addItem(self._ring, ignoreBounds=True)
        self._pointer = Cursor(self.plotItem, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.redraw)
        self.set_colours()

    # Data ------------------------------------------------------------

    def is_empty(self) -> bool:
        """Whether no curve has a point."""
        return not any(len(curve.series) for curve in self._curves.values())

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

    def mark_phase(self, x: float, name: str, height: float = 0.94, tip: str = "") -> None:
        """A labelled hairline where a phase begins, or something else changes.

        Args:
            height: of the label, as a share of the whole.
            tip: what is said where the pointer rests on it.
        """
        towards_the_middle = [(0, 0), (1, 0)]  # so that a label at the right edge is not cut off
        options = {"position": height, "anchors": towards_the_middle}
        line = pg.InfiniteLine(x, angle=90, label=name, labelOpts=options)
        if tip:
            line.setToolTip(tip)
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
            curve.set_smoothing(self._keep)
        self.set_colours()

    def highlight(self, task: str | None) -> None:
        """Lift the curves of one task above the others, which fade; None lifts none."""
        if task != self._lifted:
            self._lifted = task
            self.set_colours()

    def set_resting(self, tasks: Collection[str]) -> None:
        """Draw the curves of these tasks more weakly: they are not trained now."""
        if self._resting != frozenset(tasks):
            self._resting = frozenset(tasks)
            self.set_colours()

    def set_vertical(self, title: str, limits: tuple[float, float] | None) -> None:
        """Another vertical axis: its title with the unit, and its fixed range or none."""
        if (title, limits) != (self._titles["left"], self._y_limits):
            self._titles["left"], self._y_limits = title, limits
            self.set_colours()

    def set_colours(self) -> None:
        """Take the colours of the theme."""
        super().set_colours()
        colours, small = theme().colours(), font("caption", figures=True)
        self._pointer.set_colours()
        self._ring.setPen(pg.mkPen(colours.text, width=2))
        for _, _, line in self._phases:
            line.setPen(pg.mkPen(colours.control_border, width=1, style=Qt.PenStyle.DotLine))
            line.label.setColor(colours.secondary)
            line.label.setFont(small)
            line.label.fill = pg.mkBrush(colours.surface)  # readable where curves run below it
        for (task, _), curve in self._curves.items():
            self._dress(task, curve)
        self._again()

    @Slot()
    def redraw(self) -> None:
        """Draw what has changed since the last time; one setData for each such curve."""
        self._soon.stop()
        for curve in self._curves.values():
            if curve.drawn != curve.series.version:
                curve.draw(self._log)
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
        self._pointer.show(x, f"{self._titles['bottom']} {figure(x)}", self.read(x))
        if self._pointer.x is not None:
            self.setAccessibleDescription(self._pointer.text())

    @Slot()
    def hide_cursor(self) -> None:
        """Take the cross-hair away."""
        self._pointer.hide()

    @property
    def best(self) -> float | None:
        """Where the best checkpoint is ringed; None where there is no ring."""
        return self._best

    @property
    def cursor_x(self) -> float | None:
        """Where the cross-hair is; None while it is hidden."""
        return self._pointer.x

    def read_out_text(self) -> str:
        """What the panel at the cross-hair says; empty while it is hidden."""
        return self._pointer.text()

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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self._range:
            left, right = self._range[:2]
            start = (left + right) / 2 if self._pointer.x is None else self._pointer.x
            step = (right - left) / 100 * steps[Qt.Key(event.key())]
            self.show_cursor(max(left, min(right, start + step)))
        elif event.key() == Qt.Key.Key_Escape and self._pointer.x is not None:
            self.hide_cursor()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hide_cursor()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pointer is not None:
            self._pointer.place()

    # Drawing ------------------------------------------------------------

    def _curve(self, task: str, part: str) -> Curve:
        key = (task, part)
        if key not in self._curves:
            if task not in self._tasks:
                self._tasks.append(task)
            curve = self._curves[key] = Curve(self.plotItem, part == "validation")
            curve.set_smoothing(self._keep)
            self._dress(task, curve)
        return self._curves[key]

    def _dress(self, task: str, curve: Curve) -> None:
        lifted = self._lifted == task
        behind = self._lifted is not None and not lifted
        curve.dress(self._style(task), lifted=lifted, behind=behind, resting=task in self._resting)

    def _draw_ring(self) -> None:
        points = []
        for curve in self._curves.values():
            index = curve.series.nearest(self._best) if self._best is not None and curve.validation else None
            if index is not None:
                points.append((curve.series.x[index], float(heights(curve.series.y[index : index + 1], self._log)[0])))
        self._ring.setData(pos=np.array(points).reshape(-1, 2))

    def _grow(self) -> None:
        """Widen the range in steps, so that it does not jump with every point."""
        filled = [curve.series for curve in self._curves.values() if len(curve.series)]
        if not filled:
            self._show_range([0.0, 1.0, *(self._y_limits or (0.0, 1.0))])
            return
        right = max(float(series.x[-1]) for series in filled)
        left = min(float(series.x[0]) for series in filled)
        vertical = self._y_limits if self._y_limits and not self._log else vertical_range(filled, self._log)
        wanted = [min(0.0, round_down(left)), round_up(right) or 1.0, *vertical]
        if self._range:
            wanted[0], wanted[2] = min(wanted[0], self._range[0]), min(wanted[2], self._range[2])
            wanted[1], wanted[3] = max(wanted[1], self._range[1]), max(wanted[3], self._range[3])
        if wanted != self._range:
            self._range = wanted
            self._show_range(wanted)

    def _show_range(self, wanted: list[float]) -> None:
        """Where the range is fixed, marks and rings at its ends are whole."""
        left, right, low, high = wanted
        if self._y_limits and not self._log:
            low, high = low - _BELOW * (high - low), high + _ABOVE * (high - low)
        self.plotItem.vb.setRange(xRange=(left, right), yRange=(low, high), padding=0)

    def _again(self) -> None:
        """Draw everything anew in the next turn of the event loop."""
        self._range = []
        for curve in self._curves.values():
            curve.drawn = -1
        self._soon.start()

    def _style(self, task: str) -> TaskStyle:
        style = theme().task_style(self._tasks.index(task) if task in self._tasks else 0)
        return TaskStyle(theme().colours().secondary, style.dash, style.marker) if self._quiet else style

    def _say(self) -> None:
        if self._pointer.x is not None:
            self.show_cursor(self._pointer.x)
        elif self._range:
            last = self.read(self._range[1])
            self.setAccessibleDescription("; ".join(f"{line.task} {line.values}" for line in last))
        else:
            self.setAccessibleDescription(self._empty_text)


def _reading(value: float) -> str:
    """Four significant figures with their noughts, so that values stand under each other."""
    return f"{value:#.4g}".rstrip(".") if 1e-4 <= abs(value) < 1e4 else figure(value)
