"""The list of waiting runs: moved by mouse or Alt with the arrow keys, removed with Delete."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.gui.pages.train.queue_words import made_of
from workbench.gui.theme import GRID, font, theme
from workbench.project.queue import Queue, Waiting

_MOST = 3  # rows in sight
_RUN = Qt.ItemDataRole.UserRole


class QueueList(QListWidget):
    """Says what the user wants; what is shown follows `set_queue`.

    Signals:
        moved(str, int): a run, by its id, shall wait at that place, counted from 1.
        removed(str): a run shall be taken out.
    """

    moved = Signal(str, int)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(self.tr("Waiting runs, the next first"))
        self.setAccessibleDescription(self.tr("Alt with an arrow key moves a run, Delete removes it"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme().changed.connect(self._fit)

    @property
    def current(self) -> Waiting | None:
        """The chosen run."""
        item = self.currentItem()
        return None if item is None else item.data(_RUN)

    def set_queue(self, queue: Queue) -> None:
        """Show what waits, with the same run chosen, or the one that took its place."""
        chosen, row = self.current, self.currentRow()
        self.clear()
        for place, run in enumerate(queue.runs, 1):
            item = QListWidgetItem(f"{place}  {run.name}", self)
            item.setData(_RUN, run)
            said = "\n".join(filter(None, [run.name, made_of(run), run.problem]))
            item.setToolTip(said)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{place}, {said}")
        place = queue.place(chosen.id) if chosen else 0
        self.setCurrentRow(place - 1 if place else min(row, self.count() - 1))
        self._fit()

    def move_current(self, by: int) -> None:
        """Ask to move the chosen run up (-1) or down (1)."""
        row = self.currentRow() + by
        if self.current is not None and 0 <= row < self.count():
            self.moved.emit(self.current.id, row + 1)

    def remove_current(self) -> None:
        """Ask to remove the chosen run."""
        if self.current is not None:
            self.removed.emit(self.current.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in arrows:
            self.move_current(arrows[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_current()
        else:
            super().keyPressEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """The rows stay as they are until the queue itself says otherwise."""
        run, row = self.current, self._row_at(event)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.stopAutoScroll()
        self.setState(QAbstractItemView.State.NoState)
        self.viewport().update()
        if run is not None and event.source() is self:
            self.moved.emit(run.id, row + 1 - (row > self.currentRow()))

    def _row_at(self, event: QDropEvent) -> int:
        """The row before which something was dropped."""
        index = self.indexAt(event.position().toPoint())
        if not index.isValid():
            return self.count()
        below = event.position().y() > self.visualRect(index).center().y()
        return index.row() + below

    def _fit(self) -> None:
        """As high as a few runs need."""
        rows = min(_MOST, max(1, self.count()))
        row = self.sizeHintForRow(0) if self.count() else 0
        self.setFixedHeight(rows * row + 2 * (self.frameWidth() + 1))


class _Delegate(QStyledItemDelegate):
    """Place and name; what was asked, or what is wrong."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, round(1.9 * option.fontMetrics.height()) + 2 * GRID)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        run: Waiting = index.data(_RUN)
        self.initStyleOption(option, index)
        title, option.text = option.text, ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        where = option.rect.adjusted(GRID, GRID - 1, -GRID, -GRID + 1)
        half = where.height() // 2
        colours = theme().colours()
        painter.save()
        painter.setFont(font("body", bold=True, figures=True))
        painter.setPen(colours.colour("text"))
        _line(painter, QRect(where.left(), where.top(), where.width(), half), title)
        painter.setFont(font("caption", figures=True))
        painter.setPen(colours.colour("bad" if run.problem else "secondary"))
        _line(painter, QRect(where.left(), where.top() + half, where.width(), half), run.problem or made_of(run))
        painter.restore()


def _line(painter: QPainter, where: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
