"""Runs side by side: all of them in a table, and those that are chosen compared on the same pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.errors import RequestError
from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.comparison.actions import ComparisonActions
from workbench.gui.pages.results.comparison.disagreements import Disagreements
from workbench.gui.pages.results.comparison.result import ComparisonResult
from workbench.gui.pages.results.comparison.table import RunsTable
from workbench.gui.pages.run_list import ANSWERING
from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.theme import GRID, grown
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace
from workbench.project.corrections import corrected_since
from workbench.project.history import RunHistory
from workbench.project.runs import RunInfo, runs_dir

if TYPE_CHECKING:
    from workbench.gui.pages.results.comparison.curves import ComparedCurves

_TABLE = 200  # px: no lower than a table would like to be, else what lies below it is squeezed


class ComparisonPanel(Column):
    """Chooses runs, asks how they compare, and shows it; repeats one of them.

    Signals:
        run_chosen(str): a run was opened.
        queue_requested(): the user wants to see what waits.
    """

    run_chosen = Signal(str)
    queue_requested = Signal()

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._histories = Loader(self)
        self.table = RunsTable(self)
        self.actions = ComparisonActions(self)
        self.other_labels = NoticeBar("caution", "", parent=self)
        self.queued = NoticeBar("info", "", closable=True, parent=self)
        self.queued.add_action(self.tr("See the queue"), self.queue_requested.emit)
        self._asking = Asking(workspace, self, bar=self.tr("How much is compared"), cancel=self.tr("Stop comparing"))
        self.problem, self.working = self._asking.problem, self._asking.working
        self.result = ComparisonResult(self)
        self.pictures = Disagreements(loader, self)
        self.curves: ComparedCurves | None = None
        self._lay_out()
        self._connect()
        self._forget()

    def set_runs(self, runs: Sequence[RunInfo]) -> None:
        """Show these, newest first."""
        self.table.set_runs(runs)
        self._show_actions()

    @Slot()
    def compare(self) -> None:
        """Compare the chosen runs."""
        runs = [run.run for run in self.table.chosen()]
        if self._workspace.folder is None or len(runs) < 2:
            return
        self._asking.ask(["compare", str(self._workspace.folder), *runs])
        self.working.cancel.setFocus()

    @Slot(object)
    def _on_answered(self, document: Mapping[str, Any]) -> None:
        folder = self._workspace.folder
        assert folder is not None
        self.result.set_document(document)
        self.result.show()
        self.pictures.set_document(document, folder)
        QTimer.singleShot(0, self._show_result)
        self._histories.load(_histories, [runs_dir(folder) / run for run in document["runs"]])

    @Slot()
    def _show_result(self) -> None:
        """Scroll to what was found, once it has its place."""
        self._scroll.verticalScrollBar().setValue(self.actions.y())

    @Slot(object)
    def _on_histories(self, histories: Mapping[str, RunHistory]) -> None:
        if self.curves is None:
            from workbench.gui.pages.results.comparison.curves import ComparedCurves

            self.curves = ComparedCurves(self)
            self._found.addWidget(self.curves)
        self.curves.show()
        self.curves.set_histories(histories)

    @Slot(int)
    def _on_seeds(self, number: int) -> None:
        self._repeat("seeds", number)

    @Slot(int)
    def _on_folds(self, number: int) -> None:
        self._repeat("folds", number)

    def _repeat(self, what: str, number: int) -> None:
        """Let runs like the chosen one wait, and begin the first as soon as nothing trains."""
        chosen = self.table.chosen()
        if len(chosen) == 1 and self._workspace.queue.repeat(chosen[0].run, what, number):
            words = self.tr("{0} runs like {1} wait in the queue. When they have ended, choose them here and compare.")
            self.queued.set_notice("info", words.format(number, chosen[0].run))
            self.queued.show()

    @Slot()
    def _on_repeats(self) -> None:
        self.table.choose(self.table.repeats())

    @Slot()
    def _show_actions(self) -> None:
        chosen = self.table.chosen()
        answering = all(run.status in ANSWERING for run in chosen)
        repeats = len(self.table.repeats()) if answering else 0
        self._warn(chosen)
        trained = not any(run.derived for run in chosen)
        self.actions.set_chosen(len(chosen) if answering else 0, repeats, asking=self._asking.open, trained=trained)

    def _warn(self, chosen: Sequence[RunInfo]) -> None:
        """Say beforehand where repeats of the chosen run would be no repeats."""
        folder, text = self._workspace.folder, ""
        if folder is not None and len(chosen) == 1:
            try:
                changed = corrected_since(folder, chosen[0])
            except RequestError as error:
                changed, text = False, str(error)
            if changed:
                words = self.tr(
                    "Labels were corrected after {0} began. Runs like it would learn from the labels as they are now, "
                    "and be shown apart from it."
                )
                text = words.format(chosen[0].run)
        self.other_labels.setVisible(bool(text))
        self.other_labels.set_notice("caution", text)

    @Slot()
    def _forget(self) -> None:
        """Show no comparison."""
        self._asking.give_up()
        self._histories.drop()
        for widget in (
            self.other_labels,
            self.queued,
            self.problem,
            self.working,
            self.result,
            self.pictures,
            self.curves,
        ):
            if widget is not None:
                widget.hide()
        self._show_actions()

    def _connect(self) -> None:
        self.table.run_chosen.connect(self.run_chosen)
        self.table.selected.connect(self._show_actions)
        self.actions.compare_requested.connect(self.compare)
        self.actions.repeats_requested.connect(self._on_repeats)
        self.actions.seeds_requested.connect(self._on_seeds)
        self.actions.folds_requested.connect(self._on_folds)
        self._asking.answered.connect(self._on_answered)
        self._asking.changed.connect(self._show_actions)
        self._histories.loaded.connect(self._on_histories)
        self._histories.failed.connect(self._asking.show_problem)
        self._workspace.opened.connect(self._forget)

    def _lay_out(self) -> None:
        inside = Column(self)
        self._found = QVBoxLayout(inside)
        self._found.setContentsMargins(0, 0, 0, 0)
        self._found.setSpacing(GRID)
        for widget in (self.table, self.actions, self.other_labels, self.queued, self.problem, self.working):
            self._found.addWidget(widget)
        for widget in (self.result, self.pictures):
            self._found.addWidget(widget)
        self.table.view.setMinimumHeight(grown(_TABLE))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._scroll = Scrolled(inside, self)
        layout.addWidget(self._scroll, 1)


def _histories(folders: Sequence[Path]) -> dict[str, RunHistory]:
    """The histories of runs by their names; run off the window's thread."""
    return {folder.name: RunHistory.read(folder) for folder in folders}
