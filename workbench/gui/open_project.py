"""The open project: its settings and tasks, how they are changed and taken back, and what is known of its data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.errors import RequestError, WorkbenchError
from workbench.core.events import Progress
from workbench.core.project import Project, Task
from workbench.core.run_weights import find_run_weights
from workbench.gui.answers import Answers, Reply
from workbench.project.edits import begun_with, changed, with_task_values, with_tasks, without_task, without_value
from workbench.project.store import ProjectFile
from workbench.project.unfinished import clear_unfinished

_TRAINING_ALONE = ("weight", "class_weights", "hidden", "dropout", "label_smoothing", "focal", "huber")
"""Settings of a task that say nothing of its data, so that a change of them need not read it again."""


class OpenProject(QObject):
    """The project that is open, or none; it knows no job.

    Signals:
        opened(): another project is open (or none): show everything anew.
        project_changed(): the project's settings or tasks have changed and are saved.
        report_changed(): `report`, `checking` or `check_failure` have changed.
        failed(str, str): something could not be done: what, and how to mend it.
        said(str): something was done that is worth a line in the status bar.

    Attributes:
        report: what `check --json` says of the data; None until it is known.
        checking: how far the reading of the data is; None while nothing is read.
        check_failure: why the data could not be read (what, and how to mend it); None where it could.
    """

    opened = Signal()
    project_changed = Signal()
    report_changed = Signal()
    failed = Signal(str, str)
    said = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file: ProjectFile | None = None
        self._undo: list[Project] = []
        self.report: dict[str, Any] | None = None
        self.checking: Progress | None = None
        self.check_failure: tuple[str, str] | None = None
        self._check: Reply | None = None
        self._data_answers = Answers(preload=False, parent=self)

    @property
    def project(self) -> Project | None:
        """The open project, as it stands in its file."""
        return self._file.project if self._file else None

    @property
    def folder(self) -> Path | None:
        """The open project's folder."""
        return self._file.folder if self._file else None

    def open(self, folder: Path) -> bool:
        """Open the project in `folder`; whether that went well (else `failed` says why and nothing changes)."""
        try:
            file = ProjectFile.read(folder)
        except WorkbenchError as error:
            self.failed.emit(error.text, error.fix)
            return False
        clear_unfinished(file.folder)
        self._set_file(file)
        return True

    def create(self, folder: Path, name: str = "") -> bool:
        """Make a new, empty project in `folder` and open it; whether that went well."""
        try:
            file = ProjectFile.create(folder, Project(name=name or folder.name))
        except WorkbenchError as error:
            self.failed.emit(error.text, error.fix)
            return False
        self._set_file(file)
        return True

    def set_values(self, section: Literal["split", "backbone", "recipe"], **values: Any) -> bool:
        """Change settings of a section, such as `set_values("recipe", epochs=5)`; whether they were allowed."""
        return self._edit(lambda project: changed(project, **{section: values}))

    def begin_with_run(self, wanted: str) -> bool:
        """Take what a run has learned, its backbone and its size of pictures; whether that was allowed.

        Args:
            wanted: as `find_run_weights` takes it.
        """
        folder = self.folder or Path()
        return self._edit(lambda project: begun_with(project, find_run_weights(wanted, folder), folder))

    def unset_value(self, section: Literal["split", "backbone", "recipe"], name: str) -> bool:
        """Let a setting follow its preset or default again."""
        return self._edit(lambda project: without_value(project, section, name))

    def set_task_values(self, task: str, **values: Any) -> bool:
        """Change settings of a task, such as `set_task_values("material", head="mlp")`.

        Another kind drops a head and settings that mean nothing for it.
        """
        return self._edit(lambda project: with_task_values(project, task, values))

    def add_tasks(self, tasks: Sequence[Task]) -> bool:
        """Add tasks; a name that is taken gets a number behind it."""
        return self._edit(lambda project: with_tasks(project, tasks))

    def remove_task(self, task: str) -> bool:
        """Remove a task; its pictures are not touched."""
        return self._edit(lambda project: without_task(project, task))

    def close(self) -> None:
        """End the child that reads the data; blocks until it is gone."""
        self._data_answers.close()

    @property
    def can_undo(self) -> bool:
        return bool(self._undo)

    def undo(self) -> None:
        """Take the last change of the project back."""
        if self._undo and self._file:
            previous = self._undo.pop()
            if not self._save(previous):
                self._undo.append(previous)

    def _edit(self, change: Callable[[Project], Project]) -> bool:
        if self._file is None:
            self.failed.emit(self.tr("No project is open."), self.tr("Make one, or open one."))
            return False
        before = self._file.project
        try:
            after = change(before)
        except WorkbenchError as error:
            self.failed.emit(error.text, error.fix)
            return False
        if after.written() == before.written():
            return True
        self._undo.append(before)  # before the change is told, so that whoever hears of it can offer to undo it
        if not self._save(after):
            self._undo.pop()
            return False
        return True

    def _save(self, project: Project) -> bool:
        assert self._file is not None
        before = self._file.project
        try:
            self._file.save(project)
        except RequestError as error:
            self.failed.emit(error.text, error.fix)
            return False
        self.project_changed.emit()
        if _data(before) != _data(project):
            self.check()
        return True

    def _set_file(self, file: ProjectFile) -> None:
        self._file = file
        self._undo.clear()
        self.report = self.check_failure = None
        self.opened.emit()
        self.check()

    # What is known of the data ------------------------------------------------------------------------------------

    def check(self) -> None:
        """Read the project's data again, in a child; `report_changed` tells how far it is."""
        self._data_answers.cancel(self._check)
        self._check = None
        if self.project is None or self.folder is None or not self.project.tasks:
            self.report = self.checking = self.check_failure = None
            self.report_changed.emit()
            return
        self._check = self._data_answers.ask(["check", str(self.folder)])
        self._check.progressed.connect(self._on_check_progressed)
        self._check.answered.connect(self._on_check_answered)
        self._check.failed.connect(self._on_check_failed)
        self.checking = Progress(what="", done=0, total=0)
        self.report_changed.emit()

    @Slot(object)
    def _on_check_progressed(self, progress: Progress) -> None:
        self.checking = progress
        self.report_changed.emit()

    @Slot(object)
    def _on_check_answered(self, report: dict[str, Any]) -> None:
        self.report, self.checking, self.check_failure = report, None, None
        self.report_changed.emit()

    @Slot(str, str)
    def _on_check_failed(self, text: str, fix: str) -> None:
        self.report, self.checking, self.check_failure = None, None, (text, fix)
        self.report_changed.emit()


def _data(project: Project) -> tuple[Any, ...]:
    """What `check` reads of a project."""
    return [task.model_dump(exclude=set(_TRAINING_ALONE)) for task in project.tasks], project.split
