"""The list of tasks as the plots' legend; the task under the mouse, or chosen, is lifted in all plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID, font, theme

_SAMPLE = 28  # px: the length of the drawn line
_LONGEST = 180  # px: names longer than this are cut
_DOWN, _UP = pi / 2, -pi / 2
# How many corners each marker has, and the angle of the first (clockwise from the right).
_CORNERS = {
    "o": (24, 0.0),
    "s": (4, pi / 4),
    "t1": (3, _UP),
    "t": (3, _DOWN),
    "d": (4, 0.0),
    "p": (5, _UP),
    "h": (6, _UP),
}


class Legend(FlowRow):
    """One entry a task.

    Signals:
        lifted(object): the task to lift, a str, or None.
    """

    lifted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, GRID // 2)
        self.entries: dict[str, LegendEntry] = {}
        self.setAccessibleName(self.tr("Tasks"))

    def set_tasks(self, tasks: Sequence[str], places: Mapping[str, int]) -> None:
        """Show these tasks, each in the style of its place."""
        if list(self.entries) == list(tasks) and all(self.entries[t].place == places[t] for t in tasks):
            return
        for entry in self.entries.values():
            self.flow.removeWidget(entry)
            entry.deleteLater()
        self.entries = {task: LegendEntry(task, places[task], self) for task in tasks}
        for entry in self.entries.values():
            self.flow.addWidget(entry)
            entry.entered.connect(self._say)
            entry.left.connect(self._say)
            entry.toggled.connect(self._on_toggled)
            entry.show()
        self.refit()
        self._say()

    def chosen(self) -> str | None:
        """The task that is to be lifted: the one under the mouse, else the one that was pressed."""
        over = next((task for task, entry in self.entries.items() if entry.hovered), None)
        return over or next((task for task, entry in self.entries.items() if entry.isChecked()), None)

    def _say(self) -> None:
        self.lifted.emit(self.chosen())

    def _on_toggled(self, on: bool) -> None:
        if on:
            for entry in self.entries.values():
                if entry is not self.sender():
                    entry.setChecked(False)
        self._say()


class LegendEntry(QAbstractButton):
    """A line as it is drawn, with the name of its task."""

    entered = Signal()
    left = Signal()

    def __init__(self, task: str, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.place = place
        self.hovered = False
        self.setText(task)
        self.setCheckable(True)
        self.setToolTip(self.tr("{0}: press to keep its curves in front").format(task))
        self.setAccessibleName(self.tr("Curves of {0}").format(task))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        name = min(_LONGEST, metrics.horizontalAdvance(self.text()))
        return QSize(_SAMPLE + name + 3 * GRID + 4, max(28, metrics.height() + 8))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.hovered = True
        self.entered.emit()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered = False
        self.left.emit()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isChecked() or self.hovered or self.hasFocus():
            painter.setBrush(colours.colour("accent_soft" if self.isChecked() else "hover"))
            painter.setPen(QPen(colours.colour("accent"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(frame, 6, 6)
        self._paint_sample(painter)
        painter.setPen(colours.colour("text"))
        painter.setFont(font())
        where = self.rect().adjusted(_SAMPLE + 2 * GRID, 0, -GRID, 0)
        name = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, where.width())
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)

    def _paint_sample(self, painter: QPainter) -> None:
        style = theme().task_style(self.place)
        pen = QPen(QColor(style.colour), 2)
        if style.dash:
            pen.setDashPattern([part / 2 for part in style.dash])
        middle = self.height() / 2
        painter.setPen(pen)
        painter.drawLine(QPointF(GRID, middle), QPointF(GRID + _SAMPLE, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.colour))
        painter.drawPolygon(marker_shape(style.marker, QPointF(GRID + _SAMPLE / 2, middle), 4.5))


def marker_shape(marker: str, centre: QPointF, radius: float) -> QPolygonF:
    """The outline of a marker by its name in pyqtgraph, `radius` px from its middle."""
    count, start = _CORNERS.get(marker, _CORNERS["o"])
    angles = (start + 2 * pi * corner / count for corner in range(count))
    return QPolygonF([QPointF(centre.x() + radius * cos(a), centre.y() + radius * sin(a)) for a in angles])
