"""The panel of the tool "Blend".

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.blend.blend_card import BlendCard
from workbench.gui.pages.tools.blend.soup_card import SoupCard
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.workspace import Workspace


class BlendPanel(ToolPanel):
    """A blend of one run, and an average of several."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RunList(workspace, self)
        self.empty = EmptyState(
            "train", self.tr("There is no model to blend yet."), button=self.tr("Train one"), clicked=self.ask_to_train
        )
        self.blend = BlendCard(workspace, self.list, self)
        self.soup = SoupCard(workspace, self.list, self)
        self.stack(self.empty, self.blend, self.soup)
        for card in (self.blend, self.soup):
            card.page_requested.connect(self.page_requested)
        self.list.changed.connect(self._on_runs)
        workspace.opened.connect(self._on_opened)
        self._on_runs()

    def shown(self) -> None:
        """The panel comes to the front."""
        self.list.refresh()

    def drop_words(self, dropped: Dropped) -> str:
        """A folder that is dropped holds other pictures."""
        return self.tr("Score blends on these pictures, too") if dropped.folders and not self.blend.isHidden() else ""

    def drop_paths(self, paths: list[Path]) -> bool:
        """A folder that is dropped holds other pictures."""
        folder = next((path for path in paths if path.is_dir()), None)
        if folder is None or self.blend.isHidden():
            return False
        self.blend.choice.folder.set_path(folder)
        return True

    @Slot()
    def _on_opened(self) -> None:
        self.blend.choice.folder.set_path(None)
        for card in (self.blend, self.soup):
            card.leave()

    @Slot()
    def _on_runs(self) -> None:
        there = self.blend.choice.run is not None
        self.empty.setVisible(not there)
        self.blend.setVisible(there)
        self.soup.setVisible(there)
