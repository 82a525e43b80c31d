"""What the run has said in words: its notices, and when phases and the best epochs came."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.core.events import (
    Changed,
    Epoch,
    Event,
    Notice,
    PhaseStarted,
    RunEnded,
    RunFailed,
    RunPaused,
    RunResumed,
    RunStarted,
    TaskPaused,
)
from workbench.gui.icons import icon
from workbench.gui.numbers import count, percent
from workbench.gui.pages.train.change_words import change_words
from workbench.gui.pages.train.pace import phase_words
from workbench.gui.theme import GRID, grown, theme
from workbench.gui.widgets.card import Card
from workbench.project.history import RunHistory

_Index = QModelIndex | QPersistentModelIndex
_ICON = 16  # px
_AROUND = 8  # px: what the style sheet keeps left and right of a line, together
_LINES = 6  # of text: the least height of the list


class Line(NamedTuple):
    """One line of the log."""

    time: str
    icon: str
    tone: str
    text: str


class LogModel(QAbstractListModel):
    """The lines of the log, oldest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        theme().changed.connect(self._recolour)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{line.time}  {line.text}" if line.time else line.text
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(line.icon, line.tone, grown(_ICON))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.tr('Warning')}: {line.text}" if line.icon == "warning" else line.text
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme().colours().colour("text" if line.icon in ("warning", "error") else "secondary")
        return None

    def clear(self) -> None:
        """Begin anew."""
        self.beginResetModel()
        self._lines = []
        self.endResetModel()

    def add(self, lines: list[Line]) -> None:
        """Put lines behind what is there."""
        if not lines:
            return
        first = len(self._lines)
        self.beginInsertRows(QModelIndex(), first, first + len(lines) - 1)
        self._lines += lines
        self.endInsertRows()

    def _recolour(self) -> None:
        if self._lines:
            self.dataChanged.emit(self.index(0), self.index(len(self._lines) - 1))


class NoticesCard(Card):
    """The list of notices with the log of the run between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Notices"), parent=parent)
        self.model = LogModel(self)
        self.view = _LogView(self)
        self.view.setModel(self.model)
        self.view.setAccessibleName(self.tr("Notices and log of the run"))
        self.view.setToolTip("")
        self._keeps_last = False
        self.add(self.view, 1)

    def set_run(self, history: RunHistory) -> None:
        """Show the lines of another run."""
        self.model.clear()
        self._keeps_last = history.keeps_last
        self.take(worth_a_line(history))

    def set_doing(self, text: str) -> None:
        """What is being done stands in the list until there is something to say."""
        self.view.set_empty_text(text)

    def take(self, events: list[Event]) -> None:
        """Add what these events say."""
        self.model.add([line for event in events if (line := self.line(event)) is not None])

    def line(self, event: Event) -> Line | None:
        """The line of an event; None where it is not worth one."""
        time = _clock(event.time)
        match event:
            case Notice(level="warning"):
                return Line(time, "warning", "caution", event.text)
            case Notice():
                return Line(time, "info", "secondary", event.text)
            case RunStarted():
                self._keeps_last = event.keeps_last
                words = self.tr("{0} on {1} in {2}, {3} pictures a step")
                text = words.format(event.backbone, event.device, event.precision, event.batch_size)
                return Line(time, "play", "secondary", text)
            case PhaseStarted():
                words = (
                    self.tr("Phase “{0}”: 1 epoch, {2} parameters train")
                    if event.epochs == 1
                    else self.tr("Phase “{0}”: up to {1} epochs, {2} parameters train")
                )
                text = words.format(phase_words(event.name), event.epochs, count(event.trainable_parameters))
                return Line(time, "chevron-right", "secondary", text)
            case RunPaused(paused=False):
                return Line(time, "play", "secondary", self.tr("Trains on"))
            case RunPaused():
                words = self.tr("Paused; the memory is free") if event.released else self.tr("Paused")
                return Line(time, "pause", "secondary", words)
            case TaskPaused():
                words = self.tr("{0} is paused") if event.paused else self.tr("{0} trains again")
                return Line(time, "pause" if event.paused else "play", "secondary", words.format(event.task))
            case Changed():
                words = self.tr("From epoch {0} on: {1}").format(event.epoch, change_words(event.settings))
                return Line(time, "edit", "secondary", words)
            case Epoch(best=True) if event.score is not None and not self._keeps_last:
                words = self.tr("Epoch {0} is the best so far: {1}")
                return Line(time, "check", "good", words.format(event.epoch, percent(event.score)))
            case RunResumed():
                return Line(time, "redo", "secondary", self.tr("Resumed after epoch {0}").format(event.epoch))
            case RunFailed():
                return Line(time, "error", "bad", event.error)
            case RunEnded():
                return Line(time, "stop", "secondary", self._ended(event))
        return None

    def _ended(self, event: RunEnded) -> str:
        return {
            "finished": self.tr("Finished"),
            "stopped": self.tr("Stopped") if self._keeps_last else self.tr("Stopped, the best is kept"),
            "interrupted": self.tr("Interrupted; it can be resumed"),
            "failed": self.tr("Failed"),
        }[event.status]


class _LineDelegate(QStyledItemDelegate):
    """Lines as high as their words need: Qt wraps them without the room that the style sheet keeps around them."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        narrow = QStyleOptionViewItem(option)
        narrow.rect.setWidth(option.rect.width() - _AROUND)
        return QSize(option.rect.width(), super().sizeHint(narrow, index).height())


class _LogView(QListView):
    """Wrapped lines that can be selected and copied."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setItemDelegate(_LineDelegate(self))
        self.setWordWrap(True)
        self.setUniformItemSizes(False)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self._fit()
        theme().changed.connect(self._fit)
        self._at_end = True
        self._empty = ""
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)

    def set_empty_text(self, text: str) -> None:
        """The sentence that stands where there is no line yet."""
        if text != self._empty:
            self._empty = text
            self.setAccessibleDescription(text)
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._empty and not self.model().rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(theme().colours().colour("secondary"))
            where = self.viewport().rect().adjusted(GRID, GRID, -GRID, -GRID)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty)

    @Slot()
    def _fit(self) -> None:
        self.setIconSize(QSize(grown(_ICON), grown(_ICON)))
        self.setMinimumHeight(_LINES * self.fontMetrics().height())

    @Slot(int)
    def _on_scrolled(self, value: int) -> None:
        self._at_end = value >= self.verticalScrollBar().maximum() - 4

    @Slot(int, int)
    def _on_range(self, _least: int, most: int) -> None:
        """New lines come into sight, unless the user has scrolled back to read."""
        if self._at_end:
            self.verticalScrollBar().setValue(most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            rows = sorted(index.row() for index in self.selectedIndexes())
            model = self.model()
            QApplication.clipboard().setText("\n".join(str(model.index(row, 0).data()) for row in rows))
        else:
            super().keyPressEvent(event)


def worth_a_line(history: RunHistory) -> list[Event]:
    """What a history has kept of the events that have a line, by their time."""
    started = [history.started] if history.started else []
    last = [event for event in (history.failure, history.ended) if event is not None]
    events = [*started, *history.notices, *history.phases, *(e for e in history.epochs if e.best)]
    events += [*history.pauses, *history.changes, *last]
    return sorted(events, key=lambda event: event.time)


def _clock(time: str) -> str:
    """The local hour and minute of an event; empty where its time is not known."""
    try:
        return datetime.fromisoformat(time).astimezone().strftime("%H:%M")
    except ValueError:
        return ""
