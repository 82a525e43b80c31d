"""Ask for other labelled pictures on which a run is to be scored."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
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
    """One row a task: a folder of class folders, or a table with the column of its labels; of masks two folders."""

    def __init__(self, tasks: Mapping[str, str], parent: QWidget | None = None) -> None:
        """`tasks` are names with their kinds."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Score on other pictures"))
        words = self.tr("Choose labelled pictures that the run has not seen, for one task or for several.")
        self.rows = {task: _SourceRow(task, kind, self) for task, kind in tasks.items()}
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel, self)
        self.go = Button(self.tr("Score the run"), role="primary")
        self.buttons.addButton(self.go, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        grid = QGridLayout()
        grid.setSpacing(GRID)
        for line, row in enumerate(self.rows.values()):
            row.changed.connect(self._on_changed)
            for column, widget in enumerate((row.name, row.path, row.column, row.folder, row.other)):
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

    def words(self) -> list[str]:
        """What was chosen, as `evaluate` takes it."""
        return [word for row in self.rows.values() for word in row.words()]

    @Slot()
    def _on_changed(self) -> None:
        self.go.setEnabled(bool(self.words()))


class _SourceRow(QWidget):
    """The widgets of one task; they lie in the dialog's grid."""

    changed = Signal()

    def __init__(self, task: str, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._path: Path | None = None
        self._masks: Path | None = None
        self._needs_masks = kind == "mask"
        self.name = ElidedLabel(task, "body", bold=True)
        self.path = ElidedLabel(self.tr("not scored"), "body", "secondary")
        self.column = ComboBox()
        self.column.setAccessibleName(self.tr("Column of {0}").format(task))
        self.column.setVisible(False)
        self.column.currentIndexChanged.connect(self.changed)
        self.folder = Button(self.tr("Folder…"), "folder", clicked=self._on_folder)
        self.folder.setAccessibleName(self.tr("Choose a folder of class folders for {0}").format(task))
        self.folder.setVisible(kind != "number")  # numbers stand in a table
        if self._needs_masks:
            self.folder.setAccessibleName(self.tr("Choose the folder of pictures for {0}").format(task))
            self.other = Button(self.tr("Masks…"), "folder", clicked=self._on_masks)
            self.other.setAccessibleName(self.tr("Choose the folder of masks for {0}").format(task))
        else:
            self.other = Button(self.tr("Table…"), "table", clicked=self._on_table)
            self.other.setAccessibleName(self.tr("Choose a CSV table for {0}").format(task))
        self._task = task

    def words(self) -> list[str]:
        """What was chosen as a command line takes it; empty where something is still missing."""
        if self._path is None or (self._needs_masks and self._masks is None):
            return []
        source = f"{self._path}:{self.column.currentText()}" if self.column.count() else str(self._path)
        masks = ["--masks", f"{self._task}={self._masks}"] if self._needs_masks else []
        return ["--data", f"{self._task}={source}", *masks]

    def choose(self, path: Path, columns: Sequence[str] = ()) -> None:
        """Take a folder, or a table with its columns."""
        self._path = path
        self._say()
        self.column.set_choices(columns, self._task)
        self.column.setVisible(bool(columns))
        self.changed.emit()

    def choose_masks(self, path: Path) -> None:
        """Take the folder of masks."""
        self._masks = path
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        pictures, masks = (str(path) if path else "…" for path in (self._path, self._masks))
        self.path.setText(self.tr("{0}, masks {1}").format(pictures, masks) if self._needs_masks else pictures)

    @Slot()
    def _on_masks(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), self.tr("The folder of masks"))
        if chosen:
            self.choose_masks(Path(chosen))

    @Slot()
    def _on_folder(self) -> None:
        title = self.tr("The folder of pictures") if self._needs_masks else self.tr("A folder of class folders")
        chosen = QFileDialog.getExistingDirectory(self.window(), title)
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
