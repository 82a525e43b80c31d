"""From dropped or chosen folders and tables to tasks of the project."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from workbench.core.parsing import resolve_source, unused_name
from workbench.core.project import Task
from workbench.gui.dropped import is_class_folder
from workbench.gui.mask_pairs import MaskPair, find_pair
from workbench.gui.pages.data.csv_dialog import CsvDialog
from workbench.gui.pages.data.mask_dialog import MaskDialog
from workbench.gui.workspace import Workspace

_SAY_NOTHING = frozenset(
    ("train", "training", "images", "image", "imgs", "img", "pictures", "photos", "data", "dataset", "inputs", "raw")
)
Question = Callable[[], QDialog]


class Adding(QObject):
    """Adds tasks; what has to be asked is asked one after another.

    Attributes:
        dialog: the question that is open, if any.
    """

    def __init__(self, workspace: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self._workspace = workspace
        self._page = page
        self._questions: list[Question] = []
        self.dialog: QDialog | None = None

    def add_sources(self, sources: Sequence[Path]) -> None:
        """Make a task of each folder, and ask about pictures with masks and which columns of tables become tasks."""
        folders = [path for path in sources if path.is_dir()]
        pair = find_pair(folders)
        if pair is not None:
            self._questions.append(partial(self._found_masks, pair, folders))
        else:
            pairs = {folder: find_pair([folder]) for folder in folders}
            self._add_folders([folder for folder, pair in pairs.items() if pair is None])
            found = [partial(self._found_masks, pair, [folder]) for folder, pair in pairs.items() if pair is not None]
            self._questions += found
        self._questions += [partial(self._columns_of, path) for path in sources if path not in folders]
        self._ask_next()

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

    def ask_masks(self) -> None:
        """Let the user choose a folder of pictures and a folder of masks."""
        self._questions.append(self._new_masks)
        self._ask_next()

    def change_masks(self, task: Task) -> None:
        """Let the user choose other folders for a task."""
        self._questions.append(partial(self._other_masks, task))
        self._ask_next()

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
                fix = self.tr(
                    "Drop the folder that it lies in, {0}, if each folder there is a class; or add pictures with masks."
                )
                self._workspace.failed.emit(text, fix.format(folder.parent.name))
            else:
                usable.append(folder)
        names: list[str] = []
        tasks = []
        for folder in usable:
            names.append(unused_name(task_name(folder), names))
            tasks.append(Task(name=names[-1], source=str(folder)))
        self._add(tasks)

    def _ask_next(self) -> None:
        if self.dialog is not None or not self._questions or self._workspace.project is None:
            return
        self.dialog = self._questions.pop(0)()
        self.dialog.finished.connect(self._on_answered)
        self.dialog.open()

    def _on_answered(self) -> None:
        assert self.dialog is not None
        self.dialog.deleteLater()
        self.dialog = None
        self._ask_next()

    def _columns_of(self, table: Path) -> CsvDialog:
        project = self._workspace.project
        assert project is not None
        dialog = CsvDialog(table, [task.name for task in project.tasks], self._page)
        dialog.accepted.connect(self._add_columns)
        return dialog

    def _add_columns(self) -> None:
        assert isinstance(self.dialog, CsvDialog)
        self._add(self.dialog.tasks())

    def _found_masks(self, pair: MaskPair, folders: list[Path]) -> MaskDialog:
        dialog = MaskDialog(pair, found=True, parent=self._page)
        dialog.accepted.connect(self._add_masks)
        dialog.classes_wanted.connect(partial(self._add_folders, folders))
        return dialog

    def _new_masks(self) -> MaskDialog:
        dialog = MaskDialog(parent=self._page)
        dialog.accepted.connect(self._add_masks)
        return dialog

    def _add_masks(self) -> None:
        assert isinstance(self.dialog, MaskDialog)
        pair = self.dialog.pair()
        name = unused_name(task_name(pair.pictures), ())
        self._add([Task(name=name, kind="mask", source=str(pair.pictures), masks=str(pair.masks))])

    def _other_masks(self, task: Task) -> MaskDialog:
        folder = self._workspace.folder
        assert folder is not None
        pair = MaskPair(resolve_source(task.source, folder), resolve_source(task.masks, folder))
        dialog = MaskDialog(pair, parent=self._page)
        dialog.add.setText(self.tr("Use these folders"))
        dialog.accepted.connect(partial(self._set_masks, task.name))
        return dialog

    def _set_masks(self, task: str) -> None:
        assert isinstance(self.dialog, MaskDialog)
        pair = self.dialog.pair()
        self._workspace.set_task_values(task, source=str(pair.pictures), masks=str(pair.masks))

    def _add(self, tasks: list[Task]) -> None:
        if tasks and self._workspace.add_tasks(tasks):
            self._say_added(len(tasks))

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
