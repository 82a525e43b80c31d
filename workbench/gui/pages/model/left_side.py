"""The left side of the model page: the list of backbones, advice on them, and what is on this computer."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.pages.model.advice.panel import AdvicePanel
from workbench.gui.pages.model.backbones_panel import BackbonesPanel
from workbench.gui.pages.model.downloads.panel import DownloadsPanel
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.pages.segments import Segments
from workbench.gui.theme import GRID
from workbench.gui.workspace import Workspace


class LeftSide(QWidget):
    """Three views, of which one is shown.

    Signals:
        view_changed(str): which.
    """

    view_changed = Signal(str)

    def __init__(self, workspace: Workspace, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.segments = Segments(self.tr("Backbones"), self)
        self.segments.add("backbones", self.tr("Backbones"), self.tr("All backbones that can be taken"))
        self.segments.add("advice", self.tr("Advice"), self.tr("Which backbone suits your pictures"))
        self.segments.add("downloads", self.tr("On this computer"), self.tr("Weights that are here, and downloads"))
        self.backbones = BackbonesPanel(here, self)
        self.advice = AdvicePanel(workspace, here, self)
        self.downloads = DownloadsPanel(workspace, self)
        self._views = {"backbones": self.backbones, "advice": self.advice, "downloads": self.downloads}
        self._stack = QStackedWidget(self)
        for view in self._views.values():
            self._stack.addWidget(view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.segments)
        layout.addWidget(self._stack, 1)
        self.segments.chosen.connect(self.show_view)
        self.show_view("backbones")

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Show one of the views."""
        self.segments.set_current(key)
        self._stack.setCurrentWidget(self._views[key])
        self.view_changed.emit(key)
