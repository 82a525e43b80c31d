"""How a run went: its curves, and under them what more pictures would do, and a step for one task to the others.

Importing this module loads pyqtgraph; the page does so when curves are first wanted.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.pages.derived_words import without_curves
from workbench.gui.pages.results.ahead import AheadCard
from workbench.gui.pages.results.learning.card import LearningCard
from workbench.gui.pages.scrolled import Column
from workbench.gui.pages.train.curves import task_names
from workbench.gui.pages.train.plots import PlotsPanel
from workbench.gui.theme import GRID
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace
from workbench.project.history import RunHistory
from workbench.project.runs import RunInfo


class RunCurves(Column):
    """The curves of a run on disk."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.none = NoticeBar("info")
        self.none.hide()
        self.plots = PlotsPanel(self)
        self.learning = LearningCard(workspace, self)
        self.ahead = AheadCard(workspace, self)
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.none)
        layout.addWidget(self.plots, 1)
        layout.addWidget(self.learning)
        layout.addWidget(self.ahead)
        layout.addStretch(0)

    def show_run(self, run: RunInfo, history: RunHistory, places: Mapping[str, int]) -> None:
        """Show a run with what it has said; `places`: of the tasks in the order of colours."""
        why = without_curves(run)
        self.none.set_notice("info", why)
        self.none.setVisible(bool(why))
        self.plots.setVisible(not why)
        self._column.setStretch(self._column.count() - 1, 1 if why else 0)  # the cards stand at the top
        self.plots.set_history(history, places)
        self.learning.show_places(run.run, run.folder, places)
        self.ahead.show_tasks(run.run, run.folder, len(task_names(history)))

    def leave(self) -> None:
        """Give up what is asked of the run: another one is chosen."""
        self.learning.leave()
        self.ahead.leave()
