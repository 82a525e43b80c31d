"""A name that turns into a field when it is double-clicked or F2 is pressed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedLayout, QWidget

from workbench.gui.theme import font
from workbench.gui.widgets.elided_label import ElidedLabel


class NameField(QWidget):
    """Enter renames, Escape and leaving an unchanged field do not.

    Signals:
        renamed(str): the user wrote another name.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = ElidedLabel("", "title", bold=True)
        self.field = _Field()
        self.field.setFont(font("title", bold=True))
        self.field.setMaxLength(100)
        self.field.setAccessibleName(self.tr("New name of the task"))
        self.field.given_up.connect(self._show_label)
        self.field.editingFinished.connect(self._finish)
        shelf = QWidget(self)
        self._stack = QStackedLayout(shelf)
        self._stack.addWidget(self.label)
        self._stack.addWidget(self.field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(shelf)
        self.setToolTip(self.tr("Double-click or press F2 to rename"))

    def set_name(self, name: str) -> None:
        """Show a name."""
        self.label.setText(name)

    def name(self) -> str:
        """The name that is shown."""
        return self.label.text()

    def edit(self) -> None:
        """Let the user write."""
        self.field.setText(self.label.text())
        self._stack.setCurrentWidget(self.field)
        self.field.selectAll()
        self.field.setFocus()

    def editing(self) -> bool:
        """Whether the user writes now."""
        return self._stack.currentWidget() is self.field

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.edit()

    def _finish(self) -> None:
        if not self.editing():
            return
        name = self.field.text().strip()
        self._show_label()
        if name and name != self.label.text():
            self.renamed.emit(name)

    def _show_label(self) -> None:
        self.field.setText(self.label.text())  # hiding the field ends its editing, which must not rename
        self._stack.setCurrentWidget(self.label)


class _Field(QLineEdit):
    """Escape gives up."""

    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)
