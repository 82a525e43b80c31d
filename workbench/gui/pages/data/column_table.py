"""The columns of a table with what stands in them, each with a check box."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from workbench.gui.numbers import count
from workbench.project.csv_columns import Column


class ColumnTable(QWidget):
    """Those that look like tasks are checked at first.

    Signals:
        changed(): another choice.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = QTreeWidget(self)
        self.tree.setAccessibleName(self.tr("Columns of the table"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setHeaderLabels([self.tr("Column"), self.tr("Values"), self.tr("Empty"), self.tr("Examples")])
        header = self.tree.header()
        header.setStretchLastSection(True)
        for section in range(3):
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
        for column in columns:
            self.tree.addTopLevelItem(_item(column, rows))
        self.tree.blockSignals(False)
        self.changed.emit()

    def chosen(self) -> list[str]:
        """The checked columns, in the table's order."""
        items = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [item.text(0) for item in items if item and item.checkState(0) == Qt.CheckState.Checked]

    def choose(self, name: str, on: bool = True) -> None:
        """Check a column, or not."""
        for item in self.tree.findItems(name, Qt.MatchFlag.MatchExactly, 0):
            item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _on_changed(self, *_: object) -> None:
        self.changed.emit()


def _item(column: Column, rows: int) -> QTreeWidgetItem:
    empty = rows - column.filled
    texts = [column.name, count(column.distinct), count(empty) if empty else "", ", ".join(column.examples)]
    item = QTreeWidgetItem(texts)
    for place in (1, 2):
        item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(0, column.name)
    item.setToolTip(3, texts[3])
    item.setCheckState(0, Qt.CheckState.Checked if column.suggested else Qt.CheckState.Unchecked)
    return item
