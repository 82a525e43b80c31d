"""The panel of the tool "Does transfer help?".

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.errors import RequestError
from workbench.core.events import Event, RunFailed, Trial
from workbench.core.transfer_ways import base, epochs_of, planned
from workbench.core.verdict import recipe_key
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.pages.tools.transfer_report import words
from workbench.gui.pages.tools.transfer_report.result import TransferResult
from workbench.gui.pages.tools.transfer_report.setup import TransferSetup
from workbench.gui.pages.train.plan import like_run
from workbench.gui.pages.trial_progress import TrialProgress
from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.trials import TRANSFERS, TrialsInfo, list_trials


class TransferPanel(ToolPanel):
    """Asks for transfer reports and shows them."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._reports: list[TrialsInfo] = []
        self._loader = Loader(self)
        self._runs = RunList(workspace, self)
        self.setup = TransferSetup(self)
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.progress = TrialProgress(
            _title, self.tr("How much of the transfer report is done"), self.tr("Stop the transfer report"), self
        )
        self.chooser = ComboBox(self)
        self.chooser.setAccessibleName(self.tr("Transfer reports, newest first"))
        self.result = TransferResult(self)
        self._lay_out()
        self._connect()
        self._show()
        self.refresh()

    def shown(self) -> None:
        """The panel comes to the front."""
        self.refresh()

    @property
    def finished(self) -> list[TrialsInfo]:
        """The reports that came to their end, newest first."""
        return [info for info in reversed(self._reports) if info.document is not None]

    @Slot()
    def refresh(self) -> None:
        """Look again at what is on disk."""
        if self._workspace.folder is None:
            self._loader.drop()
            self._take([])
        else:
            self._loader.load(list_trials, TRANSFERS, self._workspace.folder)

    @Slot(object)
    def _take(self, reports: list[TrialsInfo]) -> None:
        newest = len(reports) > len(self._reports)
        self._reports = reports
        self.chooser.set_choices([(words.name(info), info.number) for info in self.finished], 0 if newest else None)
        self._show()

    @Slot()
    def _on_opened(self) -> None:
        self.problem.hide()
        self._reports = []
        self.refresh()

    @Slot()
    def _on_start(self) -> None:
        self.problem.hide()
        self._workspace.transfer(self.setup.seeds.value(), self.setup.fractions)

    @Slot(list)
    def _on_advanced(self, events: list[Event]) -> None:
        if self._workspace.job != "transfer":
            return
        for event in events:
            if isinstance(event, RunFailed):
                self.problem.set_notice("bad", f"{event.error} {event.advice}".strip())
                self.problem.show()
        self._show_progress()

    @Slot()
    def _show(self) -> None:
        """Bring everything up to date."""
        under_way = self._show_progress()
        self.setup.setVisible(not under_way)
        self._show_plan()
        self.chooser.setVisible(self.chooser.count() > 1)
        info = next((info for info in self.finished if info.number == self.chooser.currentData()), None)
        self.result.setVisible(info is not None)
        if info is not None and info.document is not None:
            self.result.set_document(info.document)

    def _show_progress(self) -> bool:
        return self.progress.follow(self._workspace, "transfer")

    @Slot()
    def _show_plan(self) -> None:
        project = self._workspace.project
        if project is None or not project.tasks:
            self.setup.set_plan(self.tr("Add pictures first."), ready=False, going_on=False)
            return
        try:
            shared = base(project)
            begun = self._begun(recipe_key(shared))
        except RequestError as error:
            self.setup.set_plan(f"{error.text} {error.fix}", ready=False, going_on=False)
            return
        if self._workspace.run_state != "idle":
            text = self.tr("A run is training. A report can begin when it has ended.")
            self.setup.set_plan(text, ready=False, going_on=False)
            return
        runs = planned(shared, range(self.setup.seeds.value()), self._pictures(), self.setup.shares)
        whole = sum(run.share == 1.0 for run in runs)
        epochs = epochs_of(shared)
        each = self.tr("1 epoch") if epochs == 1 else self.tr("{0} epochs").format(epochs)
        text = self.tr("{0} runs on all pictures and {1} on fewer, each of {2}.")
        if whole == len(runs):
            text = self.tr("{0} runs on all pictures, each of {2}.")
        parts = [text.format(whole, len(runs) - whole, each)]
        like = like_run(shared, self._runs.runs)
        if like is not None:
            parts.append(words.about(shared, runs, like))
        if begun is not None:
            parts.append(self.tr("{0} of {1} are done already.").format(begun.done, begun.total))
        self.setup.set_plan(" ".join(parts), ready=True, going_on=begun is not None)

    def _pictures(self) -> int:
        """For training, as far as that is known: of the task that has most."""
        tasks = (self._workspace.report or {}).get("tasks", {})
        return max((task["parts"]["train"] for task in tasks.values()), default=0)

    def _begun(self, recipe: str) -> TrialsInfo | None:
        """The latest report, where it was stopped and is of this recipe."""
        latest = self._reports[-1] if self._reports else None
        if latest is None or latest.document is not None or latest.plan.get("recipe") != recipe:
            return None
        return latest if latest.done else None

    @Slot()
    def _on_advice(self) -> None:
        self.page_requested.emit("model")

    def _connect(self) -> None:
        workspace = self._workspace
        self._loader.loaded.connect(self._take)
        self.setup.changed.connect(self._show_plan)
        self.setup.start_requested.connect(self._on_start)
        self.progress.stop_requested.connect(workspace.stop)
        self.chooser.activated.connect(self._show)
        self.result.advice_requested.connect(self._on_advice)
        self._runs.changed.connect(self._show_plan)
        workspace.opened.connect(self._on_opened)
        workspace.project_changed.connect(self._show_plan)
        workspace.report_changed.connect(self._show_plan)
        workspace.runs_changed.connect(self.refresh)
        workspace.run_state_changed.connect(self._show)
        workspace.run_advanced.connect(self._on_advanced)

    def _lay_out(self) -> None:
        self.problem.hide()
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.chooser)
        line.addStretch(1)
        self.stack(self.problem, self.setup, self.progress, line, self.result)


def _title(trial: Trial) -> str:
    return QCoreApplication.translate("TransferReport", "Training: {0}").format(trial.what)
