"""A surface with a border that holds what belongs together."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label


class Card(QFrame):
    """A card: an optional title row with room for actions at its end, and a body.

    Args:
        wrap_title: break a title for which there is no room into lines, as a sentence of ours wants; a name, which can
            be of any length, is cut.

    Attributes:
        body: the layout to put content into.
    """

    def __init__(
        self, title: str = "", caption: str = "", parent: QWidget | None = None, *, wrap_title: bool = False
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GROUP_GAP, GROUP_GAP - 4, GROUP_GAP, GROUP_GAP)
        outer.setSpacing(GRID)
        self._title = (
            Label("", "title", bold=True, wrap=True) if wrap_title else ElidedLabel("", "title", bold=True)
        )
        self._caption = Label("", "caption", "secondary", wrap=True)
        self._header = QHBoxLayout()
        self._header.setSpacing(GRID)
        self._header.addWidget(self._title, 1)
        self.body: QVBoxLayout = QVBoxLayout()
        self.body.setSpacing(GRID)
        outer.addLayout(self._header)
        outer.addWidget(self._caption)
        outer.addLayout(self.body, 1)
        self.set_title(title)
        self.set_caption(caption)

    def set_title(self, text: str) -> None:
        """Change the title; an empty one takes no room."""
        self._title.setText(text)
        self._title.setVisible(bool(text))
        if text:
            self.setAccessibleName(text)

    def set_caption(self, text: str) -> None:
        """Change the line under the title; an empty one takes no room."""
        self._caption.setText(text)
        self._caption.setVisible(bool(text))

    def add_action(self, widget: QWidget) -> None:
        """Put a button or the like at the end of the title row."""
        self._header.addWidget(widget)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Put a widget or a layout under what is there."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)
