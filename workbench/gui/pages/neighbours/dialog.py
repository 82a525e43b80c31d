"""The window of a picture with its neighbours below: a click goes on to one of them."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from workbench.gui.pages.neighbours.panel import NeighboursPanel
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.picture_view import PictureView
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace


class NeighboursDialog(QDialog):
    """Shows a picture and the training pictures nearest to it; those have neighbours, too."""

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = self._task = ""
        self._trail: list[str] = []
        self.setWindowTitle(self.tr("Neighbours"))
        self.caption = ElidedLabel("", "title", bold=True)
        self.path = ElidedLabel("", "body", "secondary")
        self.back = Button(self.tr("Back"), "chevron-left", clicked=self.go_back)
        self.back.setAccessibleName(self.tr("Back to the picture before"))
        self.back.setAutoDefault(False)
        self.view = PictureView(loader, self)
        self.panel = NeighboursPanel(workspace, loader, self)
        self.panel.chosen.connect(self._on_chosen)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.caption, 1)
        head.addWidget(self.back)
        parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(GRID * 2)
        for part in (self.view, self.panel):
            parts.addWidget(part)
        parts.setSizes([300, 340])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(parts, 1)
        layout.addWidget(self.path)
        self.resize(880, 720)

    def ask(self, run: str, image: str, task: str = "") -> None:
        """Show a picture with its neighbours by a run's model, and come to front."""
        self._run, self._task = run, task
        self._trail = [image]
        self._ask()
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def go_back(self) -> None:
        """Show the picture before."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._ask()

    def done(self, result: int) -> None:
        """Closed: nothing more is wanted."""
        self.panel.clear()
        super().done(result)

    @Slot(str)
    def _on_chosen(self, path: str) -> None:
        self._task = self.panel.tasks.currentText() or self._task
        self._trail.append(path)
        self._ask()

    def _ask(self) -> None:
        image = self._trail[-1]
        self.caption.setText(os.path.basename(image))
        self.path.setText(image)
        self.view.set_path(image)
        self.back.setVisible(len(self._trail) > 1)
        self.panel.ask(self._run, image, self._task)
