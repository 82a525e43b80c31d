"""Widgets in lines that wrap, as high as their lines and no higher."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.flow_layout import FlowLayout


class FlowRow(QWidget):
    """Lines of widgets.

    A wrapping layout reckons its least height at its least width, one widget a line, and so makes whole pages
    too high. Here the height follows the width there is.
    """

    def __init__(self, parent: QWidget | None = None, gap: int = GRID) -> None:
        super().__init__(parent)
        self.flow = FlowLayout(self, gap)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def refit(self) -> None:
        """Take the height that the widgets need now; after some were added, shown or hidden."""
        self.setFixedHeight(max(0, self.flow.heightForWidth(self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refit()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.refit()
        return handled
