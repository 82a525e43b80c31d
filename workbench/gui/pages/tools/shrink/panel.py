"""A smaller model: a small network that learns from a run, and runs in int8."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.shrink.measured_card import MeasuredCard
from workbench.gui.pages.tools.shrink.student_card import StudentCard
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.runs import runs_dir
from workbench.project.students import Teacher, read_teacher


class ShrinkPanel(QWidget):
    """A run that teaches, and what its students and their roundings are worth.

    Signals:
        page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._names: list[str] = []
        self._runs = RunList(workspace, self)
        self._loader = Loader(self)
        self.what = Label(
            self.tr(
                "Let a small network learn what a run knows, or round a run to whole numbers: less memory, faster "
                "answers, and a table that says what it costs. Your runs stay as they are."
            ),
            "body",
            "secondary",
            wrap=True,
        )
        self.runs = ComboBox(self)
        self.runs.setAccessibleName(self.tr("The run that teaches"))
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.empty = EmptyState(
            "train", self.tr("There is no model to make smaller yet."), button=self.tr("Train one"), clicked=self._train
        )
        self.student = StudentCard(workspace, self)
        self.measured = MeasuredCard(workspace, self)
        self._lay_out()
        self._connect()
        self._on_runs()

    def shown(self) -> None:
        """The panel comes to the front."""
        self._runs.refresh()

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

    def _lay_out(self) -> None:
        self._name = Label(self.tr("Run"), "body", "secondary")
        self._name.setBuddy(self.runs)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._name)
        row.addWidget(self.runs)
        row.addStretch(1)
        self.problem.hide()
        head = QVBoxLayout()
        head.setSpacing(GRID // 2)
        head.addWidget(self.what)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        column.addLayout(head)
        column.addLayout(row)
        for widget in (self.problem, self.empty, self.student, self.measured):
            column.addWidget(widget)
        column.addStretch(1)

    def _connect(self) -> None:
        self._runs.changed.connect(self._on_runs)
        self._runs.failed.connect(self._say)
        self._loader.loaded.connect(self._on_teacher)
        self._loader.failed.connect(self._say)
        self.runs.currentIndexChanged.connect(self._on_run)
        self._workspace.opened.connect(self._on_opened)
        self.student.page_requested.connect(self.page_requested)

    @Slot()
    def _on_opened(self) -> None:
        self._names = []
        self.problem.hide()
        self.student.forget()
        self.measured.forget()

    @Slot()
    def _on_runs(self) -> None:
        """The runs that have a model; who teaches stays, and one that is new is looked at."""
        names = [run.run for run in self._runs.answering]
        fresh = [name for name in names if name not in self._names] if self._names else []
        self._names = names
        self.runs.set_choices(names)
        self.measured.set_runs(names, fresh[0] if fresh else "")
        for widget in (self._name, self.runs, self.student, self.measured):
            widget.setVisible(bool(names))
        self.empty.setVisible(not names)
        self._on_run()

    @Slot()
    def _on_run(self) -> None:
        folder, run = self._workspace.folder, self.runs.currentText()
        if folder is None or not run:
            self._loader.drop()
            self._on_teacher(None)
        else:
            self._loader.load(read_teacher, runs_dir(folder) / run)

    @Slot(object)
    def _on_teacher(self, teacher: Teacher | None) -> None:
        self.student.set_teacher(teacher)

    @Slot()
    def _train(self) -> None:
        self.page_requested.emit("train")

    @Slot(str)
    def _say(self, text: str) -> None:
        self.problem.set_notice("bad", text)
        self.problem.show()
