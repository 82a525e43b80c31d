"""The weights on this computer: what is here, what is on its way, and what can be removed."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.workspace import Workspace


class DownloadsPanel(QWidget):
    """Lists the weights on this computer and fetches others.

    Signals:
        changed(): weights have come or gone.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)

    @Slot(str, str)
    def download(self, name: str, weights: str) -> None:
        """Fetch a backbone's weights, behind what is on its way already."""
