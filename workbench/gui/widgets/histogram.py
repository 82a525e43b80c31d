"""How numbers are spread: one bar for each bin, with the least, the mean and the greatest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QEvent, QLineF, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.numbers import count, figure
from workbench.gui.theme import GRID, font, theme

_HEIGHT = 56  # px: of the highest bar
_WIDEST = 560  # px


class Histogram(QWidget):
    """Painted bars over a line with the ends of the range and the mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bins: list[tuple[float, float, int]] = []
        self._low = self._mean = self._high = 0.0
        self._colour: QColor | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("How the numbers are spread"))
        self._say()

    def set_numbers(self, numbers: Mapping[str, Any] | None) -> None:
        """Show `minimum`, `maximum`, `mean` and the `histogram`: [low, high, count] for each bin; None: nothing."""
        bins = numbers["histogram"] if numbers else []
        self.bins = [(float(low), float(high), int(number)) for low, high, number in bins]
        if numbers:
            self._low, self._mean, self._high = (float(numbers[key]) for key in ("minimum", "mean", "maximum"))
        self._say()
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Draw in the colour of a task."""
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_WIDEST, _HEIGHT + self._line() + GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(20 * GRID, self.sizeHint().height())

    def bar(self, index: int) -> QRect:
        """Where a bin is drawn, in px."""
        highest = max((number for _, _, number in self.bins), default=0) or 1
        left, right = self._x(self.bins[index][0]), self._x(self.bins[index][1])
        number = self.bins[index][2]
        height = max(2, round(_HEIGHT * number / highest)) if number else 0
        return QRect(round(left), _HEIGHT - height, max(2, round(right) - round(left) - 1), height)

    def describe(self, index: int) -> str:
        """The sentence of a bin's tooltip."""
        low, high, number = self.bins[index]
        return self.tr("{0} to {1}: {2} pictures").format(figure(low), figure(high), count(number))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if index is None else self.describe(index), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bins:
            return
        colours = theme().colours()
        painter = QPainter(self)
        painter.setFont(font("caption", figures=True))
        for index in range(len(self.bins)):
            painter.fillRect(self.bar(index), self._colour or colours.colour("accent"))
        painter.setPen(QPen(colours.colour("control_border"), 1))
        painter.drawLine(0, _HEIGHT, self._width(), _HEIGHT)
        self._paint_mean(painter)

    def _paint_mean(self, painter: QPainter) -> None:
        colours = theme().colours()
        mean = self._x(self._mean)
        painter.setPen(QPen(colours.colour("text"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(mean, 0, mean, _HEIGHT))
        metrics = painter.fontMetrics()
        below = _HEIGHT + 2 + metrics.ascent()
        low, high = figure(self._low), figure(self._high)
        painter.setPen(colours.colour("secondary"))
        painter.drawText(0, below, low)
        painter.drawText(self._width() - metrics.horizontalAdvance(high), below, high)
        words = self.tr("mean {0}").format(figure(self._mean))
        width = metrics.horizontalAdvance(words)
        left, right = metrics.horizontalAdvance(low) + GRID, self._width() - metrics.horizontalAdvance(high) - GRID
        painter.setPen(colours.colour("text"))
        if right - left >= width:
            painter.drawText(QPointF(max(left, min(mean - width / 2, right - width)), below), words)

    def _say(self) -> None:
        if not self.bins:
            self.setAccessibleDescription(self.tr("No numbers yet"))
            return
        low, high, number = max(self.bins, key=lambda each: each[2])
        words = self.tr("Numbers from {0} to {1}, mean {2}; most pictures, {3}, between {4} and {5}")
        values = (figure(self._low), figure(self._high), figure(self._mean), count(number), figure(low), figure(high))
        self.setAccessibleDescription(words.format(*values))

    def _at(self, x: int) -> int | None:
        for index, (low, high, _) in enumerate(self.bins):
            if self._x(low) <= x < self._x(high) + 1:
                return index
        return None

    def _x(self, value: float) -> float:
        """Where a value lies, in px from the left."""
        first, last = self.bins[0][0], self.bins[-1][1]
        return self._width() * (value - first) / (last - first) if last > first else self._width() / 2

    def _width(self) -> int:
        return min(self.width(), _WIDEST)

    def _line(self) -> int:
        return self.fontMetrics().height()
