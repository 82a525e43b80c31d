"""The columns of a table with what stands in them, each with a check box and the kind of task it would become."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.core.kinds import KINDS
from workbench.gui.numbers import count
from workbench.gui.pages.data.words import kind_help, kind_title
from workbench.gui.theme import GRID, grown
from workbench.gui.widgets.inputs import ComboBox
from workbench.project.csv_columns import Column

_KINDS = tuple(kind for kind, facts in KINDS.items() if "column" in facts.sources)
_NAME, _KIND, _VALUES, _EMPTY, _EXAMPLES = range(5)
_CHOOSERS = 60  # columns: a chooser takes 5 ms to make
_CHECK_BOX = 52  # px, with what lies around it and the name
_LONGEST_NAME = 280  # px
_PADDING = QSize(16, 8)  # px: what the style sheet puts around what lies in a cell


class ColumnTable(QWidget):
    """Those that look like tasks are checked at first, and each kind is what its column looks like.

    Signals:
        changed(): another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds: dict[str, ComboBox] = {}
        self._columns: dict[str, Column] = {}
        self.tree = QTreeWidget(self)
        self.tree.setAccessibleName(self.tr("Columns of the table"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        titles = (self.tr("Column"), self.tr("Answers with"), self.tr("Values"), self.tr("Empty"), self.tr("Examples"))
        self.tree.setHeaderLabels(titles)
        header = self.tree.header()
        header.setStretchLastSection(True)
        for section in range(_EXAMPLES):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.itemChanged.connect(self._on_changed)
        self.tree.itemClicked.connect(self._give_chooser)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tree)

    def show_columns(self, columns: list[Column]) -> None:
        """List the columns; of a very wide table only the first have a chooser until they are checked or clicked."""
        self._columns = {column.name: column for column in columns}
        rows = max((column.filled for column in columns), default=0)
        self.tree.blockSignals(True)
        self.tree.clear()
        self.kinds = {}
        for place, column in enumerate(columns):
            item = _item(column, rows)
            self.tree.addTopLevelItem(item)
            if place < _CHOOSERS:
                self._give_chooser(item)
        self.tree.blockSignals(False)
        self.changed.emit()

    def chosen(self) -> dict[str, str]:
        """The checked columns and the kind of task of each, in the table's order."""
        items = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        names = [item.text(_NAME) for item in items if item and item.checkState(_NAME) == Qt.CheckState.Checked]
        return {name: self._kind_of(name) for name in names}

    def separator(self, name: str) -> str:
        """What would stand between the labels of a column's cells."""
        return self._columns[name].separator

    def choose(self, name: str, on: bool = True) -> None:
        """Check a column, or not."""
        for item in self.tree.findItems(name, Qt.MatchFlag.MatchExactly, _NAME):
            item.setCheckState(_NAME, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _kind_of(self, name: str) -> str:
        return str(self.kinds[name].currentData()) if name in self.kinds else self._columns[name].kind

    def _give_chooser(self, item: QTreeWidgetItem) -> None:
        """Let the kind of a column be chosen; told of nothing."""
        column = self._columns[item.text(_NAME)]
        if column.name in self.kinds:
            return
        self.kinds[column.name] = self._chooser(column)
        place = self._centred(self.kinds[column.name])
        cell = place.sizeHint() + _PADDING
        item.setSizeHint(_KIND, cell)
        width = self.tree.fontMetrics().horizontalAdvance(column.name) + grown(_CHECK_BOX)
        item.setSizeHint(_NAME, QSize(min(width, grown(_LONGEST_NAME)), cell.height()))
        item.setText(_KIND, "")
        self.tree.setItemWidget(item, _KIND, place)

    def _chooser(self, column: Column) -> ComboBox:
        combo = ComboBox(self.tree)
        combo.setAccessibleName(self.tr("Kind of {0}").format(column.name))
        for kind in _KINDS:
            if kind != "number" or column.numeric:
                combo.addItem(kind_title(kind), kind)
                combo.setItemData(combo.count() - 1, kind_help(kind), Qt.ItemDataRole.ToolTipRole)
        combo.setCurrentIndex(max(0, combo.findData(column.kind)))
        combo.setProperty("column", column.name)
        combo.activated.connect(self._on_kind)
        return combo

    def _centred(self, widget: QWidget) -> QWidget:
        """A widget in the middle of its cell's height, as high as the style sheet makes it."""
        place = QWidget(self.tree)
        layout = QHBoxLayout(place)
        layout.setContentsMargins(0, 0, GRID, 0)
        layout.addWidget(widget)
        widget.ensurePolished()
        return place

    def _on_kind(self) -> None:
        """Whoever says what a column answers wants it as a task."""
        self.choose(str(self.sender().property("column")))

    def _on_changed(self, item: QTreeWidgetItem) -> None:
        self.tree.blockSignals(True)
        self._give_chooser(item)
        self.tree.blockSignals(False)
        self.changed.emit()


def _item(column: Column, rows: int) -> QTreeWidgetItem:
    empty = rows - column.filled
    examples = ", ".join(column.examples)
    kind = kind_title(column.kind)
    item = QTreeWidgetItem([column.name, kind, count(column.distinct), count(empty) if empty else "", examples])
    for place in (_VALUES, _EMPTY):
        item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(_NAME, column.name)
    item.setToolTip(_EXAMPLES, examples)
    item.setCheckState(_NAME, Qt.CheckState.Checked if column.suggested else Qt.CheckState.Unchecked)
    return item
