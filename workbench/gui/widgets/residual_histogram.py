"""How often values occur, as bars, with a line at nought."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.colours import mix
from workbench.gui.numbers import count, figure
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.curve_read_out import Reading, ReadOut
from workbench.gui.widgets.plotting import pg
from workbench.gui.widgets.point_cloud import Floats

_MOST_BINS = 41


class ResidualHistogram(Chart):
    """Bars of counts; the mouse or the arrow keys tell of one."""

    def __init__(
        self, title: str, x_title: str, y_title: str, empty_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, x_title, y_title, empty_text, parent)
        self._edges = np.zeros(0)
        self.counts = np.zeros(0, np.int64)
        self._place = 0
        self.current = -1
        self._bars = pg.BarGraphItem(x=[], height=[], width=1.0)
        self._zero = pg.InfiniteLine(0, angle=90)
        for item in (self._bars, self._zero):
            self.plotItem.addItem(item, ignoreBounds=True)
        self._read_out = ReadOut(self)
        self.set_colours()

    def set_values(self, values: Floats) -> None:
        """Show how often values (N,) occur; NaN is left out. A bin begins at nought."""
        values = values[np.isfinite(values)]
        self._edges = edges(values)
        self.counts = np.histogram(values, self._edges)[0] if len(values) else np.zeros(0, np.int64)
        self.show_bar(-1)
        if self.is_empty():
            self.show_range((0, 1), (0, 1))
            self._bars.setOpts(x=[], height=[], width=1.0)
            return
        far = float(np.abs(self._edges).max()) * 1.02
        self.show_range((-far, far), (0, float(self.counts.max()) * 1.08))
        width = float(self._edges[1] - self._edges[0])
        self._bars.setOpts(x=(self._edges[:-1] + self._edges[1:]) / 2, height=self.counts, width=width)

    def set_place(self, place: int) -> None:
        """Take the colour of the task's place."""
        self._place = place
        self.set_colours()

    def is_empty(self) -> bool:
        return not len(self.counts)

    def show_bar(self, index: int) -> None:
        """Tell of a bar; -1 for none."""
        self.current = index if 0 <= index < len(self.counts) else -1
        if self.current < 0:
            self._read_out.hide()
            total = int(self.counts.sum())
            self.setAccessibleDescription(self.tr("{0} values").format(count(total)) if total else self._empty_text)
            return
        low, high = self._edges[index], self._edges[index + 1]
        head = self.tr("{0} to {1}").format(figure(float(low)), figure(float(high)))
        line = Reading(self.tr("pictures"), theme().task_colour(self._place), count(int(self.counts[index])))
        self._read_out.show_readings(head, [line])
        self._read_out.move(self.width() - self._read_out.width() - 2 * GRID, GRID)
        self.setAccessibleDescription(self._read_out.text())

    def set_colours(self) -> None:
        super().set_colours()
        colours = theme().colours()
        shade = QColor(mix(colours.surface, theme().task_style(self._place).colour, 0.7))
        self._bars.setOpts(brush=pg.mkBrush(shade), pen=pg.mkPen(colours.surface))
        self._zero.setPen(pg.mkPen(colours.secondary, width=1, style=Qt.PenStyle.DashLine))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        x = self.plotItem.vb.mapSceneToView(event.position()).x()
        inside = self.plotItem.vb.sceneBoundingRect().contains(event.position())
        self.show_bar(int(np.searchsorted(self._edges, x, side="right")) - 1 if inside else -1)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.show_bar(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self.is_empty():
            event.ignore()
        else:
            start = len(self.counts) // 2 if self.current < 0 else self.current + step
            self.show_bar(max(0, min(len(self.counts) - 1, start)))


def edges(values: Floats) -> Floats:
    """Edges of equal bins over values (N,), one of them at nought: Freedman and Diaconis's width, 41 bins at most."""
    if not len(values):
        return np.zeros(0)
    far = float(np.abs(values).max()) or 1.0
    low, high = np.percentile(values, [25, 75])
    width = 2.0 * float(high - low) / len(values) ** (1 / 3)
    width = max(width, 2 * far / (_MOST_BINS - 1), 1e-12)
    first, last = np.floor(values.min() / width), np.floor(values.max() / width) + 1
    return np.arange(first, last + 1) * width
