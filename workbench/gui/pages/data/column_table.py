"""The columns of a table with what stands in them, each with a check box and the kind of task it would become."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.core.kinds import KINDS
from workbench.gui.numbers import count
from workbench.gui.pages.data.words import kind_help, kind_title
from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox
from workbench.project.csv_columns import Column

_KINDS = tuple(kind for kind, facts in KINDS.items() if "column" in facts.sources)
_NAME, _KIND, _VALUES, _EMPTY, _EXAMPLES = range(5)
_CHECK_BOX = 44  # px, with what lies around it and the name
_MANY = 20
"""Different numbers above which a column is measured rather than classes."""


class ColumnTable(QWidget):
    """Those that look like tasks are checked at first, and each kind is what its column looks like.

    Signals:
        changed(): another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kinds: dict[str, ComboBox] = {}
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tree)

    def show_columns(self, columns: list[Column]) -> None:
        """List the columns."""
        rows = max((column.filled for column in columns), default=0)
        self.tree.blockSignals(True)
        self.tree.clear()
        self.kinds = {}
        for column in columns:
            item = _item(column, rows)
            self.tree.addTopLevelItem(item)
            self.kinds[column.name] = self._chooser(column)
            place = _centred(self.kinds[column.name])
            self.tree.setItemWidget(item, _KIND, place)
            self.kinds[column.name].ensurePolished()  # its height is that of the style sheet only from now on
            item.setSizeHint(_KIND, place.sizeHint())
            width = self.tree.fontMetrics().horizontalAdvance(column.name)
            item.setSizeHint(_NAME, QSize(width + _CHECK_BOX, place.sizeHint().height()))
        self.tree.blockSignals(False)
        self.changed.emit()

    def chosen(self) -> dict[str, str]:
        """The checked columns and the kind of task of each, in the table's order."""
        items = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        names = [item.text(_NAME) for item in items if item and item.checkState(_NAME) == Qt.CheckState.Checked]
        return {name: self.kinds[name].currentData() for name in names}

    def choose(self, name: str, on: bool = True) -> None:
        """Check a column, or not."""
        for item in self.tree.findItems(name, Qt.MatchFlag.MatchExactly, _NAME):
            item.setCheckState(_NAME, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _chooser(self, column: Column) -> ComboBox:
        combo = ComboBox(self.tree)
        combo.setAccessibleName(self.tr("Kind of {0}").format(column.name))
        for kind in _KINDS:
            if kind != "number" or column.numeric:
                combo.addItem(kind_title(kind), kind)
                combo.setItemData(combo.count() - 1, kind_help(kind), Qt.ItemDataRole.ToolTipRole)
        combo.setCurrentIndex(max(0, combo.findData(guessed_kind(column))))
        combo.setProperty("column", column.name)
        combo.activated.connect(self._on_kind)
        return combo

    def _on_kind(self) -> None:
        """Whoever says what a column answers wants it as a task."""
        self.choose(str(self.sender().property("column")))

    def _on_changed(self, *_: object) -> None:
        self.changed.emit()


def _centred(widget: QWidget) -> QWidget:
    """A widget in the middle of its cell's height."""
    place = QWidget()
    layout = QHBoxLayout(place)
    layout.setContentsMargins(0, 3, GRID, 3)
    layout.addWidget(widget)
    return place


def guessed_kind(column: Column) -> str:
    """What a column looks like."""
    return "number" if column.numeric and column.distinct > _MANY else "single-label"


def _item(column: Column, rows: int) -> QTreeWidgetItem:
    empty = rows - column.filled
    examples = ", ".join(column.examples)
    item = QTreeWidgetItem([column.name, "", count(column.distinct), count(empty) if empty else "", examples])
    for place in (_VALUES, _EMPTY):
        item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(_NAME, column.name)
    item.setToolTip(_EXAMPLES, examples)
    item.setCheckState(_NAME, Qt.CheckState.Checked if column.suggested else Qt.CheckState.Unchecked)
    return item
