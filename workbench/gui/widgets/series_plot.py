"""Several lines through a few points, each with its doubt, and perhaps a place that is read.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.chart import Chart
from workbench.gui.widgets.plotting import pg

_SIDE, _ROOM = 0.04, 0.08  # of width and height, left free around the points
_MOST_BARS = 2  # lines up to which all show their doubt; of more only the one in the light does
_KEYS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}

Point = tuple[float, float, tuple[float, float] | None]
"""x, y, and the ends of the interval of y."""


@dataclass(frozen=True)
class Series:
    """A line.

    Attributes:
        place: gives its colour, dash and marker, as the place of a task does.
        hollow: drawn with open markers: the same thing, asked of other pictures.
    """

    name: str
    place: int
    points: Sequence[Point]
    hollow: bool = False


class SeriesPlot(Chart):
    """The lines. A click, or the arrow keys, point at one of the places across that have a point.

    Args:
        words: what is said of a place across, for the tooltip and screen readers.

    Signals:
        pointed(float): the user points at that place across.
    """

    pointed = Signal(float)

    def __init__(
        self,
        title: str,
        x_title: str,
        y_title: str,
        empty_text: str,
        *,
        logarithmic: bool = False,
        words: Callable[[float], str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, x_title, y_title, empty_text, parent)
        self._logarithmic, self._words = logarithmic, words
        self.series: list[Series] = []
        self.cursor_x: float | None = None
        self.lit = ""
        self._items: list[_Line] = []
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.setZValue(20)
        self._cursor.hide()
        self.plotItem.addItem(self._cursor, ignoreBounds=True)
        self.set_colours()

    def set_series(
        self,
        series: Sequence[Series],
        marks: Mapping[float, str] | None = None,
        x_range: tuple[float, float] | None = None,
    ) -> None:
        """Show lines, each with its points from left to right.

        Args:
            marks: words for ticks across; none for round numbers.
            x_range: the ends of the axis across, where the points do not say it.
        """
        self.series = [each for each in series if each.points]
        for item in self._items:
            item.remove()
        self._items = [_Line(self, each, self._across) for each in self.series]
        self.plotItem.getAxis("bottom").set_marks({self._across(x): text for x, text in (marks or {}).items()})
        self._fit(x_range)
        self.set_colours()
        self.viewport().update()

    def set_cursor(self, x: float | None) -> None:
        """Mark a place across, or none; `pointed` is not emitted."""
        self.cursor_x = x
        self._cursor.setVisible(x is not None)
        if x is not None:
            self._cursor.setValue(self._across(x))
            if self._words is not None:
                said = self._words(x)
                self.setAccessibleDescription(said)
                self.setToolTip(said)

    def light(self, name: str) -> None:
        """Lift a line above the others; an empty name lifts none."""
        self.lit = name
        for item in self._items:
            item.paint(dim=bool(name) and item.series.name != name, bars=self._shows_bars(item.series))

    def is_empty(self) -> bool:
        return not self.series

    def places(self) -> list[float]:
        """Places across that have a point, from left to right."""
        return sorted({point[0] for each in self.series for point in each.points})

    def set_colours(self) -> None:
        super().set_colours()
        self._cursor.setPen(pg.mkPen(theme().colours().text, width=1, style=Qt.PenStyle.DashLine))
        self.light(self.lit)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        event.accept()
        places = self.places()
        if event.button() == Qt.MouseButton.LeftButton and places:
            where = self.plotItem.vb.mapSceneToView(event.position()).x()
            self.pointed.emit(min(places, key=lambda x: abs(self._across(x) - where)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, places = _KEYS.get(Qt.Key(event.key())), self.places()
        if step is None or not places:
            event.ignore()
            return
        now = places[0] if self.cursor_x is None else self.cursor_x
        beyond = [x for x in places if (x > now if step > 0 else x < now)]
        if beyond:
            self.pointed.emit(beyond[0] if step > 0 else beyond[-1])

    def _across(self, x: float) -> float:
        return math.log10(x) if self._logarithmic else x

    def _shows_bars(self, series: Series) -> bool:
        return series.name == self.lit or (not self.lit and len(self.series) <= _MOST_BARS)

    def _fit(self, x_range: tuple[float, float] | None) -> None:
        if not self.series:
            self.show_range(x_range or (0.0, 1.0), (0.0, 1.0))
            return
        points = [point for each in self.series for point in each.points]
        across = [self._across(point[0]) for point in points]
        low, high = (min(across), max(across)) if x_range is None else (self._across(x) for x in x_range)
        side = _SIDE * ((high - low) or 1.0)
        ends = [end for _, y, interval in points for end in (interval or (y, y))]
        room = _ROOM * ((max(ends) - min(ends)) or abs(max(ends)) or 1.0)
        self.show_range((low - side, high + side), (min(ends) - room, max(ends) + room))


class _Line:
    """The items of a line."""

    def __init__(self, plot: SeriesPlot, series: Series, across: Callable[[float], float]) -> None:
        self._plot, self.series = plot, series
        x = np.array([across(point[0]) for point in series.points])
        y = np.array([point[1] for point in series.points])
        known = [(place, ends) for place, (_, _, ends) in zip(x.tolist(), series.points, strict=True) if ends]
        self._line = pg.PlotCurveItem(x, y)
        self._bars = pg.PlotCurveItem(
            np.repeat([place for place, _ in known], 2), np.array([ends for _, ends in known]).ravel(), connect="pairs"
        )
        symbol = theme().task_style(series.place).marker
        self._dots = pg.ScatterPlotItem(x, y, size=8, symbol=symbol, pxMode=True, antialias=True)
        for depth, item in enumerate(self._all):
            item.setZValue(depth)
            plot.plotItem.addItem(item, ignoreBounds=True)

    @property
    def _all(self) -> tuple[pg.PlotCurveItem, pg.PlotCurveItem, pg.ScatterPlotItem]:
        return self._bars, self._line, self._dots

    def paint(self, *, dim: bool, bars: bool) -> None:
        """Take the colours of the theme."""
        style = theme().task_style(self.series.place)
        colour = theme().task_colour(self.series.place)
        colour.setAlphaF(0.25 if dim else 1.0)
        pen: QPen = pg.mkPen(colour, width=1)
        if self.series.hollow:
            pen.setDashPattern([2, 4])
        elif style.dash:
            pen.setDashPattern(list(style.dash))
        self._line.setPen(pen)
        self._bars.setPen(pg.mkPen(colour, width=1))
        self._bars.setVisible(bars)
        self._dots.setPen(pg.mkPen(colour, width=1.5))
        self._dots.setBrush(pg.mkBrush(theme().colours().surface if self.series.hollow else colour))

    def remove(self) -> None:
        """Take everything out of the plot."""
        for item in self._all:
            self._plot.plotItem.removeItem(item)
