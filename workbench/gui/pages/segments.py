"""A few choices side by side, of which one is taken; arrow keys move between them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.widgets.button import Button

_GAP = 4  # px


class Segments(QWidget):
    """Choose one of a few.

    Args:
        wraps: they go on in a new line where there is no room, instead of making their page wider.

    Signals:
        chosen(str): the key of a choice that the user took; also when it was taken already.
    """

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None, *, wraps: bool = False) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_clicked)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(_GAP)
        self._lines = FlowRow(self, gap=_GAP) if wraps else None
        if self._lines is not None:
            self._row.addWidget(self._lines)

    def add(self, key: str, text: str, tip: str = "") -> Button:
        """Add a choice."""
        button = Button(text, parent=self)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(f"{self.accessibleName()}: {text}")
        button.setAccessibleDescription(tip)
        self._group.addButton(button)
        if self._lines is not None:
            self._lines.flow.addWidget(button)
        else:
            self._row.addWidget(button, 1)
        self._buttons[key] = button
        return button

    def button(self, key: str) -> Button:
        """The button of a choice."""
        return self._buttons[key]

    def current(self) -> str:
        """The key of the choice that is taken; empty for none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Take a choice, or none for an unknown key; says nothing."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def set_available(self, key: str, available: bool, tip: str = "") -> None:
        """Whether a choice can be taken, and why not."""
        self._buttons[key].setEnabled(available)
        self._buttons[key].setToolTip(tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        keys = [key for key, button in self._buttons.items() if button.isEnabled()]
        if self.current() in keys:
            wanted = keys[(keys.index(self.current()) + step) % len(keys)]
            self._buttons[wanted].setFocus()
            self._buttons[wanted].click()

    @Slot(QAbstractButton)
    def _on_clicked(self, button: QAbstractButton) -> None:
        self.chosen.emit(next(key for key, other in self._buttons.items() if other is button))
