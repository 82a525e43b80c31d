"""Which run is blended, and on which other pictures it is scored as well."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.kinds import KINDS
from workbench.gui.pages.data.folder_field import FolderField
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.fields import fields
from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox
from workbench.project.runs import RunInfo


class BlendChoice(QWidget):
    """Signals:
    changed(): another run, task or folder is chosen.
    """

    changed = Signal()

    def __init__(self, runs: RunList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._list = runs
        self.runs, self.tasks = ComboBox(self), ComboBox(self)
        self.runs.setAccessibleName(self.tr("The run that is blended with its pretrained weights"))
        self.tasks.setAccessibleName(self.tr("The task of the other pictures"))
        self.folder = FolderField(
            self.tr("A folder of class folders with other pictures"), self.tr("Choose a folder of other pictures"), self
        )
        self.folder.line.setPlaceholderText(self.tr("None: drop a folder of class folders here, or look for it"))
        other = QWidget(self)
        line = QHBoxLayout(other)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        line.addWidget(self.folder, 1)
        line.addWidget(self.tasks)
        other.setFocusProxy(self.folder)
        self.setLayout(fields([(self.tr("Run"), self.runs), (self.tr("Other pictures"), other)]))
        self.layout().setContentsMargins(0, 0, 0, 0)
        runs.changed.connect(self.refresh)
        self.runs.activated.connect(self._on_run)
        self.tasks.activated.connect(self.changed)
        self.folder.changed.connect(self.changed)
        self.refresh()

    @property
    def run(self) -> RunInfo | None:
        """The run that is chosen."""
        return self._list.run(self.runs.currentText())

    def data(self) -> list[str]:
        """What the command line holds of other pictures; nothing where there is no such folder."""
        path, task = self.folder.path(), self.tasks.currentText()
        return ["--data", f"{task}={path}"] if path is not None and path.is_dir() and task else []

    def missing(self) -> Path | None:
        """The folder that is named and is not there."""
        path = self.folder.path()
        return path if path is not None and not path.is_dir() else None

    @Slot()
    def refresh(self) -> None:
        """Offer the runs that can answer, newest first; one that was trained comes before one that was made."""
        kept = self.runs.currentText()
        names = [run.run for run in self._list.answering]
        trained = next((run.run for run in self._list.answering if not run.derived), "")
        self.runs.set_choices(names, kept if kept in names else trained)
        self._show_tasks()
        if kept != self.runs.currentText():
            self.changed.emit()

    @Slot()
    def _on_run(self) -> None:
        self._show_tasks()
        self.changed.emit()

    def _show_tasks(self) -> None:
        """Offer the tasks whose labels class folders can hold."""
        run = self.run
        tasks = run.settings.get("tasks", []) if run is not None else []
        names = [task["name"] for task in tasks if "folder" in KINDS[task.get("kind", "single-label")].sources]
        self.tasks.set_choices(names)
        self.tasks.setVisible(len(names) > 1)
