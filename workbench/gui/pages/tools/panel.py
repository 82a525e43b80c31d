"""The base of every tool's panel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.theme import GROUP_GAP


class ToolPanel(QWidget):
    """Parts below each other, for the page to show. It takes nothing that is dropped, unless it says otherwise.

    Signals:
        page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)

    def shown(self) -> None:
        """The panel comes to the front."""

    def drop_words(self, _dropped: Dropped) -> str:
        """What would be done with what is dropped; empty where `drop_paths` has no use for it."""
        return ""

    def drop_paths(self, _paths: list[Path]) -> bool:
        """Take dropped paths; whether the panel has a use for them."""
        return False

    def stack(self, *parts: QWidget | QLayout) -> None:
        """Lay the parts out, once, the first at the top."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        for part in parts:
            if isinstance(part, QLayout):
                column.addLayout(part)
            else:
                column.addWidget(part)
        column.addStretch(1)

    @Slot()
    def ask_to_train(self) -> None:
        """Send the user to the page that trains."""
        self.page_requested.emit("train")
