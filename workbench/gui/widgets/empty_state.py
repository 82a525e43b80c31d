"""What a page or a card shows while it has nothing: what will appear, and how to get it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.gui.icons import pixmap
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label

_ICON = 40  # px


class EmptyState(QWidget):
    """An icon, a sentence, a second one in small, and a button, in the middle of the room there is."""

    def __init__(
        self,
        icon: str,
        text: str,
        hint: str = "",
        button: str = "",
        clicked: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = icon
        self._icon = QLabel()
        self._text = Label(text, "title", wrap=True)
        self._hint = Label(hint, "body", "secondary", wrap=True)
        self.button = Button(button, role="primary", clicked=clicked)
        if not button:  # made visible before it stands here, it would be a window for a moment
            self.button.hide()
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID)
        layout.addStretch(1)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._text, self._hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addSpacing(GRID)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.set_text(text, hint)
        self._refresh()
        theme().changed.connect(self._refresh)

    def set_text(self, text: str, hint: str = "") -> None:
        """Say something else."""
        self._text.setText(text)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)

    def add_way(self, text: str, clicked: Callable[[], object]) -> Button:
        """Add another button below, for what else can be done here."""
        button = Button(text, role="flat", clicked=clicked)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button

    def _refresh(self) -> None:
        self._icon.setPixmap(pixmap(self._name, "secondary", _ICON, self.devicePixelRatioF()))
