"""Intervals around zero, one a row, all on one scale; and the scale itself."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import GRID, font, grown, theme

_MARK = 5  # px: half the width of a marker
_EDGE = 2 * GRID  # px: left free at both ends of the scale


@dataclass(frozen=True)
class Interval:
    """A value with the interval around it; None where there is none."""

    value: float
    ends: tuple[float, float] | None = None

    @property
    def side(self) -> int:
        """1 where the whole interval lies above zero, -1 where it lies below, else 0."""
        if self.ends is None:
            return 0
        return int(self.ends[0] > 0) - int(self.ends[1] < 0)


def limit_of(intervals: list[Interval], most: float = math.inf) -> float:
    """A round number that no end lies beyond: 1, 2 or 5 times a power of ten.

    Args:
        most: an interval that reaches beyond it says no more, and does not make the others small; values always count.
    """
    values = [abs(each.value) for each in intervals if math.isfinite(each.value)]
    ends = [min(most, abs(end)) for each in intervals for end in each.ends or () if math.isfinite(end)]
    largest = max((*values, *ends), default=0.0)
    if not largest:
        return 1.0
    power = 10.0 ** math.floor(math.log10(largest))
    return next((step * power for step in (1, 2, 5) if step * power >= largest), 10 * power)


class DifferenceBar(QWidget):
    """One interval as a line with a marker on its value: a disc where zero lies within it, else an arrow to its side.

    Args:
        strong: drawn heavier, for a row that sums up the others.
    """

    def __init__(
        self, interval: Interval, limit: float, *, strong: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.interval, self.limit, self._strong = interval, limit, strong
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, grown(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(90, grown(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        painter.setPen(QPen(colours.colour("control_border"), 1))
        zero = self._x(0.0)
        painter.drawLine(QPointF(zero, 0), QPointF(zero, self.height()))
        colour = colours.colour(("secondary", "good", "bad")[self.interval.side])
        if self.interval.ends is not None:
            low, high = (self._x(end) for end in self.interval.ends)
            painter.setPen(QPen(colour, 3 if self._strong else 2))
            painter.drawLine(QPointF(low, middle), QPointF(high, middle))
            for end, at in zip(self.interval.ends, (low, high), strict=True):
                if abs(end) <= self.limit:
                    painter.drawLine(QPointF(at, middle - 4), QPointF(at, middle + 4))
                else:  # it goes on
                    painter.drawLine(QPointF(at, middle), QPointF(self.width() if end > 0 else 0, middle))
        self._mark(painter, self._x(self.interval.value), middle, colour)

    def _mark(self, painter: QPainter, x: float, y: float, colour: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        side = self.interval.side
        if not side:
            painter.drawEllipse(QRectF(x - _MARK, y - _MARK, 2 * _MARK, 2 * _MARK))
            return
        tip, back = x + side * (_MARK + 2), x - side * (_MARK - 1)
        points = [QPointF(tip, y), QPointF(back, y - _MARK - 1), QPointF(back, y + _MARK + 1)]
        painter.drawPolygon(QPolygonF(points))

    def _x(self, value: float) -> float:
        return place(value, self.limit, self.width())


class DifferenceScale(QWidget):
    """The scale under the bars: both ends and zero, with what each side means."""

    def __init__(self, limit: float, unit: str, below: str, above: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit, self._unit, self._below, self._above = limit, unit, below, above
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFont(font("caption", figures=True))
        theme().changed.connect(self._refresh)

    def sizeHint(self) -> QSize:
        return QSize(240, 2 * self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme().colours().colour("secondary"))
        metrics = painter.fontMetrics()
        height, half = metrics.height(), self.width() // 2
        for value, text in ((-self._limit, f"−{self._limit:g}"), (0.0, "0"), (self._limit, f"+{self._limit:g}")):
            words = f"{text} {self._unit}" if value else text
            width = metrics.horizontalAdvance(words)
            at = place(value, self._limit, self.width()) - width / 2
            left = min(max(0.0, at), float(self.width() - width))
            painter.drawText(QRectF(left, 0, width + 1, height), Qt.AlignmentFlag.AlignLeft, words)
        room = half - GRID
        for text, left, side in (
            (f"← {self._below}", 0, Qt.AlignmentFlag.AlignLeft),
            (f"{self._above} →", half + GRID, Qt.AlignmentFlag.AlignRight),
        ):
            words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, height, room, height), side, words)

    def _refresh(self) -> None:
        self.setFont(font("caption", figures=True))
        self.updateGeometry()


def place(value: float, limit: float, width: int) -> float:
    """Where a value lies on a scale from -limit to limit, in px from the left."""
    return _EDGE + (min(limit, max(-limit, value)) + limit) / (2 * limit) * (width - 2 * _EDGE)
