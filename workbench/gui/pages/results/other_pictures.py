"""Ask for other labelled pictures on which a run is to be scored."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label


class OtherPictures(QDialog):
    """One row a task: a folder of class folders, or a table with the column of its labels."""

    def __init__(self, tasks: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Score on other pictures"))
        words = self.tr("Choose labelled pictures that the run has not seen, for one task or for several.")
        self.rows = {task: _SourceRow(task, self) for task in tasks}
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.go = Button(self.tr("Score the run"), role="primary")
        self.buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for line, row in enumerate(self.rows.values()):
            row.changed.connect(self._on_changed)
            for column, widget in enumerate((row.name, row.path, row.column, row.folder, row.table)):
                grid.addWidget(widget, line, column)
        grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        layout.setSpacing(GROUP_GAP)
        layout.addWidget(Label(words, "body", "secondary", wrap=True))
        layout.addLayout(grid)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        self.resize(640, self.sizeHint().height())
        self._on_changed()

    def sources(self) -> list[str]:
        """What was chosen, each as NAME=SOURCE."""
        return [f"{task}={source}" for task, row in self.rows.items() if (source := row.source())]

    @Slot()
    def _on_changed(self) -> None:
        self.go.setEnabled(bool(self.sources()))


class _SourceRow(QWidget):
    """The widgets of one task; they lie in the dialog's grid."""

    changed = Signal()

    def __init__(self, task: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._path: Path | None = None
        self.name = ElidedLabel(task, "body", bold=True)
        self.path = ElidedLabel(self.tr("not scored"), "body", "secondary")
        self.column = ComboBox()
        self.column.setAccessibleName(self.tr("Column of {0}").format(task))
        self.column.setVisible(False)
        self.column.currentIndexChanged.connect(self.changed)
        self.folder = Button(self.tr("Folder…"), "folder", clicked=self._on_folder)
        self.table = Button(self.tr("Table…"), "table", clicked=self._on_table)
        self.folder.setAccessibleName(self.tr("Choose a folder of class folders for {0}").format(task))
        self.table.setAccessibleName(self.tr("Choose a CSV table for {0}").format(task))
        self._task = task

    def source(self) -> str:
        """The source as a command line takes it; empty where none was chosen."""
        if self._path is None:
            return ""
        return f"{self._path}:{self.column.currentText()}" if self.column.count() else str(self._path)

    def choose(self, path: Path, columns: Sequence[str] = ()) -> None:
        """Take a folder, or a table with its columns."""
        self._path = path
        self.path.setText(str(path))
        self.column.clear()
        self.column.addItems(list(columns))
        if self._task in columns:
            self.column.setCurrentText(self._task)
        self.column.setVisible(bool(columns))
        self.changed.emit()

    @Slot()
    def _on_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), self.tr("A folder of class folders"))
        if chosen:
            self.choose(Path(chosen))

    @Slot()
    def _on_table(self) -> None:
        title, kinds = self.tr("A table of labels"), self.tr("Tables (*.csv *.CSV)")
        chosen, _ = QFileDialog.getOpenFileName(self.window(), title, "", kinds)
        if chosen:
            self.choose(Path(chosen), table_columns(Path(chosen)))


def table_columns(path: Path) -> list[str]:
    """The titles of a CSV table's columns; empty where it cannot be read."""
    try:
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
            sample = file.read(65536)
        try:
            dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(sample, ",;\t")
        except csv.Error:
            dialect = csv.excel
        return [title.strip() for title in next(csv.reader(sample.splitlines(), dialect), []) if title.strip()]
    except OSError:
        return []
