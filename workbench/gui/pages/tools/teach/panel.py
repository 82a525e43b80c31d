"""Add to a model: pictures, classes and tasks that come later."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.teach.forgetting_card import ForgettingCard
from workbench.gui.pages.tools.teach.pictures_card import PicturesCard
from workbench.gui.pages.tools.teach.task_card import TaskCard
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.ways import Learner, read_learner


class TeachPanel(QWidget):
    """A run, and what can be added to it; what is made is always a new run beside it.

    Signals:
        page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wanted = ""
        self._runs = RunList(workspace, self)
        self._loader = Loader(self)
        self.what = Label(
            self.tr(
                "Show a run pictures that came later, new classes, or one more task. What is made is a new run; the "
                "old one stays as it is, so that nothing needs to be undone."
            ),
            "body",
            "secondary",
            wrap=True,
        )
        self.runs = ComboBox(self)
        self.runs.setAccessibleName(self.tr("The run that learns"))
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.pictures = PicturesCard(workspace, self)
        self.task = TaskCard(workspace, self)
        self.forgetting = ForgettingCard(workspace, self)
        self._lay_out()
        self._connect()
        self._on_runs()

    def shown(self) -> None:
        """The panel comes to the front."""
        self._runs.refresh()

    def drop_words(self, dropped: Dropped) -> str:
        """Pictures, folders and tables are to be learned."""
        return self.tr("Add these to the model") if dropped.sources or dropped.pictures else ""

    def drop_paths(self, paths: list[Path]) -> bool:
        """Pictures and folders are to be learned; a table is a new task's."""
        return self.pictures.add_paths(paths) or self.task.add_paths(paths)

    def _lay_out(self) -> None:
        name = Label(self.tr("Run"), "body", "secondary")
        name.setBuddy(self.runs)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(name)
        row.addWidget(self.runs)
        row.addStretch(1)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        head = QVBoxLayout()
        head.setSpacing(GRID // 2)
        head.addWidget(self.what)
        column.addLayout(head)
        column.addLayout(row)
        for card in (self.problem, self.pictures, self.task, self.forgetting):
            column.addWidget(card)
        column.addStretch(1)

    def _connect(self) -> None:
        self._runs.changed.connect(self._on_runs)
        self._runs.failed.connect(self._say)
        self._loader.loaded.connect(self._on_learner)
        self._loader.failed.connect(self._say)
        self.runs.currentIndexChanged.connect(self._on_run)
        self._workspace.opened.connect(self._on_opened)
        self._workspace.project_changed.connect(self._on_run)
        for card in (self.pictures, self.task):
            card.page_requested.connect(self.page_requested)
            card.made.connect(self._on_made)

    @Slot()
    def _on_opened(self) -> None:
        self._wanted = ""
        self.problem.hide()
        self.pictures.forget()
        self.task.forget()

    @Slot(str)
    def _on_made(self, run: str) -> None:
        self._wanted = run

    @Slot()
    def _on_runs(self) -> None:
        """The runs that have a model; the one that was made last, or stood here, stays."""
        names = [run.run for run in self._runs.answering]
        made = self._wanted in names
        self.runs.set_choices(names, self._wanted if made else None)
        if made:
            self._wanted = ""
        self._on_run()

    @Slot()
    def _on_run(self) -> None:
        info, folder = self._runs.run(self.runs.currentText()), self._workspace.folder
        self.runs.setEnabled(self.runs.count() > 0)
        if info is None or folder is None:
            self._loader.drop()
            self._on_learner(None)
        else:
            self._loader.load(read_learner, info.folder, folder)

    @Slot(object)
    def _on_learner(self, learner: Learner | None) -> None:
        run = self.runs.currentText() if learner is not None else ""
        self.pictures.set_learner(run, learner)
        self.task.set_run(run, [task.name for task in learner.resolved.tasks] if learner is not None else [])
        self.forgetting.set_run(run)

    @Slot(str)
    def _say(self, text: str) -> None:
        self.problem.set_notice("bad", text)
        self.problem.show()
