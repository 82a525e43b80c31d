"""The panel of the tool "Does transfer help?".

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.errors import RequestError
from workbench.core.events import Trial
from workbench.core.transfer_ways import base, epochs_of, planned
from workbench.core.verdict import recipe_key
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.pages.tools.transfer_report import words
from workbench.gui.pages.tools.transfer_report.result import TransferResult
from workbench.gui.pages.tools.transfer_report.setup import TransferSetup
from workbench.gui.pages.train.plan import like_run
from workbench.gui.pages.trial_list import TrialList
from workbench.gui.pages.trial_progress import TrialProgress
from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.trials import TRANSFERS, TrialsInfo


class TransferPanel(ToolPanel):
    """Asks for transfer reports and shows them."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._reports = TrialList(workspace, TRANSFERS, self)
        self._runs = RunList(workspace, self)
        self.setup = TransferSetup(self)
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.progress = TrialProgress(
            workspace,
            "transfer",
            _title,
            bar=self.tr("How much of the transfer report is done"),
            stop=self.tr("Stop the transfer report"),
            parent=self,
        )
        self.chooser = ComboBox(self)
        self.chooser.setAccessibleName(self.tr("Transfer reports, newest first"))
        self.result = TransferResult(self)
        self._lay_out()
        self._connect()
        self._show()
        self._reports.refresh()

    def shown(self) -> None:
        """The panel comes to the front."""
        self._reports.refresh()

    @property
    def finished(self) -> list[TrialsInfo]:
        """The reports that came to their end, newest first."""
        return self._reports.finished

    @Slot()
    def _on_reports(self) -> None:
        """One that has come to its end is shown at once; else the chosen one stays."""
        fresh = len(self.finished) > self.chooser.count()
        self.chooser.set_choices([(words.name(info), info.number) for info in self.finished], 0 if fresh else None)
        self._show()

    @Slot()
    def _on_opened(self) -> None:
        self.problem.hide()
        self.chooser.clear()

    @Slot()
    def _on_start(self) -> None:
        self.problem.hide()
        self._workspace.transfer(self.setup.seeds.value(), self.setup.fractions)

    @Slot()
    def _show(self) -> None:
        """Bring everything up to date."""
        self.setup.setVisible(not self.progress.under_way)
        self._show_plan()
        self.chooser.setVisible(self.chooser.count() > 1)
        info = next((info for info in self.finished if info.number == self.chooser.currentData()), None)
        self.result.setVisible(info is not None)
        if info is not None and info.document is not None:
            self.result.set_document(info.document)

    @Slot()
    def _show_plan(self) -> None:
        project = self._workspace.project
        if project is None or not project.tasks:
            self.setup.set_plan(self.tr("Add pictures first."), ready=False, going_on=False)
            return
        try:
            shared = base(project)
            begun = self._reports.begun(recipe_key(shared))
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

    @Slot()
    def _on_advice(self) -> None:
        self.page_requested.emit("model")

    def _connect(self) -> None:
        workspace = self._workspace
        self._reports.changed.connect(self._on_reports)
        self._reports.failed.connect(self.problem.show_problem)
        self.setup.changed.connect(self._show_plan)
        self.setup.start_requested.connect(self._on_start)
        self.progress.failed.connect(self.problem.show_problem)
        self.chooser.activated.connect(self._show)
        self.result.advice_requested.connect(self._on_advice)
        self._runs.changed.connect(self._show_plan)
        workspace.opened.connect(self._on_opened)
        workspace.project_changed.connect(self._show_plan)
        workspace.report_changed.connect(self._show_plan)
        workspace.run_state_changed.connect(self._show)

    def _lay_out(self) -> None:
        self.problem.hide()
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.chooser)
        line.addStretch(1)
        self.stack(self.problem, self.setup, self.progress, line, self.result)


def _title(trial: Trial) -> str:
    return QCoreApplication.translate("TransferReport", "Training: {0}").format(trial.what)
