"""Which run, and where the pictures of the other domain are."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.data.folder_field import FolderField
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.tools.fields import fields
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace
from workbench.project.runs import RunInfo


class WhereCard(Card):
    """Signals:
    changed(): another run or folder is chosen.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("A model, and pictures from elsewhere"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Another camera, another light, another place: the classes are the same, the pictures look different. "
                "They need no labels. Where they lie in class folders, these are used for scoring alone."
            )
        )
        self.list = RunList(workspace, self)
        self.runs = ComboBox(self)
        self.runs.setAccessibleName(self.tr("The run whose model is used"))
        self.folder = FolderField(
            self.tr("The folder with pictures of the other domain"), self.tr("Choose the other domain's folder"), self
        )
        self.folder.line.setPlaceholderText(self.tr("Drop a folder here, or look for it"))
        self.add(fields([(self.tr("Model of"), self.runs), (self.tr("Pictures in"), self.folder)]))
        self.missing = Label("", "body", "caution", wrap=True)
        self.missing.hide()
        self.add(self.missing)
        self.list.changed.connect(self._on_runs)
        self.runs.activated.connect(self.changed)
        self.folder.changed.connect(self._on_folder)
        workspace.opened.connect(self._on_opened)

    @property
    def run(self) -> RunInfo | None:
        """The run that is chosen."""
        return self.list.run(self.runs.currentText())

    @property
    def target(self) -> Path | None:
        """The folder, where there is one of that name."""
        path = self.folder.path()
        return path if path is not None and path.is_dir() else None

    @property
    def against(self) -> str:
        """Why nothing can be asked yet; empty where it can."""
        path = self.folder.path()
        if path is None:
            return self.tr("Choose a folder with pictures of the other domain first.")
        return "" if path.is_dir() else self.tr("There is no folder {0}.").format(path)

    @Slot()
    def _on_folder(self) -> None:
        self.missing.setText(self.against)
        self.missing.setVisible(self.folder.path() is not None and bool(self.against))
        self.changed.emit()

    @Slot()
    def _on_runs(self) -> None:
        kept = self.runs.currentText()
        names = [run.run for run in self.list.answering]
        trained = next((run.run for run in self.list.answering if not run.derived), "")
        self.runs.set_choices(names, kept if kept in names else trained)
        self.changed.emit()

    @Slot()
    def _on_opened(self) -> None:
        self.folder.set_path(None)
