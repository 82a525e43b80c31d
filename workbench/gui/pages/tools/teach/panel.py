"""Add to a model: pictures, classes and tasks that come later."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.pages.tools.run_head import RunHead
from workbench.gui.pages.tools.teach.forgetting_card import ForgettingCard
from workbench.gui.pages.tools.teach.pictures_card import PicturesCard
from workbench.gui.pages.tools.teach.task_card import TaskCard
from workbench.gui.workspace import Workspace
from workbench.project.ways import Learner, read_learner


class TeachPanel(ToolPanel):
    """A run, and what can be added to it; what is made is always a new run beside it."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._wanted = ""
        self._loader = Loader(self)
        self.head = RunHead(
            workspace,
            self.tr(
                "Show a run pictures that came later, new classes, or one more task. What is made is a new run; the "
                "old one stays as it is, so that nothing needs to be undone."
            ),
            self.tr("The run that learns"),
            self,
        )
        self.pictures = PicturesCard(workspace, self)
        self.task = TaskCard(workspace, self)
        self.forgetting = ForgettingCard(workspace, self)
        self.stack(self.head, self.pictures, self.task, self.forgetting)
        self._connect()
        self._on_runs()

    def shown(self) -> None:
        """The panel comes to the front."""
        self.head.list.refresh()

    def drop_words(self, dropped: Dropped) -> str:
        """Pictures, folders and tables are to be learned."""
        return self.tr("Add these to the model") if dropped.sources or dropped.pictures else ""

    def drop_paths(self, paths: list[Path]) -> bool:
        """Pictures and folders are to be learned; a table is a new task's."""
        return self.pictures.add_paths(paths) or self.task.add_paths(paths)

    def _connect(self) -> None:
        self.head.list.changed.connect(self._on_runs)
        self.head.runs.currentIndexChanged.connect(self._on_run)
        self._loader.loaded.connect(self._on_learner)
        self._loader.failed.connect(self.head.problem.show_problem)
        self._workspace.opened.connect(self._on_opened)
        self._workspace.project_changed.connect(self._on_run)
        for card in (self.pictures, self.task):
            card.page_requested.connect(self.page_requested)
            card.made.connect(self._on_made)

    @Slot()
    def _on_opened(self) -> None:
        self._wanted = ""
        self.head.problem.hide()
        self.pictures.forget()
        self.task.forget()

    @Slot(str)
    def _on_made(self, run: str) -> None:
        self._wanted = run

    @Slot()
    def _on_runs(self) -> None:
        """The runs that have a model; the one that was made last, or stood here, stays."""
        names = [run.run for run in self.head.list.answering]
        made = self._wanted in names
        self.head.runs.set_choices(names, self._wanted if made else None)
        if made:
            self._wanted = ""
        self._on_run()

    @Slot()
    def _on_run(self) -> None:
        runs, folder = self.head.runs, self._workspace.folder
        info = self.head.list.run(runs.currentText())
        runs.setEnabled(runs.count() > 0)
        if info is None or folder is None:
            self._loader.drop()
            self._on_learner(None)
        else:
            self._loader.load(read_learner, info.folder, folder)

    @Slot(object)
    def _on_learner(self, learner: Learner | None) -> None:
        run = self.head.runs.currentText() if learner is not None else ""
        self.pictures.set_learner(run, learner)
        self.task.set_run(run, [task.name for task in learner.resolved.tasks] if learner is not None else [])
        self.forgetting.set_run(run)
