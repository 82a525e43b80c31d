"""Precision against recall over all thresholds, with a mark where a threshold lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.colours import TASK_COLOURS
from workbench.gui.numbers import percent
from workbench.gui.theme import theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.plotting import pg
from workbench.gui.widgets.point_cloud import Floats

MOST = len(TASK_COLOURS)
"""Curves that can be told apart."""
Points = tuple[str, Floats, Floats, Floats]


class PrecisionRecallPlot(Chart):
    """One curve a label; a click or an arrow key wishes for another threshold.

    Signals:
        threshold_wished(float): in [0, 1].
    """

    threshold_wished = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", "", "", parent)
        self.setAccessibleName(self.tr("Precision and recall"))
        self._empty_text = self.tr("Choose a label in the table to see its curve.")
        self._curves: list[Points] = []
        self._threshold = 0.5
        self._items: list[tuple[pg.PlotCurveItem, pg.ScatterPlotItem]] = []
        self.show_range((0.0, 1.02), (0.0, 1.04))
        self.set_titles(self.tr("recall"), self.tr("precision"))
        self.setToolTip(self.tr("Recall: the share found. Precision: the share of what was said that is right."))

    def set_curves(self, curves: Sequence[Points]) -> None:
        """Show labels with (P,) thresholds, rising, precisions and recalls; at most seven are drawn."""
        for items in self._items:
            for item in items:
                self.plotItem.removeItem(item)
        self._curves, self._items = list(curves[:MOST]), []
        for _, _, precision, recall in self._curves:
            there = np.isfinite(precision) & np.isfinite(recall)
            curve, mark = pg.PlotCurveItem(recall[there], precision[there]), pg.ScatterPlotItem(size=11, pxMode=True)
            mark.setZValue(10)
            for item in (curve, mark):
                self.plotItem.addItem(item, ignoreBounds=True)
            self._items.append((curve, mark))
        self.set_colours()
        self.set_threshold(self._threshold)

    def set_threshold(self, threshold: float) -> None:
        """Mark a threshold on each curve."""
        self._threshold = threshold
        said = []
        for (label, thresholds, precision, recall), (_, mark) in zip(self._curves, self._items, strict=True):
            at = from_threshold(thresholds, threshold)
            there = at is not None and np.isfinite(precision[at]) and np.isfinite(recall[at])
            mark.setData(x=[recall[at]] if there else [], y=[precision[at]] if there else [])
            if there:
                words = self.tr("{0}: precision {1}, recall {2}")
                said.append(words.format(label, percent(float(precision[at]), 0), percent(float(recall[at]), 0)))
        self.setAccessibleDescription("; ".join(said) or self._empty_text)

    def is_empty(self) -> bool:
        return not self._curves

    def set_colours(self) -> None:
        super().set_colours()
        for place, (curve, mark) in enumerate(self._items):
            style = theme().task_style(place)
            pen = pg.mkPen(style.colour, width=1)
            if style.dash:
                pen.setDashPattern(list(style.dash))
            curve.setPen(pen)
            mark.setSymbol(style.marker)
            mark.setBrush(pg.mkBrush(style.colour))
            mark.setPen(pg.mkPen(theme().colours().surface))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self._curves:
            self._wish(self.plotItem.vb.mapSceneToView(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: 0.01, Qt.Key.Key_Right: -0.01}.get(Qt.Key(event.key()))
        if step is None or not self._curves:
            event.ignore()
        else:  # to the right recall grows, and so the threshold falls
            self.threshold_wished.emit(min(1.0, max(0.0, self._threshold + step)))

    def _wish(self, where: QPointF) -> None:
        """Wish for the threshold of the point of any curve that is nearest to a place."""
        best: tuple[float, float] | None = None
        for _, thresholds, precision, recall in self._curves:
            distance = np.nan_to_num((recall - where.x()) ** 2 + (precision - where.y()) ** 2, nan=np.inf)
            if len(distance) and (best is None or distance.min() < best[0]):
                best = (float(distance.min()), float(thresholds[int(distance.argmin())]))
        if best is not None:
            self.threshold_wished.emit(best[1])


def from_threshold(thresholds: Floats, threshold: float) -> int | None:
    """The place of the lowest of the rising thresholds that a threshold reaches, where it says the same; None above."""
    at = int(np.searchsorted(thresholds, threshold))
    return at if at < len(thresholds) else None
