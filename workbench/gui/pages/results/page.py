"""The Results page: the runs, one of them with its scores and pictures, and all of them side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from workbench.core.specs import PARTS
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.beside import Beside
from workbench.gui.pages.results.comparison.panel import ComparisonPanel
from workbench.gui.pages.results.details import RunDetails, read_answer, read_details
from workbench.gui.pages.results.doubts.panel import DoubtsPanel
from workbench.gui.pages.results.other_pictures import OtherPictures
from workbench.gui.pages.results.picture_desk import PictureDesk
from workbench.gui.pages.results.report_dialog import ReportDialog
from workbench.gui.pages.results.run_view import RunView
from workbench.gui.pages.results.runs_panel import RunsPanel
from workbench.gui.pages.results.scoring import OTHERS, Scoring
from workbench.gui.pages.results.verdict.notice import TransferNotice
from workbench.gui.pages.results.verdict.panel import VerdictPanel
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.task_places import task_places
from workbench.gui.theme import GRID, PAGE_EDGE
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace
from workbench.project.runs import RunInfo

_NAME = 26  # characters of a run's name in the list, with its state


class ResultsPage(QWidget):
    """What the model got right and wrong.

    Signals:
        page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)
    icon_name = "results"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Results")
        self._workspace = workspace
        self._run = ""
        self._part = ""
        self._details: RunDetails | None = None
        self._read_at = 0.0  # when the run that is shown had last said something as it was read
        self._scoring = Scoring(workspace, self)
        self._stale = True
        self.loader = ThumbnailLoader(self)
        self.list = RunList(workspace, self)
        self.list.changed.connect(self._on_runs)
        self.panel = RunsPanel(self)
        self.view = RunView(self.loader, self)
        self.comparison = ComparisonPanel(workspace, self.loader, self)
        self.verdict = VerdictPanel(workspace, self.list, self)
        self.doubts = DoubtsPanel(workspace, self.loader, self)
        self.transfer = TransferNotice(self.view.transfer, self)
        self.pictures = PictureDesk(workspace, self.loader, self.view, self)
        self.report = ReportDialog(workspace, self)
        self.empty = EmptyState("results", "", button=self.tr("Train a model"), clicked=self._on_go)
        self.empty.add_way(self.tr("Look for doubtful labels"), self.show_doubts)
        self._reading = Loader(self)
        self._reading.loaded.connect(self._on_details)
        self._reading.failed.connect(self.view.show_problem)
        self.beside = Beside(workspace, self.loader, self.view, self.pictures, self)
        self.beside.failed.connect(self.view.show_problem)
        self._lay_out()
        self._connect()
        self._show_state()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_body"):
            self._fit()

    def _fit(self) -> None:
        """The list of runs is wide enough for a run's name."""
        self.panel.setMinimumWidth(_NAME * self.fontMetrics().averageCharWidth())

    # What the main window calls -----------------------------------------------------------------------------------

    def shown(self) -> None:
        """The page has come to front."""
        if self._stale:
            self._show_run()

    def drop_paths(self, _paths: list[Path]) -> bool:
        """Dropped files belong to the Data page."""
        return False

    def show_run(self, name: str) -> None:
        """Choose a run."""
        self._choose(name, "")

    def show_verdict(self, number: int = 0) -> None:
        """Show the verdict on tasks trained together; with a number that one, else the latest."""
        self.verdict.show_verdict(number)
        self.panel.verdict.setChecked(True)

    @Slot()
    def show_doubts(self) -> None:
        """Show the labels that are probably wrong, which needs no run."""
        self.panel.doubts.setChecked(True)
        self._show_state()

    # Runs ---------------------------------------------------------------------------------------------------------

    @Slot()
    def _on_runs(self) -> None:
        runs = self.list.runs
        if self._run not in self.list.names:
            best = self.list.latest_answering() or (runs[0] if runs else None)
            self._choose(best.run if best else "", "")
        elif self._details is None or self._details.evaluation is None:
            self._show_run()
        elif self._has_gone_on():
            self._part = "" if self._part == OTHERS else self._part
            self._show_run()
        self._follow_new_run()
        self._look_for_warning()
        self.panel.set_runs(runs, self._run)
        self.comparison.set_runs(runs)
        self._show_state()

    def _has_gone_on(self) -> bool:
        """Whether the run was scored before it ended, or has trained on since: its results are other ones now."""
        run = self.list.run(self._run)
        return run is not None and run.status != "running" and run.touched != self._read_at

    def _follow_new_run(self) -> None:
        """Show a run of this session as soon as it has ended."""
        newest = self.list.latest_answering()
        live = self._workspace.run_name
        if newest and newest.run == live and self._run != live and self._workspace.history.ended is not None:
            self._choose(live, "")

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self._leave_modes()
        self._choose(name, self._part if self._part != OTHERS else "")

    def _choose(self, name: str, part: str) -> None:
        if (name, part) == (self._run, self._part) and self._details is not None:
            return
        if name != self._run or not self._scoring.kept:
            self._scoring.give_up()
        self.view.forget_problem()
        self.beside.choose(self.list.run(name))
        self._run, self._part, self._details = name, part, None
        self.pictures.run = name
        self.transfer.hide()
        self.panel.set_current(name)
        self._show_run()

    def _show_run(self) -> None:
        run = self.list.run(self._run)
        if run is None:
            return
        self._stale = not self.isVisible()
        if self._stale:
            return
        if self._in_sight():
            self._reading.drop()
            self.view.show_working(self._part)
        else:
            self._read(run)

    def _read(self, run: RunInfo) -> None:
        self._read_at = run.touched
        self._reading.load(read_details, run.folder, self._part)
        self.beside.show_run(run)

    def _in_sight(self) -> bool:
        """Whether the part that is shown is the one whose scores are still to come."""
        return self._scoring.open and self._scoring.part == self._part

    @Slot(object)
    def _on_details(self, details: RunDetails) -> None:
        if details.run != self._run or self._workspace.folder is None:
            return
        if self._part and self._part not in details.stored and not details.evaluation:
            self._part = details.part
        self._details = details
        tasks = list(details.evaluation.tasks) if details.evaluation else []
        self.view.show_details(details, self._workspace.folder, task_places(self._workspace.project, tasks))
        self._look_for_warning()

    @Slot(str)
    def _on_part(self, part: str) -> None:
        self._choose(self._run, part)

    def _show_state(self) -> None:
        if self.list.runs or self._verdict_in_sight() or self.panel.doubts.isChecked():
            self._stack.setCurrentWidget(self._body)
            if not self.list.runs and not self.panel.doubts.isChecked():
                self.panel.verdict.setChecked(True)
            return
        training = self._workspace.run_state != "idle"
        text = self.tr("The first run is training.") if training else self.tr("There are no results yet.")
        hint = self.tr("What the model gets right and wrong appears here when a run has ended.")
        self.empty.set_text(text, hint)
        self.empty.button.setText(self.tr("Watch it") if training else self.tr("Train a model"))
        self._stack.setCurrentWidget(self.empty)

    @Slot()
    def _on_go(self) -> None:
        self.page_requested.emit("train")

    # Scoring ------------------------------------------------------------------------------------------------------

    @Slot(str)
    def _on_score(self, part: str) -> None:
        self._scoring.score(self._run, part)

    @Slot()
    def _on_other(self) -> None:
        run = self.list.run(self._run)
        asked = run.settings.get("tasks", []) if run else []
        tasks = {str(task["name"]): str(task.get("kind", "single-label")) for task in asked}
        dialog = OtherPictures(tasks, self)
        if dialog.exec() == OtherPictures.DialogCode.Accepted:
            self.score_others(dialog.words())
        dialog.deleteLater()

    def score_others(self, words: list[str]) -> None:
        """Score the run on other pictures, as `evaluate` takes them: --data NAME=SOURCE."""
        self._scoring.score_others(self._run, words)

    @Slot(str)
    def _on_begun(self, part: str) -> None:
        self._part = part
        self.view.show_working(part)

    @Slot(str)
    def _on_warned(self, text: str) -> None:
        if self._in_sight():
            self.view.add_warning(text)

    @Slot(object)
    def _on_answered(self, document: dict[str, Any]) -> None:
        run = self.list.run(self._run)
        if run is None or not self._in_sight():
            return
        if self._details is not None:
            self._reading.load(read_answer, self._details, document)
        else:  # another part was looked at meanwhile, and this one is stored
            self._reading.load(read_details, run.folder, self._part)

    @Slot()
    def _on_rescored(self) -> None:
        run = self.list.run(self._run)
        if run is not None:
            self._reading.load(read_details, run.folder, self._part)

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._back(problem)

    @Slot()
    def _on_cancel(self) -> None:
        self._scoring.give_up()
        self._back("")

    def _back(self, problem: str) -> None:
        """Show what was shown before an evaluation that came to nothing."""
        self._part = self._details.part if self._details else ""
        if problem:
            self.view.show_problem(problem)
        run = self.list.run(self._run)
        if run is not None:
            self._read(run)

    @Slot()
    def _on_report(self) -> None:
        part = self._details.part if self._details is not None else ""
        if part == OTHERS:
            self.report.show_others(self._run, self._scoring.others)
        else:
            self.report.show_run(self._run, part if part in PARTS else "validation")

    @Slot(list)
    def _on_calibrate_wanted(self, words: list[str]) -> None:
        """Calibrate the run, and score the part that is shown anew."""
        if self._details is not None:
            self._scoring.calibrate(self._run, self._details.part, words)

    # Modes -------------------------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_mode(self, wanted: bool) -> None:
        """At most one mode is chosen; without any the run is shown."""
        chosen = self.sender()
        for button in self._modes:
            if wanted and button is not chosen:
                button.setChecked(False)
        mode = next((widget for button, widget in self._modes.items() if button.isChecked()), self.view)
        left = self._right.currentWidget()
        self._right.setCurrentWidget(mode)
        if mode is self.doubts:
            self.doubts.shown()
        elif left is self.doubts:
            self._show_run()  # pictures may be doubted that were not
        self._show_state()

    def _leave_modes(self) -> None:
        for button in self._modes:
            button.setChecked(False)

    @Slot()
    def _on_train_again(self) -> None:
        self.page_requested.emit("train")

    def _verdict_in_sight(self) -> bool:
        """Whether there is a verdict to show although no run was kept."""
        under_way = self._workspace.job == "verdict" and self._workspace.run_state != "idle"
        return under_way or bool(self.verdict.finished)

    # Negative transfer --------------------------------------------------------------------------------------------

    @Slot()
    def _look_for_warning(self) -> None:
        run, folder = self.list.run(self._run), self._workspace.folder
        if run is not None and folder is not None and not self._stale:
            self.transfer.look(folder, run, self.list.runs)

    @Slot(int)
    def _on_see_verdict(self, number: int) -> None:
        self.show_verdict(number)
        if not number:
            self.verdict.ask()

    @Slot()
    def _on_see_report(self) -> None:
        self.page_requested.emit("tools/transfer_report")

    @Slot(str)
    def _on_compared_run(self, name: str) -> None:
        self._leave_modes()
        self._choose(name, "")

    def _connect(self) -> None:
        self.panel.chosen.connect(self._on_chosen)
        for button in self._modes:
            button.toggled.connect(self._on_mode)
        self.doubts.train_requested.connect(self._on_train_again)
        self.verdict.read.connect(self._look_for_warning)
        self.verdict.read.connect(self._show_state)
        self.comparison.run_chosen.connect(self._on_compared_run)
        self.comparison.queue_requested.connect(self._on_go)
        self.view.part_requested.connect(self._on_part)
        self.view.scoring_requested.connect(self._on_score)
        self.view.other_requested.connect(self._on_other)
        self.view.cancel_requested.connect(self._on_cancel)
        self.transfer.verdict_wanted.connect(self._on_see_verdict)
        self.transfer.report_wanted.connect(self._on_see_report)
        self.transfer.failed.connect(self.view.show_problem)
        self.view.report_wanted.connect(self._on_report)
        self.view.calibrate_wanted.connect(self._on_calibrate_wanted)
        self._scoring.begun.connect(self._on_begun)
        self._scoring.progressed.connect(self.view.working.advance)
        self._scoring.warned.connect(self._on_warned)
        self._scoring.answered.connect(self._on_answered)
        self._scoring.rescored.connect(self._on_rescored)
        self._scoring.failed.connect(self._on_failed)
        self._workspace.run_state_changed.connect(self._show_state)

    def _lay_out(self) -> None:
        self._right = QStackedWidget(self)
        self._right.addWidget(self.view)
        self._right.addWidget(self.comparison)
        self._right.addWidget(self.verdict)
        self._right.addWidget(self.doubts)
        self._modes: dict[Button, QWidget] = {
            self.panel.compare: self.comparison,
            self.panel.verdict: self.verdict,
            self.panel.doubts: self.doubts,
        }
        self._body = QSplitter(self)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(GRID * 2)
        self._body.addWidget(self.panel)
        self._body.addWidget(self._right)
        self._body.setStretchFactor(1, 1)
        self._body.setSizes([264, 900])
        self._fit()
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        outer.addWidget(self._stack)
