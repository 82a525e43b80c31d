"""A number with its interval on a scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import GRID, font, theme

Ends = tuple[float, float]


class IntervalBar(QWidget):
    """A scale with its ends written below it, the interval as a bar on it, and the number as a line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value = 0.0
        self._interval: Ends | None = None
        self._scale: Ends = (0.0, 1.0)
        self._words = ("", "")
        self._colour: QColor | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Interval"))

    def set_answer(self, value: float, interval: Ends | None, scale: Ends, words: tuple[str, str]) -> None:
        """Show a number; `words` are the texts of the scale's ends. What lies beyond the scale stays in sight."""
        self._value, self._interval, self._scale, self._words = value, interval, scale, words
        self.setAccessibleDescription(self.tr("on a scale from {0} to {1}").format(*words))
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Draw in the colour of a task."""
        self._colour = colour
        self.update()

    def place_of(self, value: float) -> float:
        """Where a number lies, in px from the left."""
        low, high = self._seen()
        return GRID / 2 + (value - low) / (high - low) * (self.width() - GRID)

    def sizeHint(self) -> QSize:
        return QSize(200, self._bar() + 4 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        shade = self._colour or colours.colour("accent")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = self._bar()
        left, right = self.place_of(self._scale[0]), self.place_of(self._scale[1])
        painter.fillRect(QRectF(left, bar / 4, right - left, bar / 2), colours.colour("track"))
        if self._interval is not None:
            pale = QColor(shade)
            pale.setAlphaF(0.45)
            low, high = (self.place_of(end) for end in self._interval)
            painter.fillRect(QRectF(low, bar / 4, max(1.0, high - low), bar / 2), pale)
            painter.setPen(QPen(shade, 1))
            for end in (low, high):
                painter.drawLine(round(end), bar // 4, round(end), 3 * bar // 4)
        painter.setPen(QPen(colours.colour("text"), 3))
        at = self.place_of(self._value)
        painter.drawLine(round(at), 1, round(at), bar - 1)
        painter.setPen(colours.colour("secondary"))
        painter.setFont(font("caption", figures=True))
        below = self.rect().adjusted(0, bar + 2, 0, 0)
        metrics = painter.fontMetrics()
        first, last = (metrics.horizontalAdvance(text) for text in self._words)
        painter.drawText(below.adjusted(round(min(left, self.width() - first)), 0, 0, 0), 0, self._words[0])
        painter.drawText(below.adjusted(round(max(right - last, left + first + GRID)), 0, 0, 0), 0, self._words[1])

    def _seen(self) -> Ends:
        ends = [*self._scale, self._value, *(self._interval or ())]
        low, high = min(ends), max(ends)
        return (low, high) if high > low else (low - 1.0, high + 1.0)

    def _bar(self) -> int:
        return max(16, self.fontMetrics().height())
