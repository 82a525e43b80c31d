"""Advice on which backbone to take: asked for, watched, shown, and kept with the project."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.core.events import Progress
from workbench.core.project import Project
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.model.advice import words
from workbench.gui.pages.model.advice.candidates import candidates, seconds
from workbench.gui.pages.model.advice.document import Advice, parse_advice, read_advice
from workbench.gui.pages.model.advice.result import AdviceResult
from workbench.gui.pages.model.advice.setup import AdviceSetup
from workbench.gui.pages.model.kept import changed_since, scored_tasks
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.pages.question import Question
from workbench.gui.pages.scrolled import Scrolled
from workbench.gui.pages.train.plan import training_pictures
from workbench.gui.pages.working import Working
from workbench.gui.theme import GRID
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace


class AdvicePanel(QWidget):
    """Asks for advice and shows it.

    Signals:
        use_requested(str, str): take that backbone with these weights.
        download_requested(str, str): these weights of that backbone are wanted here.
        data_requested(): the user should be sent to the data page.
    """

    use_requested = Signal(str, str)
    download_requested = Signal(str, str)
    data_requested = Signal()

    def __init__(self, workspace: Workspace, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._here = here
        self._asking = False
        self.found: Advice | None = None
        self._question = Question(workspace, self, parse_advice)
        self._stored = Loader(self)
        self.problem = NoticeBar("bad", closable=True, parent=self)
        self.working = Working(self.tr("How much is compared"), self.tr("Stop comparing"), self)
        self.empty = EmptyState("model", "", button=self.tr("Add pictures"), parent=self)
        self.setup = AdviceSetup(self)
        self.result = AdviceResult(self)
        self._stack = QStackedWidget(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.problem, self.working):
            layout.addWidget(widget)
            widget.hide()
        layout.addWidget(self._stack, 1)
        inside = QWidget()
        QVBoxLayout(inside).addWidget(self.result)
        inside.layout().setContentsMargins(0, 0, 0, 0)
        self._shown = Scrolled(inside, self)
        for view in (self.empty, self.setup, self._shown):
            self._stack.addWidget(view)
        self._connect()
        self._on_opened()

    @Slot()
    def refresh(self) -> None:
        """Show the project as it stands."""
        project = self._workspace.project
        if project is None or not self.isVisible():
            return  # what is out of sight is brought up to date when it comes to the front
        self._here.look_from(self._workspace.folder)
        scored = scored_tasks(project)
        view: QWidget = self.empty
        if scored:
            view = self.setup if self.found is None or self._asking else self._shown
        self._stack.setCurrentWidget(view)
        if not scored:
            self._show_empty(project)
        elif view is self.setup:
            self.setup.set_candidates(candidates(project, self._here))
            self._show_plan()
        elif self.found is not None:
            note = changed_since(self.found.basis, self.found.tasks, project, self._workspace.report)
            self.result.show_advice(self.found, project, self._here, note)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.refresh()

    def _show_empty(self, project: Project) -> None:
        if project.tasks:
            text = self.tr("Masks are not compared.")
            hint = self.tr("A probe looks at one vector for the whole picture; a mask needs an answer for every pixel.")
        else:
            text = self.tr("Add pictures first.")
            hint = self.tr("Then backbones can be compared on them, in a minute or two and without training.")
        self.empty.set_text(text, hint)
        self.empty.button.setVisible(not project.tasks)

    @Slot()
    def _show_plan(self) -> None:
        project, report = self._workspace.project, self._workspace.report
        if project is None:
            return
        chosen, most = self.setup.chosen(), int(self.setup.pictures.currentData())
        pictures = min(most, training_pictures(report) or most)
        time = seconds(chosen, pictures, project, self.found)
        plan = " ".join(text for text in (words.estimate(len(chosen), pictures, time), words.left_out(project)) if text)
        busy = self._workspace.run_state != "idle"
        if busy:
            plan = self.tr("A run is training. Backbones can be compared when it has ended.")
        self.setup.set_plan(plan, bool(chosen) and not busy and not self._question.open)

    @Slot()
    def _on_start(self) -> None:
        if self._workspace.folder is None:
            return
        self._stored.drop()
        self.problem.hide()
        spelled = ",".join(each.spelled for each in self.setup.chosen())
        most = str(self.setup.pictures.currentData())
        self._show_working(True)
        self._question.ask(["advise", str(self._workspace.folder), "--backbones", spelled, "--images", most])
        self._show_plan()

    @Slot()
    def _on_stop(self) -> None:
        self._question.give_up()

    @Slot()
    def _on_again(self) -> None:
        self._asking = True
        self.refresh()
        self.setup.start.setFocus()

    @Slot()
    def _on_back(self) -> None:
        self._asking = False
        self.refresh()

    @Slot(object)
    def _on_progressed(self, progress: Progress) -> None:
        names = [each.facts.name for each in self.setup.chosen()]
        self.working.advance(progress.model_copy(update={"what": words.in_titles(progress.what, names)}))

    @Slot(object)
    def _on_read(self, found: Advice | None) -> None:
        self.found, self._asking = found, False
        self.setup.set_way_back(found is not None)
        self.refresh()

    @Slot()
    def _on_ended(self) -> None:
        kept = self.working.cancel.hasFocus()
        self._show_working(False)
        self.refresh()
        if kept and self.result.isVisible():
            self.result.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_opened(self) -> None:
        self._question.give_up()
        self._stored.drop()
        self.problem.hide()
        self._on_read(None)
        if self._workspace.folder is not None:
            self._stored.load(read_advice, self._workspace.folder)

    @Slot()
    def _on_run_state(self) -> None:
        """A run that begins has the computer for itself."""
        if self._workspace.run_state != "idle":
            self._question.give_up()
        self.refresh()

    def _show_working(self, under_way: bool) -> None:
        """Show how far it is, or no longer; the keys stay with what is in sight."""
        kept = self.setup.start.hasFocus() or self.working.cancel.hasFocus()
        if under_way:
            self.working.begin()
        self.working.setVisible(under_way)
        self.setup.set_busy(under_way)
        if kept:
            (self.working.cancel if under_way else self.setup.start).setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        workspace = self._workspace
        self.empty.button.clicked.connect(self.data_requested)
        self.setup.changed.connect(self._show_plan)
        self.setup.start_requested.connect(self._on_start)
        self.setup.back_requested.connect(self._on_back)
        self.setup.download_requested.connect(self.download_requested)
        self.result.again.clicked.connect(self._on_again)
        self.result.table.use_requested.connect(self.use_requested)
        self.result.table.download_requested.connect(self.download_requested)
        self.working.cancel.clicked.connect(self._on_stop)
        self._question.progressed.connect(self._on_progressed)
        self._question.answered.connect(self._on_read)
        self._question.failed.connect(self.problem.show_problem)
        self._question.ended.connect(self._on_ended)
        self._stored.loaded.connect(self._on_read)
        self._stored.failed.connect(self.problem.show_problem)
        workspace.opened.connect(self._on_opened)
        workspace.run_state_changed.connect(self._on_run_state)
        for changed in (workspace.project_changed, workspace.report_changed):
            changed.connect(self.refresh)
