"""The list of tasks as the plots' legend; the task under the mouse, or chosen, is lifted in all plots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import cos, pi, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from workbench.gui.colours import mix
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.button import IconButton

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

    While a run of several tasks trains, each entry has a button that pauses its task.

    Signals:
        lifted(object): the task to lift, a str, or None.
        pause_asked(str, bool): a task is to be paused, or trained again.
    """

    lifted = Signal(object)
    pause_asked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, GRID // 2)
        self.entries: dict[str, LegendEntry] = {}
        self.buttons: dict[str, IconButton] = {}
        self._pairs: list[QWidget] = []
        self._pausable = False
        self._paused: frozenset[str] = frozenset()
        self.setAccessibleName(self.tr("Tasks"))

    def set_tasks(self, tasks: Sequence[str], places: Mapping[str, int]) -> None:
        """Show these tasks, each in the style of its place."""
        if list(self.entries) == list(tasks) and all(self.entries[t].place == places[t] for t in tasks):
            return
        for pair in self._pairs:
            self.flow.removeWidget(pair)
            pair.hide()
            pair.deleteLater()
        self.entries, self.buttons = {}, {}
        self._pairs = [self._add(task, places[task]) for task in tasks]
        self._show_pauses()
        self._say()

    def set_pausable(self, pausable: bool) -> None:
        """Whether tasks can be paused: while a run trains."""
        if pausable != self._pausable:
            self._pausable = pausable
            self._show_pauses()

    def set_paused(self, tasks: frozenset[str]) -> None:
        """The tasks that are told not to train."""
        if tasks != self._paused:
            self._paused = tasks
            self._show_pauses()

    def _add(self, task: str, place: int) -> QWidget:
        pair = QWidget(self)
        entry, button = LegendEntry(task, place, pair), IconButton("pause", "", parent=pair, tone="secondary")
        button.setProperty("task", task)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._on_pause)
        entry.entered.connect(self._say)
        entry.left.connect(self._say)
        entry.toggled.connect(self._on_toggled)
        row = QHBoxLayout(pair)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(entry)
        row.addWidget(button)
        self.entries[task], self.buttons[task] = entry, button
        self.flow.addWidget(pair)
        pair.show()
        return pair

    def _show_pauses(self) -> None:
        for task, button in self.buttons.items():
            paused = task in self._paused
            words = self.tr("Train {0} again") if paused else self.tr("Pause training of {0}")
            button.set_name(words.format(task))
            button.set_icon("play" if paused else "pause")
            button.setVisible(self._pausable and len(self.buttons) > 1)
            self.entries[task].set_paused(paused)
        self.refit()

    @Slot()
    def _on_pause(self) -> None:
        task = str(self.sender().property("task"))
        self.pause_asked.emit(task, task not in self._paused)

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
        self._paused = False
        self.setText(task)
        self.setCheckable(True)
        self.setToolTip(self.tr("{0}: press to keep its curves in front").format(task))
        self.setAccessibleName(self.tr("Curves of {0}").format(task))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_paused(self, paused: bool) -> None:
        """Show that the task is not trained now."""
        self._paused = paused
        self.setAccessibleDescription(self.tr("paused") if paused else "")
        self.update()

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
        painter.setPen(colours.colour("secondary" if self._paused else "text"))
        painter.setFont(font())
        where = self.rect().adjusted(_SAMPLE + 2 * GRID, 0, -GRID, 0)
        name = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, where.width())
        painter.drawText(where, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), name)

    def _paint_sample(self, painter: QPainter) -> None:
        style = theme().task_style(self.place)
        colour = QColor(mix(theme().colours().surface, style.colour, 0.6) if self._paused else style.colour)
        pen = QPen(colour, 2)
        if style.dash:
            pen.setDashPattern([part / 2 for part in style.dash])
        middle = self.height() / 2
        painter.setPen(pen)
        painter.drawLine(QPointF(GRID, middle), QPointF(GRID + _SAMPLE, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(marker_shape(style.marker, QPointF(GRID + _SAMPLE / 2, middle), 4.5))


def marker_shape(marker: str, centre: QPointF, radius: float) -> QPolygonF:
    """The outline of a marker by its name in pyqtgraph, `radius` px from its middle."""
    count, start = _CORNERS.get(marker, _CORNERS["o"])
    angles = (start + 2 * pi * corner / count for corner in range(count))
    return QPolygonF([QPointF(centre.x() + radius * cos(a), centre.y() + radius * sin(a)) for a in angles])
