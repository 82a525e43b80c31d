"""The small panel beside the cross-hair: the values of all curves at one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import GRID, font, theme

_NAME = 160  # px: the longest name of a task
_SHORTEST = 48  # px: what is left of a name in the narrowest plot


@dataclass(frozen=True)
class Reading:
    """One line: the task, its colour, and what its curves say."""

    task: str
    colour: QColor
    values: str


class ReadOut(QWidget):
    """A panel that lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._head = ""
        self._lines: list[Reading] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_readings(self, head: str, lines: Sequence[Reading]) -> None:
        """Show these lines, and the position above them."""
        self._head, self._lines = head, list(lines)
        self.resize(self.sizeHint())
        self.setVisible(bool(lines))
        self.update()

    def text(self) -> str:
        """All that is shown, for screen readers and tests."""
        return "; ".join([self._head, *(f"{line.task} {line.values}" for line in self._lines)])

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        name, value = self._widths(metrics)
        width = max(metrics.horizontalAdvance(self._head), name + value + metrics.ascent() + 2 * GRID)
        return QSize(width + 2 * GRID, (len(self._lines) + 1) * metrics.height() + GRID + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.colour("border"), 1))
        painter.setBrush(colours.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setFont(self._font())
        metrics = painter.fontMetrics()
        y = GRID // 2 + metrics.ascent() + 1
        painter.setPen(colours.colour("secondary"))
        painter.drawText(GRID, y, self._head)
        side = metrics.ascent() - 2
        name_width = self._widths(metrics)[0]
        for line in self._lines:
            y += metrics.height()
            painter.fillRect(QRectF(GRID, y - side, side, side), line.colour)
            painter.setPen(colours.colour("text"))
            name = metrics.elidedText(line.task, Qt.TextElideMode.ElideMiddle, name_width + 2)
            x = GRID + metrics.ascent() + GRID // 2
            painter.drawText(x, y, name)
            painter.drawText(x + name_width + GRID, y, line.values)

    def _widths(self, metrics: QFontMetrics) -> tuple[int, int]:
        names = max((metrics.horizontalAdvance(line.task) for line in self._lines), default=0)
        values = max((metrics.horizontalAdvance(line.values) for line in self._lines), default=0)
        beside = values + metrics.ascent() + 5 * GRID  # in a narrow plot values go before names
        room = self.parentWidget().width() - beside if self.parentWidget() is not None else _NAME
        return min(_NAME, names, max(_SHORTEST, room)), values

    def _font(self) -> QFont:
        return font("caption", figures=True)
