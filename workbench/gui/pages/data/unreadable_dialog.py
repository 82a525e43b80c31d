"""The pictures of a task that could not be read, each with its reason."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label

Index = QModelIndex | QPersistentModelIndex


class _Model(QAbstractTableModel):
    """Two columns: the file and why."""

    def __init__(self, entries: list[dict[str, str]], titles: tuple[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self._entries, self._titles = entries, titles

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return Path(entry["path"]).name if index.column() == 0 else entry["reason"]
        return entry["path"] if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        across = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._titles[section] if across else None


class UnreadableDialog(QDialog):
    """A list to look through, copy, and open the folders of."""

    def __init__(self, task: str, entries: list[dict[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = entries
        self.setWindowTitle(self.tr("Pictures of {0} that could not be read").format(task))
        self.table = QTableView(self)
        self.table.setAccessibleName(self.windowTitle())
        self.table.setModel(_Model(entries, (self.tr("Picture"), self.tr("Why")), self))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.activated.connect(self._open_folder)
        note = self.tr(
            "They are left out; everything else trains. Save or copy them again, then read the pictures again."
        )
        copy = Button(self.tr("Copy the list"), "copy", clicked=self._copy, parent=self)
        close = Button(self.tr("Close"), role="primary", clicked=self.accept, parent=self)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.addWidget(Label(note, tone="secondary", wrap=True))
        layout.addWidget(self.table, 1)
        layout.addLayout(buttons)
        self.resize(640, 420)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{entry['path']}\t{entry['reason']}" for entry in self._entries))

    def _open_folder(self, index: QModelIndex) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._entries[index.row()]["path"]).parent)))
