"""The list of tools: what each is called, and what it does in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workbench.gui.icons import icon
from workbench.gui.pages.tools.table import Tool
from workbench.gui.theme import GRID, font, theme

_Index = QModelIndex | QPersistentModelIndex
_SENTENCE = Qt.ItemDataRole.UserRole
_ICON_ROLE = Qt.ItemDataRole.UserRole + 1
_ICON = 20  # px
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)


class ToolList(QListView):
    """Up and Down go from tool to tool.

    Signals:
        chosen(str): the key of the tool that the user wants.
    """

    chosen = Signal(str)

    def __init__(self, tools: Sequence[Tool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = [tool.key for tool in tools]
        model = QStandardItemModel(self)
        for tool in tools:
            item = QStandardItem(QCoreApplication.translate("Tools", tool.title))
            sentence = QCoreApplication.translate("Tools", tool.sentence)
            item.setData(sentence, _SENTENCE)
            item.setData(tool.icon, _ICON_ROLE)
            item.setData(f"{item.text()}. {sentence}", Qt.ItemDataRole.AccessibleTextRole)
            item.setEditable(False)
            model.appendRow(item)
        self.setModel(model)
        self.setItemDelegate(_ToolDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Tools"))
        self.selectionModel().currentChanged.connect(self._on_current)

    def set_current(self, key: str) -> None:
        """Choose a tool; `chosen` says so."""
        self.setCurrentIndex(self.model().index(self._keys.index(key), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()  # sentences break elsewhere

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._keys[current.row()])


class _ToolDelegate(QStyledItemDelegate):
    """A drawing; beside it the title, and below that the sentence in as many lines as it takes."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        view = option.widget
        assert isinstance(view, QListView)
        width = view.viewport().width() - 3 * GRID - _ICON
        title = QFontMetrics(font("body", bold=True)).height()
        sentence = QFontMetrics(font("caption")).boundingRect(
            QRect(0, 0, max(1, width), 10_000), _WRAP, index.data(_SENTENCE)
        )
        return QSize(1, title + 2 + sentence.height() + 2 * GRID)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        title, option.text = option.text, ""
        option.widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        colours = theme().colours()
        where = option.rect.adjusted(GRID, GRID, -GRID, -GRID)
        painter.save()
        square = QRect(where.left(), where.top(), _ICON, _ICON)
        icon(index.data(_ICON_ROLE)).paint(painter, square)
        where.adjust(_ICON + GRID, 0, 0, 0)
        painter.setFont(font("body", bold=True))
        painter.setPen(colours.colour("text"))
        height = painter.fontMetrics().height()
        shown = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, where.width())
        painter.drawText(QRect(where.left(), where.top(), where.width(), height), _WRAP, shown)
        painter.setFont(font("caption"))
        painter.setPen(colours.colour("secondary"))
        painter.drawText(where.adjusted(0, height + 2, 0, GRID), _WRAP, index.data(_SENTENCE))
        painter.restore()
