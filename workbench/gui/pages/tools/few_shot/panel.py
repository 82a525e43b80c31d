"""The panel of the tool "Few pictures".

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.presets import PRESETS
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.few_shot.shots_card import ShotsCard
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.theme import GROUP_GAP
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace

_PRESET = "few-shot"


class FewShotPanel(ToolPanel):
    """What few pictures get one, and a run that makes do with them."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        assert _PRESET in PRESETS, "the preset that the button starts"
        self._workspace = workspace
        self.list = RunList(workspace, self)
        self.empty = EmptyState(
            "data", self.tr("There are no pictures yet."), button=self.tr("Add some"), clicked=self._on_data
        )
        self.shots = ShotsCard(workspace, self.list, self)
        self.train = Button(self.tr("Train with the few-shot preset"), "play", clicked=self._on_train, parent=self)
        self.train_card = Card(self.tr("Make a model of them"), parent=self, wrap_title=True)
        line = QHBoxLayout()
        line.setSpacing(GROUP_GAP)
        words = self.tr(
            "Works the heads out from all training pictures, on a frozen backbone: seconds. The recipe on the Train "
            "page stays as it is."
        )
        line.addWidget(Label(words, wrap=True), 1)
        line.addWidget(self.train)
        self.train_card.add(line)
        self.stack(self.empty, self.shots, self.train_card)
        workspace.run_state_changed.connect(self._show)
        workspace.project_changed.connect(self._show)
        workspace.opened.connect(self._show)
        self._show()

    def shown(self) -> None:
        """The panel comes to the front."""
        self.list.refresh()

    @Slot()
    def _show(self) -> None:
        project = self._workspace.project
        there = project is not None and bool(project.tasks)
        self.empty.setVisible(not there)
        self.shots.setVisible(there)
        self.train_card.setVisible(there)
        idle = self._workspace.run_state == "idle"
        self.train.setEnabled(there and idle)
        self.train.setToolTip("" if idle else self.tr("A run is training; this can begin when it has ended."))

    @Slot()
    def _on_train(self) -> None:
        if self._workspace.train_with(f"recipe.preset={_PRESET}"):
            self.page_requested.emit("train")

    @Slot()
    def _on_data(self) -> None:
        self.page_requested.emit("data")
