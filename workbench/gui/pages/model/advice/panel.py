"""Advice on which backbone to take."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.model.weight_words import Here
from workbench.gui.workspace import Workspace


class AdvicePanel(QWidget):
    """Asks for advice and shows it.

    Signals:
        use_requested(str, str): take that backbone with these weights.
        download_requested(str, str): these weights of that backbone are wanted here.
    """

    use_requested = Signal(str, str)
    download_requested = Signal(str, str)

    def __init__(self, workspace: Workspace, here: Here, parent: QWidget | None = None) -> None:
        super().__init__(parent)
