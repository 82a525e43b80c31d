"""The panel of the tool "Another domain"."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.tools.domain.adapt_card import AdaptCard
from workbench.gui.pages.tools.domain.distance_card import DistanceCard
from workbench.gui.pages.tools.domain.left_out_card import LeftOutCard
from workbench.gui.pages.tools.domain.where_card import WhereCard
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace


class DomainPanel(ToolPanel):
    """What to adapt to what, how far both lie apart, what adapting does, and one domain left out."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = ThumbnailLoader(parent=self)
        self.empty = EmptyState(
            "train", self.tr("There is no model to adapt yet."), button=self.tr("Train one"), clicked=self.ask_to_train
        )
        self.where = WhereCard(workspace, self)
        self.distance = DistanceCard(workspace, self._loader, self)
        self.adapt = AdaptCard(workspace, self)
        self.left_out = LeftOutCard(workspace, self)
        self.stack(self.empty, self.where, self.distance, self.adapt, self.left_out)
        self.where.changed.connect(self._on_changed)
        self.distance.found.connect(self.adapt.set_batch_norm)
        self.adapt.page_requested.connect(self.page_requested)
        self._on_changed()

    def shown(self) -> None:
        """The panel comes to the front."""
        self.where.list.refresh()

    def drop_words(self, dropped: Dropped) -> str:
        """A folder that is dropped holds the pictures of the other domain; without a model, several domains."""
        if not dropped.folders:
            return ""
        adapts = not self.where.isHidden()
        return self.tr("Take these as the other domain") if adapts else self.tr("Leave out the domains of this folder")

    def drop_paths(self, paths: list[Path]) -> bool:
        """Take a folder as `drop_words` says."""
        folder = next((path for path in paths if path.is_dir()), None)
        if folder is None:
            return False
        (self.left_out if self.where.isHidden() else self.where).folder.set_path(folder)
        return True

    @Slot()
    def _on_changed(self) -> None:
        run, target = self.where.run, self.where.target
        there = self.where.runs.count() > 0
        self.empty.setVisible(not there)
        for widget in (self.where, self.distance, self.adapt):
            widget.setVisible(there)
        name = run.run if run is not None else ""
        against = self.where.against
        self.distance.set_question(name, target, against)
        self.adapt.set_question(name, target, against, run.settings.get("tasks", []) if run is not None else [])
