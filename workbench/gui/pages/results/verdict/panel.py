"""Together or apart: the verdicts of the project, one of them in full, and the way to the next."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.verdict import fair, recipe_key
from workbench.gui.pages.results.verdict import words
from workbench.gui.pages.results.verdict.plan import runs_words, time_words
from workbench.gui.pages.results.verdict.result import VerdictResult
from workbench.gui.pages.results.verdict.setup import VerdictProgress, VerdictSetup
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.pages.trial_list import TrialList
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.trials import VERDICTS, TrialsInfo


class VerdictPanel(QWidget):
    """Asks for verdicts and shows them.

    Signals:
        read(): the verdicts on disk were read anew.
    """

    read = Signal()

    def __init__(self, workspace: Workspace, runs: RunList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._runs = runs
        self._verdicts = TrialList(workspace, VERDICTS, self)
        self._wanted = 0
        self._asking = False
        self.title = ElidedLabel(self.tr("Together or apart?"), "page", bold=True)
        self.chooser = ComboBox(self)
        self.chooser.setAccessibleName(self.tr("Verdicts, newest first"))
        self.again = Button(self.tr("New verdict…"), "plus", clicked=self.ask, parent=self)
        self.again.setAccessibleName(self.tr("Ask for another verdict"))
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.setup = VerdictSetup(self)
        self.progress = VerdictProgress(workspace, self)
        self.result = VerdictResult(self)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        self._connect()
        self._verdicts.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The choices stand beside the title where both have room, else below it."""
        needed = self.title.sizeHint().width() + 3 * GRID
        needed += sum(each.sizeHint().width() for each in (self.chooser, self.again) if not each.isHidden())
        beside = needed <= self.width()
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    @property
    def finished(self) -> list[TrialsInfo]:
        """The verdicts that came to their end, newest first."""
        return self._verdicts.finished

    def show_verdict(self, number: int) -> None:
        """Show one of the verdicts, now or as soon as it is read."""
        self._wanted, self._asking = number, False
        self._show()

    @Slot()
    def _on_opened(self) -> None:
        self._wanted, self._asking = 0, False
        self.problem.hide()

    @Slot()
    def ask(self) -> None:
        """Offer another verdict."""
        self._asking = True
        self._show()
        self.setup.start.setFocus()

    @Slot()
    def _on_start(self) -> None:
        self.problem.hide()
        if self._workspace.verdict(self.setup.tasks(), self.setup.seeds.value()):
            self._asking, self._wanted = False, 0

    @Slot(int)
    def _on_chosen(self, _row: int) -> None:
        self._wanted = self.chooser.currentData() or 0
        self._show()

    @Slot()
    def _show(self) -> None:
        """Bring everything up to date."""
        under_way, found = self.progress.under_way, self.finished
        self.chooser.set_choices([(words.name(info), info.number) for info in found], self._wanted)
        self.chooser.setVisible(bool(found))
        info = next((info for info in found if info.number == self._wanted), found[0] if found else None)
        asking = self._asking or info is None
        self.setup.setVisible(asking and not under_way)
        self.again.setVisible(not asking and not under_way)
        self.result.setVisible(info is not None)
        if info is not None and info.document is not None:
            self.result.set_document(info.document)
        self._show_plan()
        self._fit()

    @Slot()
    def _show_plan(self) -> None:
        project = self._workspace.project
        if project is None:
            return
        self.setup.set_tasks([task.name for task in project.tasks])
        tasks, seeds = self.setup.tasks(), self.setup.seeds.value()
        if len(project.tasks) < 2:
            self.setup.set_plan(self.tr("This project has one task; there is nothing to compare yet."), False, False)
        elif len(tasks) < 2:
            self.setup.set_plan(self.tr("Choose two tasks or more."), False, False)
        elif self._workspace.run_state != "idle":
            self.setup.set_plan(self.tr("A run is training. A verdict can begin when it has ended."), False, False)
        else:
            begun = self._verdicts.begun(recipe_key(fair(project, tasks, project.effective().recipe.seed)))
            parts = [runs_words(len(tasks), seeds)]
            if begun is not None:
                parts.append(self.tr("{0} of them are done already.").format(begun.done))
            parts.append(time_words(project, tasks, seeds, self._runs.runs, self._workspace.report))
            self.setup.set_plan(" ".join(part for part in parts if part), True, begun is not None)

    def _connect(self) -> None:
        workspace = self._workspace
        self._verdicts.changed.connect(self._show)
        self._verdicts.changed.connect(self.read)
        self._verdicts.failed.connect(self.problem.show_problem)
        self.chooser.activated.connect(self._on_chosen)
        self.setup.changed.connect(self._show_plan)
        self.setup.start_requested.connect(self._on_start)
        self.progress.failed.connect(self.problem.show_problem)
        workspace.opened.connect(self._on_opened)
        workspace.project_changed.connect(self._show_plan)
        workspace.report_changed.connect(self._show_plan)
        workspace.run_state_changed.connect(self._show)
        self._runs.changed.connect(self._show_plan)

    def _lay_out(self) -> None:
        self.problem.hide()
        choices = QHBoxLayout()
        choices.setSpacing(GRID)
        choices.addWidget(self.chooser, 1)
        choices.addWidget(self.again)
        self._head.setSpacing(GRID)
        self._head.addWidget(self.title, 1)
        self._head.addLayout(choices)
        inside = Column(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        for widget in (self.problem, self.progress, self.setup, self.result):
            column.addWidget(widget)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._head)
        layout.addWidget(Scrolled(inside, self), 1)
