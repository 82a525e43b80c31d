"""The command palette: every action, page and recent project, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QColor, QCursor, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.fuzzy import fuzzy_score
from workbench.gui.theme import CORNER, GRID, font, theme
from workbench.gui.widgets.label import Label

_WIDTH = 560  # px
_ROWS = 10
_PAGE = 8
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _PAGE, Qt.Key.Key_PageUp: -_PAGE}
_HINT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Entry:
    """What can be found: its name, what stands behind it (a shortcut, a folder), and what it does."""

    title: str
    hint: str
    do: Callable[[], object]
    icon: QIcon | None = None


class Palette(QFrame):
    """Opens over the window; Enter does what is marked, Escape closes."""

    def __init__(self, entries: list[Entry], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._entries = entries
        self._found: list[Entry] = []
        self._resting = QCursor.pos()  # where the mouse was when the keys had the last word
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("Find an action"))
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(self.tr("Type a few letters of an action, a page or a project"))
        self.field.setAccessibleName(self.tr("What to look for"))
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        self.list = self._make_list()
        self.nothing = Label(self.tr("Nothing goes by that name."), tone="secondary", parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)
        self._search("")
        self._place(parent)
        self.setFocusProxy(self.field)

    def found(self) -> list[str]:
        """The titles that are listed, the best first."""
        return [entry.title for entry in self._found]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        self._resting = QCursor.pos()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._do_row(self.list.currentRow())
            return True
        step = next((step for key, step in _STEPS.items() if key == event.key()), 0)
        if not step or not self._found:
            return super().eventFilter(watched, event)
        row, last = self.list.currentRow() + step, len(self._found) - 1
        self.list.setCurrentRow(row % (last + 1) if abs(step) == 1 else max(0, min(row, last)))
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(colours.window))
        painter.setPen(QColor(colours.control_border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _make_list(self) -> QListWidget:
        result = QListWidget(self)
        result.setAccessibleName(self.tr("What was found"))
        result.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        result.setUniformItemSizes(True)
        result.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        result.setItemDelegate(_RowDelegate(result))
        result.setMouseTracking(True)
        result.itemEntered.connect(self._on_entered)
        result.itemClicked.connect(self._do_item)
        return result

    def _search(self, text: str) -> None:
        scored = [(score, entry) for entry in self._entries if (score := fuzzy_score(text, entry.title)) is not None]
        if text.strip():
            scored.sort(key=lambda pair: -pair[0])
        self._found = [entry for _, entry in scored]
        self.list.clear()
        for entry in self._found:
            self.list.addItem(_item(entry))
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._found))
        self.nothing.setVisible(not self._found)

    @Slot(QListWidgetItem)
    def _on_entered(self, item: QListWidgetItem) -> None:
        """Mark the row that the mouse moves to; one that comes to lie under a resting mouse was not meant."""
        if QCursor.pos() != self._resting:
            self.list.setCurrentItem(item)

    def _do_item(self, item: QListWidgetItem) -> None:
        self._do_row(self.list.row(item))

    def _do_row(self, row: int) -> None:
        if 0 <= row < len(self._found):
            entry = self._found[row]
            self.close()
            entry.do()

    def _place(self, window: QWidget) -> None:
        letter = self.fontMetrics()
        width = min(max(_WIDTH, 60 * letter.averageCharWidth()), window.width() - 4 * GRID)
        wanted = _ROWS * row_height(letter.height()) + self.field.sizeHint().height() + 4 * GRID
        self.resize(width, min(wanted, window.height() - 12 * GRID))
        corner = window.mapToGlobal(window.rect().topLeft())
        self.move(corner.x() + (window.width() - width) // 2, corner.y() + 6 * GRID)


def row_height(line: int) -> int:
    """Height of a row, in px, for a line of text of that height."""
    return max(32, line + 12)


def _item(entry: Entry) -> QListWidgetItem:
    item = QListWidgetItem(entry.title)
    item.setData(_HINT, entry.hint)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title} {entry.hint}".strip())
    if entry.icon is not None:
        item.setIcon(entry.icon)
    return item


class _RowDelegate(QStyledItemDelegate):
    """Icon and name at the left, what stands behind it at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, row_height(option.fontMetrics.height()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = theme().colours()
        where = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        if option.state & option.state.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent_soft"))
            painter.drawRoundedRect(where, CORNER, CORNER)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(icon, QIcon):
            icon.paint(
                painter, where.adjusted(GRID, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            )
        inner = where.adjusted(20 + 2 * GRID, 0, -GRID, 0)
        title, hint = str(index.data()), str(index.data(_HINT))
        painter.setFont(font("body"))
        room = inner.width() * 3 // 5 if hint else inner.width()
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room)
        painter.setPen(colours.colour("text"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        used = painter.fontMetrics().horizontalAdvance(shown)
        painter.setFont(font("caption"))
        rest = painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideMiddle, inner.width() - used - 2 * GRID)
        painter.setPen(colours.colour("secondary"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, rest)
        painter.restore()
