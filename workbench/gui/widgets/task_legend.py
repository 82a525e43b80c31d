"""The list of tasks as the legend of all plots: colour, dash and marker beside each name."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.flow_layout import FlowLayout

_LINE = 34  # px: the piece of curve beside a name
_CORNERS = {"s": (4, 45), "t1": (3, -90), "d": (4, 0), "t": (3, 90), "p": (5, -90), "h": (6, 0)}


class TaskLegend(QWidget):
    """Names of tasks with a piece of their curve.

    Signals:
        hovered(str): the mouse or the focus is on that task; empty when it has left.
    """

    hovered = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, gap=GRID)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(self.tr("Tasks"))

    def set_tasks(self, tasks: Sequence[str]) -> None:
        """Show these, in the order of the project."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for index, task in enumerate(tasks):
            entry = _Entry(task, index, self)
            entry.lit.connect(self.hovered)
            self._flow.addWidget(entry)
            entry.show()
        self.updateGeometry()


class _Entry(QAbstractButton):
    """One task; says when the mouse or the focus comes and goes."""

    lit = Signal(str)

    def __init__(self, task: str, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._index = index
        self.setText(task)
        self.setAccessibleName(task)
        self.setToolTip(task)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)  # a long name gives way

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(_LINE + 2 * GRID + metrics.horizontalAdvance(self.text()) + 4, max(24, metrics.height() + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(_LINE + 8 * GRID, self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.lit.emit(self.text())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.lit.emit("")

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.lit.emit(self.text())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.lit.emit("")

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        style = theme().task_style(self._index)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        pen = QPen(QColor(style.colour), 1.5)
        if style.dash:
            pen.setDashPattern([part * 0.6 for part in style.dash])
        painter.setPen(pen)
        middle = self.height() / 2
        painter.drawLine(QPointF(4, middle), QPointF(4 + _LINE, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.colour))
        draw_marker(painter, style.marker, QPointF(4 + _LINE / 2, middle), 4.5)
        painter.setPen(colours.colour("text"))
        where = self.rect().adjusted(_LINE + GRID + 4, 0, -4, 0)
        name = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, where.width())
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)


def draw_marker(painter: QPainter, marker: str, centre: QPointF, radius: float) -> None:
    """The shape that pyqtgraph draws for the same marker."""
    if marker not in _CORNERS:
        painter.drawEllipse(centre, radius, radius)
        return
    corners, turn = _CORNERS[marker]
    angles = [math.radians(turn + 360 * corner / corners) for corner in range(corners)]
    points = [centre + QPointF(math.cos(angle), math.sin(angle)) * radius for angle in angles]
    painter.drawPolygon(QPolygonF(points))
