"""How often answers are right against how sure they are: on the diagonal, confidence comes true."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.theme import theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.plotting import pg
from workbench.gui.widgets.point_cloud import Floats


class ReliabilityPlot(Chart):
    """A point with its interval for each bin of confidence, and a line where a threshold lies."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", "", "", parent)
        self.setAccessibleName(self.tr("Reliability"))
        self._empty_text = self.tr("No answer says how sure it is.")
        self._count = 0
        self._place = 0
        self._diagonal = pg.PlotCurveItem([0, 1], [0, 1])
        self._bars = pg.ErrorBarItem(x=np.zeros(0), y=np.zeros(0), top=np.zeros(0), bottom=np.zeros(0), beam=0.01)
        self._points = pg.ScatterPlotItem(size=9, pxMode=True)
        self._threshold = pg.InfiniteLine(0, angle=90)
        self._threshold.hide()
        for item in (self._diagonal, self._bars, self._points, self._threshold):
            self.plotItem.addItem(item, ignoreBounds=True)
        self._points.setZValue(10)
        self.show_range((-0.02, 1.02), (-0.02, 1.04))
        self.set_words(
            self.tr("confidence"),
            self.tr("share right"),
            self.tr("{0} sure: {1} right of {2} pictures"),
            self.tr("Below the dashed line the model is surer than it is right; above it, less sure."),
        )

    def set_words(self, x_title: str, y_title: str, told: str, tip: str) -> None:
        """Say what is drawn.

        Args:
            told: of a bin, with places for its confidence, its share right, and its count.
            tip: what it means to lie off the diagonal.
        """
        self._told = told
        self.set_titles(x_title, y_title)
        self.setToolTip(tip)

    def set_bins(self, confidence: Floats, right: Floats, low: Floats, high: Floats, number: Floats) -> None:
        """Show bins (B,): mean confidence, share right with its interval, pictures."""
        self._count = len(confidence)
        self._bars.setData(x=confidence, y=right, top=high - right, bottom=right - low)
        self._bars.setVisible(bool(self._count))
        self._points.setData(x=confidence, y=right)
        said = [
            self._told.format(percent(sure, 0), percent(hit, 0), count(int(pictures)))
            for sure, hit, pictures in zip(confidence.tolist(), right.tolist(), number.tolist(), strict=True)
        ]
        self.setAccessibleDescription("; ".join(said) or self._empty_text)
        self.set_colours()

    def set_threshold(self, threshold: float) -> None:
        """Mark a confidence; nothing at 0."""
        self._threshold.setValue(threshold)
        self._threshold.setVisible(threshold > 0)

    def set_place(self, place: int) -> None:
        """Take the colour of the task's place."""
        self._place = place
        self.set_colours()

    def is_empty(self) -> bool:
        return not self._count

    def set_colours(self) -> None:
        super().set_colours()
        colours, own = theme().colours(), theme().task_colour(self._place)
        self._diagonal.setPen(pg.mkPen(colours.secondary, width=1, style=Qt.PenStyle.DashLine))
        self._bars.setData(pen=pg.mkPen(own, width=1))
        self._points.setBrush(pg.mkBrush(own))
        self._points.setPen(pg.mkPen(colours.surface))
        self._threshold.setPen(pg.mkPen(colours.accent, width=1))
