"""The answer of one head: its best labels with bars."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.numbers import percent
from workbench.gui.theme import GRID, font, theme

MOST = 5  # labels shown; the others share a row
_LEAST_NAME, _LEAST_BAR = 48, 40  # px


class ProbabilityBars(QWidget):
    """Label, bar and percentage of the most likely labels, and one row for all others together.

    Args:
        mark: a line from which on a label is said; the labels are then right or wrong each for itself, and the row of
            the others tells the greatest of them. Without it they share 100 %, and it tells their sum.
    """

    def __init__(
        self, colour: QColor | None = None, parent: QWidget | None = None, *, mark: float | None = None
    ) -> None:
        super().__init__(parent)
        self._colour = colour
        self._colours: Mapping[str, QColor] = {}
        self._mark = mark
        self._rows: list[tuple[str, float]] = []
        self._others = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Answer"))

    def set_probabilities(self, probabilities: Mapping[str, float], most: int = MOST) -> None:
        """Show these, the most likely first. They need not sum to one (several labels may be right)."""
        ranked = sorted(probabilities.items(), key=lambda pair: -pair[1])
        rest = ranked[most:]
        self._others = len(rest) > 1
        self._rows = ranked[:most] if self._others else ranked
        if self._others:
            total = min(1.0, sum(value for _, value in rest))
            words = self.tr("{0} others") if self._mark is None else self.tr("{0} others, up to")
            self._rows.append((words.format(len(rest)), total if self._mark is None else rest[0][1]))
        spoken = ", ".join(f"{name} {percent(value)}" for name, value in self._rows)
        self.setAccessibleDescription(spoken)
        self.setToolTip("\n".join(f"{name}  {percent(value)}" for name, value in ranked[:30]))
        self.updateGeometry()
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Draw in the colour of a task."""
        self._colour = colour
        self.update()

    def set_row_colours(self, colours: Mapping[str, QColor]) -> None:
        """Draw the bars of some labels in colours of their own."""
        self._colours = colours
        self.update()

    def rows(self) -> list[tuple[str, float]]:
        """What is shown: labels and probabilities."""
        return list(self._rows)

    def columns(self) -> tuple[int, int]:
        """px of the names, and of the numbers: bars stand in one line over all tasks, until a name needs their room."""
        metrics = QFontMetrics(font("body", bold=True))
        number = metrics.horizontalAdvance("100.0 %") + GRID
        longest = max((metrics.horizontalAdvance(name) for name, _ in self._rows), default=0) + GRID
        free = self.width() - number
        return max(_LEAST_NAME, free * 2 // 5, min(longest, free - _LEAST_BAR)), number

    def sizeHint(self) -> QSize:
        return QSize(260, len(self._rows) * self._pitch())

    def minimumSizeHint(self) -> QSize:
        return QSize(140, len(self._rows) * self._pitch())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(len(self._rows)):
            self._paint_row(painter, index)

    def _paint_row(self, painter: QPainter, index: int) -> None:
        colours = theme().colours()
        name, value = self._rows[index]
        last = self._others and index == len(self._rows) - 1
        where = QRect(0, index * self._pitch(), self.width(), self._pitch())
        middle = Qt.AlignmentFlag.AlignVCenter
        room, number = self.columns()
        painter.setFont(font("body", bold=self._said(index), figures=True))
        metrics = painter.fontMetrics()
        painter.setPen(colours.colour("secondary" if last else "text"))
        text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room - GRID)
        painter.drawText(where, int(middle | Qt.AlignmentFlag.AlignLeft), text)
        painter.drawText(where, int(middle | Qt.AlignmentFlag.AlignRight), percent(value))
        bar = QRect(room, 0, where.width() - room - number, max(8, metrics.height() // 2))
        bar.moveTop(where.center().y() - bar.height() // 2)
        painter.fillRect(bar, colours.colour("track"))
        bar.setWidth(round(bar.width() * min(1.0, max(0.0, value))))
        fill = self._colours.get(name) or self._colour or colours.colour("accent")
        painter.fillRect(bar, colours.colour("secondary") if last else fill)
        if self._mark is not None:
            at = room + round((where.width() - room - number) * self._mark)
            painter.setPen(QPen(colours.colour("text"), 1))
            painter.drawLine(at, where.top() + 1, at, where.bottom() - 1)

    def _said(self, index: int) -> bool:
        """Whether a row is the answer, or part of it."""
        return index == 0 if self._mark is None else self._rows[index][1] >= self._mark

    def _pitch(self) -> int:
        return self.fontMetrics().height() + 10
