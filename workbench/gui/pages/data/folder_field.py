"""A folder: its path to write or paste, and a button that lets one look for it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button


class FolderField(QWidget):
    """Signals:
    changed(): another path stands in it.
    """

    changed = Signal()

    def __init__(self, name: str, browse: str, parent: QWidget | None = None) -> None:
        """`name` is what the folder holds, `browse` what the button says to screen readers."""
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setAccessibleName(name)
        self.line.textChanged.connect(self._say)
        self.button = Button(self.tr("Browse…"), "folder", clicked=self.ask, parent=self)
        self.button.setAccessibleName(browse)
        self._title = browse
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.setFocusProxy(self.line)

    def path(self) -> Path | None:
        """The folder that is named; None where nothing is."""
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def set_path(self, path: Path | None) -> None:
        """Name a folder."""
        self.line.setText("" if path is None else str(path))

    def ask(self) -> None:
        """Let the user choose a folder."""
        start = self.path()
        chosen = QFileDialog.getExistingDirectory(self, self._title, str(start.parent) if start else "")
        if chosen:
            self.set_path(Path(chosen))

    def _say(self) -> None:
        self.line.setToolTip(self.line.text())
        self.changed.emit()
