"""From dropped or chosen folders and tables to tasks of the project."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from workbench.core.parsing import resolve_source, unused_name
from workbench.core.project import Task
from workbench.gui.dropped import is_class_folder
from workbench.gui.pages.data.csv_dialog import CsvDialog
from workbench.gui.workspace import Workspace

_SAY_NOTHING = frozenset(("train", "training", "images", "pictures", "photos", "data", "dataset"))


class Adding(QObject):
    """Adds tasks; tables are asked about one after another.

    Attributes:
        dialog: the question about a table, while it is open.
    """

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace = workspace
        self._page = page
        self._tables: list[Path] = []
        self.dialog: CsvDialog | None = None

    def add_sources(self, sources: Sequence[Path]) -> None:
        """Make a task of each folder, and ask which columns of each table become tasks."""
        folders = [path for path in sources if path.is_dir()]
        self._add_folders(folders)
        self._tables += [path for path in sources if path not in folders]
        self._ask_about_next()

    def ask_folder(self) -> None:
        """Let the user choose a folder."""
        chosen = QFileDialog.getExistingDirectory(self._page, self.tr("A folder that holds one folder per class"))
        if chosen:
            self.add_sources([Path(chosen)])

    def ask_table(self) -> None:
        """Let the user choose tables."""
        title, kinds = self.tr("Tables of labels"), self.tr("Tables (*.csv *.CSV)")
        chosen, _ = QFileDialog.getOpenFileNames(self._page, title, "", kinds)
        self.add_sources([Path(path) for path in chosen])

    def group_columns(self) -> list[str]:
        """The columns of the project's tables."""
        project, folder = self._workspace.project, self._workspace.folder
        if project is None or folder is None:
            return []
        paths = dict.fromkeys(resolve_source(task.source, folder) for task in project.tasks if task.column)
        return list(dict.fromkeys(column for path in paths for column in _header(path)))

    def _add_folders(self, folders: list[Path]) -> None:
        usable = []
        for folder in folders:
            if is_class_folder(folder):
                text = self.tr("{0} holds pictures but no class folders.").format(folder.name)
                fix = self.tr("Drop the folder that it lies in, {0}, if each folder there is a class.")
                self._workspace.failed.emit(text, fix.format(folder.parent.name))
            else:
                usable.append(folder)
        names: list[str] = []
        tasks = []
        for folder in usable:
            names.append(unused_name(task_name(folder), names))
            tasks.append(Task(name=names[-1], source=str(folder)))
        if tasks and self._workspace.add_tasks(tasks):
            self._say_added(len(tasks))

    def _ask_about_next(self) -> None:
        project = self._workspace.project
        if self.dialog is not None or not self._tables or project is None:
            return
        self.dialog = CsvDialog(self._tables.pop(0), [task.name for task in project.tasks], self._page)
        self.dialog.accepted.connect(self._add_columns)
        self.dialog.finished.connect(self._on_answered)
        self.dialog.open()

    def _add_columns(self) -> None:
        assert self.dialog is not None
        tasks = self.dialog.tasks()
        if tasks and self._workspace.add_tasks(tasks):
            self._say_added(len(tasks))

    def _on_answered(self) -> None:
        assert self.dialog is not None
        self.dialog.deleteLater()
        self.dialog = None
        self._ask_about_next()

    def _say_added(self, number: int) -> None:
        one = self.tr("1 task was added.")
        self._workspace.said.emit(one if number == 1 else self.tr("{0} tasks were added.").format(number))


def task_name(folder: Path) -> str:
    """What a folder's task is called: by the folder, or by the one around it where its own name says nothing."""
    return folder.parent.name if folder.name.casefold() in _SAY_NOTHING and folder.parent.name else folder.name


@cache
def _header(path: Path) -> tuple[str, ...]:
    """The names in a table's first line; none where it cannot be read, which `check` says."""
    try:
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
            line = file.readline()
    except OSError:
        return ()
    delimiter = max((",", ";", "\t"), key=line.count)
    return tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), []) if name.strip())
