"""Tables that sort by the numbers behind their texts, and can be copied into a spreadsheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from workbench.gui.theme import font

_Index = QModelIndex | QPersistentModelIndex
_LETTERS = 6  # of a column, at least
_NAME = 20  # letters of a name with the space around it, at least
SORT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Cell:
    """What a cell shows and by what it sorts; `strong` is bold, `help` its tooltip."""

    text: str
    value: float | str = ""
    strong: bool = False
    help: str = ""

    @property
    def number(self) -> bool:
        return isinstance(self.value, float | int)


class TableModel(QAbstractTableModel):
    """Rows of cells under titles."""

    def __init__(self, titles: Sequence[str], helps: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles = list(titles)
        self._helps = list(helps)
        self._rows: list[list[Cell]] = []

    def set_rows(self, rows: list[list[Cell]], titles: Sequence[str] | None = None, helps: Sequence[str] = ()) -> None:
        """Show other rows, and other titles where they are given."""
        self.beginResetModel()
        self._rows = rows
        if titles is not None:
            self._titles, self._helps = list(titles), list(helps)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._titles)

    def has_number(self, column: int) -> bool:
        """Whether the first row, where there is one, has a number in that column."""
        return bool(self._rows) and self._rows[0][column].number

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.text
        if role == SORT_ROLE:
            missing = isinstance(cell.value, float) and math.isnan(cell.value)
            return -math.inf if missing else cell.value if cell.value != "" else cell.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.help or cell.text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if cell.number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            return _font(strong=cell.strong, figures=cell.number)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and section < len(self._titles):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section]
            if role == Qt.ItemDataRole.ToolTipRole and section < len(self._helps):
                return self._helps[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if self.has_number(section) else Qt.AlignmentFlag.AlignLeft
                return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class TableView(QTableView):
    """A sortable table of rows; Ctrl+C copies what is selected, tab-separated, with its titles."""

    def __init__(self, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = model
        self._names_first = False
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(model)
        self.sorted.setSortRole(SORT_ROLE)
        self.setModel(self.sorted)
        self.setSortingEnabled(True)
        self.sorted.sort(-1)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.horizontalHeader().setFont(font("caption"))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._fit_rows()

    def fit_columns(self, widest: int = 320) -> None:
        """Make columns as wide as their contents (of the first rows), none of words wider than `widest` px."""
        self._fit_rows()
        self.resizeColumnsToContents()
        header = self.horizontalHeader()
        for column in range(header.count()):
            if not self._table.has_number(column):  # numbers are never cut
                header.resizeSection(column, min(widest, header.sectionSize(column)))

    def fit_names(self) -> None:
        """Give the first column what numbers in the others leave, though room to tell names by at least."""
        self._fit_rows()
        header = self.horizontalHeader()
        header.setMinimumSectionSize(_LETTERS * self.fontMetrics().averageCharWidth())
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self._names_first = True
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Where numbers leave the names too little, the table scrolls sideways."""
        if not self._names_first:
            return
        header = self.horizontalHeader()
        others = (max(self.sizeHintForColumn(each), header.sectionSizeHint(each)) for each in range(1, header.count()))
        left = self.viewport().width() - sum(others)
        least = min(self.sizeHintForColumn(0), _NAME * self.fontMetrics().averageCharWidth())
        if left >= least:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        else:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(0, least)

    def source_row(self, row: int) -> int:
        """The model's row that is shown at `row`."""
        return self.sorted.mapToSource(self.sorted.index(row, 0)).row()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """The selected rows as a spreadsheet takes them."""
        columns = range(self.sorted.columnCount())
        titles = [str(self.sorted.headerData(c, Qt.Orientation.Horizontal)) for c in columns]
        rows = sorted({index.row() for index in self.selectedIndexes()})
        lines = [[str(self.sorted.index(row, c).data()) for c in columns] for row in rows]
        return "\n".join("\t".join(line) for line in [titles, *lines])

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(max(32, self.fontMetrics().height() + 10))


def _font(*, strong: bool, figures: bool) -> QFont:
    return font(bold=strong, figures=figures)
