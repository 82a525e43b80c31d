"""Choosing tasks from a CSV file: which columns, and where each row's picture is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.parsing import unused_name
from workbench.core.project import Task
from workbench.gui.numbers import count
from workbench.gui.pages.data.column_table import ColumnTable
from workbench.gui.pages.loading import Loader
from workbench.gui.theme import GRID, grown
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.project.csv_columns import CsvColumns


class CsvDialog(QDialog):
    """Reads the table off the window's thread and looks every picture up there, too.

    Args:
        path: the CSV file.
        taken: names of tasks that are taken.

    Signals:
        ready(): the table has been read and is shown.
        counted(): the note says how many pictures were found.
    """

    ready = Signal()
    counted = Signal()

    def __init__(self, path: Path, taken: list[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._taken = taken
        self._table: CsvColumns | None = None
        self._found = 0
        self.setWindowTitle(self.tr("Tasks from {0}").format(path.name))
        self.columns = ColumnTable(self)
        self.columns.changed.connect(self._update_button)
        self.image = ComboBox(self)
        self.image.setEditable(True)
        self.image.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.image.setAccessibleName(self.tr("Which picture a row is about"))
        self.image.setToolTip(self.tr("A column that names the picture, or a pattern over columns: images/{id}.jpg"))
        self.image.editTextChanged.connect(self._count)
        self.note = Label(self.tr("Reading the table…"), "body", "secondary", figures=True, wrap=True)
        self.add = Button(self.tr("Add tasks"), role="primary", clicked=self.accept, parent=self)
        self.add.setDefault(True)
        self.add.setEnabled(False)
        self._reader, self._counter = Loader(self), Loader(self)
        self._reader.loaded.connect(self._show)
        self._reader.failed.connect(self._complain)
        self._counter.loaded.connect(self._say_found)
        self._counter.failed.connect(self._complain)
        self._lay_out()
        self._reader.load(_read, path)

    def tasks(self) -> list[Task]:
        """A task for each chosen column."""
        names = list(self._taken)
        tasks = []
        image = self.image.currentText().strip()
        for column, kind in self.columns.chosen().items():
            names.append(unused_name(column, names))
            task = {"name": names[-1], "source": str(self._path), "column": column, "image": image}
            task |= {"kind": kind} if kind != "single-label" else {}
            task |= {"separator": self.columns.separator(column)} if kind == "multi-label" else {}
            tasks.append(Task.model_validate(task))
        return tasks

    def _lay_out(self) -> None:
        form = QHBoxLayout()
        form.setSpacing(GRID)
        label = Label(self.tr("Pictures"))
        label.setBuddy(self.image)
        form.addWidget(label)
        form.addWidget(self.image, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(Button(self.tr("Not now"), clicked=self.reject, parent=self))
        buttons.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(Label(self.tr("Each column that you check becomes a task on the same pictures."), wrap=True))
        layout.addWidget(self.columns, 1)
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addLayout(buttons)
        self.resize(grown(820), grown(560))

    def _show(self, read: tuple[CsvColumns, str]) -> None:
        self._table, guess = read
        self.columns.show_columns(self._table.columns(guess))
        choices = [guess, *(name for name in self._table.cells if name != guess)]
        self.image.addItems([choice for choice in choices if choice])
        self.image.setEditText(guess)
        self.ready.emit()
        self._count()

    def _count(self) -> None:
        if self._table is None:
            return
        self._found = 0
        self._update_button()
        self.note.set_tone("secondary")
        if self.image.currentText().strip():
            self.note.setText(self.tr("Looking for the pictures…"))
            self._counter.load(self._table.count_found, self.image.currentText().strip())
        else:
            self._complain(self.tr("Name the column that holds the pictures, or a pattern such as images/{id}.jpg."))

    def _say_found(self, found: int) -> None:
        assert self._table is not None
        self._found = found
        rows = self._table.rows
        self.note.set_tone("good" if found == rows else "caution" if found else "bad")
        self.note.setText(self.tr("{0} of {1} pictures found").format(count(found), count(rows)))
        self._update_button()
        self.counted.emit()

    def _complain(self, text: str) -> None:
        self._counter.drop()
        self.note.set_tone("bad")
        self.note.setText(text)
        self.counted.emit()

    def _update_button(self) -> None:
        number = len(self.columns.chosen())
        self.add.setText(self.tr("Add 1 task") if number == 1 else self.tr("Add {0} tasks").format(number))
        self.add.setEnabled(number > 0 and self._found > 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self.add.isEnabled():
            return
        super().keyPressEvent(event)


def _read(path: Path) -> tuple[CsvColumns, str]:
    table = CsvColumns(path)
    return table, table.guess_image()
