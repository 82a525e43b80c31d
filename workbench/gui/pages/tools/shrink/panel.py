"""A smaller model: a small network that learns from a run, and runs in int8."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.pages.tools.run_head import RunHead
from workbench.gui.pages.tools.shrink.measured_card import MeasuredCard
from workbench.gui.pages.tools.shrink.student_card import StudentCard
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.workspace import Workspace
from workbench.project.runs import runs_dir
from workbench.project.students import Teacher, read_teacher


class ShrinkPanel(ToolPanel):
    """A run that teaches, and what its students and their roundings are worth."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._names: list[str] = []
        self._loader = Loader(self)
        self.head = RunHead(
            workspace,
            self.tr(
                "Let a small network learn what a run knows, or round a run to whole numbers: less memory, faster "
                "answers, and a table that says what it costs. Your runs stay as they are."
            ),
            self.tr("The run that teaches"),
            self,
        )
        self.empty = EmptyState(
            "train",
            self.tr("There is no model to make smaller yet."),
            button=self.tr("Train one"),
            clicked=self.ask_to_train,
        )
        self.student = StudentCard(workspace, self)
        self.measured = MeasuredCard(workspace, self)
        self.stack(self.head, self.empty, self.student, self.measured)
        self._connect()
        self._on_runs()

    def shown(self) -> None:
        """The panel comes to the front."""
        self.head.list.refresh()

    def drop_words(self, dropped: Dropped) -> str:
        """A folder that is dropped holds more pictures for the student."""
        return self.tr("Show these to the student, too") if dropped.folders and not self.student.isHidden() else ""

    def drop_paths(self, paths: list[Path]) -> bool:
        """A folder that is dropped holds more pictures for the student."""
        folder = next((path for path in paths if path.is_dir()), None)
        if folder is None or self.student.isHidden():
            return False
        self.student.folder.set_path(folder)
        return True

    def _connect(self) -> None:
        self.head.list.changed.connect(self._on_runs)
        self.head.runs.currentIndexChanged.connect(self._on_run)
        self._loader.loaded.connect(self._on_teacher)
        self._loader.failed.connect(self.head.problem.show_problem)
        self._workspace.opened.connect(self._on_opened)
        self.student.page_requested.connect(self.page_requested)

    @Slot()
    def _on_opened(self) -> None:
        self._names = []
        self.head.problem.hide()
        self.student.forget()
        self.measured.forget()

    @Slot()
    def _on_runs(self) -> None:
        """The runs that have a model; who teaches stays, and one that is new is looked at."""
        names = [run.run for run in self.head.list.answering]
        fresh = [name for name in names if name not in self._names] if self._names else []
        self._names = names
        self.head.runs.set_choices(names)
        self.measured.set_runs(names, fresh[0] if fresh else "")
        for widget in (self.head.field, self.student, self.measured):
            widget.setVisible(bool(names))
        self.empty.setVisible(not names)
        self._on_run()

    @Slot()
    def _on_run(self) -> None:
        folder, run = self._workspace.folder, self.head.runs.currentText()
        if folder is None or not run:
            self._loader.drop()
            self._on_teacher(None)
        else:
            self._loader.load(read_teacher, runs_dir(folder) / run)

    @Slot(object)
    def _on_teacher(self, teacher: Teacher | None) -> None:
        self.student.set_teacher(teacher)
