"""The dialog for a new project: its name, and where it is kept."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from workbench.gui.demo_thread import unused_folder
from workbench.gui.preferences import Preferences
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label
from workbench.project.store import PROJECT_FILE


class NewProjectDialog(QDialog):
    """Asks with a sensible answer already in place; Enter accepts it.

    Args:
        suggestion: the name to begin with.
        reason: why it is asked, where the user did not ask for it.
    """

    def __init__(self, preferences: Preferences, suggestion: str, reason: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._parent_folder = preferences.projects_folder
        self.setWindowTitle(self.tr("New project"))
        self.name = QLineEdit(unused_folder(self._parent_folder, _fit(suggestion)).name, self)
        self.name.setAccessibleName(self.tr("Name of the project"))
        self.name.selectAll()
        self.where = QLineEdit(str(self._parent_folder), self)
        self.where.setAccessibleName(self.tr("Folder in which the project is kept"))
        self.choose = Button(self.tr("Choose…"), clicked=self._choose, parent=self)
        self.note = Label("", "caption", "secondary", wrap=True, parent=self)
        self.confirm = Button(self.tr("Create the project"), role="primary", clicked=self.accept, parent=self)
        self.confirm.setDefault(True)
        self._lay_out(reason)
        self.name.textChanged.connect(self._look)
        self.where.textChanged.connect(self._look)
        self._look()

    @property
    def folder(self) -> Path:
        """The folder that the project will be."""
        return Path(self.where.text()).expanduser() / _fit(self.name.text())

    def accept(self) -> None:
        if self.confirm.isEnabled():
            self._preferences.projects_folder = Path(self.where.text()).expanduser()
            super().accept()

    def _lay_out(self, reason: str) -> None:
        place = QHBoxLayout()
        place.addWidget(self.where, 1)
        place.addWidget(self.choose)
        form = QGridLayout()
        form.setSpacing(GRID)
        form.addWidget(Label(self.tr("Name")), 0, 0)
        form.addWidget(self.name, 0, 1)
        form.addWidget(Label(self.tr("Kept in")), 1, 0)
        form.addLayout(place, 1, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(Button(self.tr("Not now"), clicked=self.reject, parent=self))
        buttons.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        if reason:
            layout.addWidget(Label(reason, wrap=True))
        layout.addLayout(form)
        layout.addWidget(self.note)
        layout.addLayout(buttons)
        self.setMinimumWidth(520)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Where to keep the project"), self.where.text())
        if chosen:
            self.where.setText(chosen)

    def _look(self) -> None:
        problem = ""
        if not _fit(self.name.text()):
            problem = self.tr("Give the project a name.")
        elif not self.where.text().strip():
            problem = self.tr("Say where the project is kept.")
        elif (self.folder / PROJECT_FILE).exists():
            problem = self.tr("There is a project of that name already. Choose another name, or open it.")
        self.confirm.setEnabled(not problem)
        self.note.set_tone("caution" if problem else "secondary")
        self.note.setText(
            problem or self.tr("Runs and models are kept in {0}. The pictures stay where they are.").format(self.folder)
        )


def _fit(name: str) -> str:
    """A name made fit for a folder on every system."""
    return re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", name).strip(" .")[:80]
