"""The model page: a backbone, its weights, how much of it stays as it is, and the heads."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.gui.pages.data.page_parts import PageHeader
from workbench.gui.pages.model.backbone_card import BackboneCard
from workbench.gui.pages.model.edits import ModelEdits
from workbench.gui.pages.model.heads_panel import HeadsPanel
from workbench.gui.pages.model.left_side import LeftSide
from workbench.gui.pages.model.stages_card import StagesCard
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.pages.run_list import RunList
from workbench.gui.pages.scrolled import Scrolled
from workbench.gui.theme import GROUP_GAP, PAGE_EDGE, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.workspace import Workspace


class ModelPage(QWidget):
    """Shows and changes `[backbone]` and the heads.

    Signals:
        page_requested(str): another page is wanted.
    """

    page_requested = Signal(str)
    icon_name = "model"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Model")
        self._workspace = workspace
        self._here = Here()
        self.edits = ModelEdits(workspace, self)
        self.header = PageHeader(self.title, self)
        self.header.next.setText(self.tr("Go on to training"))
        self.left = LeftSide(workspace, self._here, self)
        self.runs = RunList(workspace, self)
        self.backbone = BackboneCard(self._here, self)
        self.stages = StagesCard(workspace, self._here, self.edits, self)
        self.heads = HeadsPanel(self)
        self.to_data = Button(self.tr("Add tasks first"), clicked=self._ask_data)
        self.scroll = self._right()
        self._lay_out()
        self._connect()
        self.refresh()

    def shown(self) -> None:
        """The page comes to the front: weights may have come here meanwhile."""
        self._look_again()

    def drop_paths(self, paths: list[Path]) -> bool:
        """A file of weights is taken; all else goes to the data page."""
        if len(paths) == 1 and paths[0].suffix.lower() in (".pt", ".pth", ".safetensors"):
            self.edits.choose_weights(f"file:{paths[0]}")
            return True
        return False

    @Slot()
    def refresh(self) -> None:
        """Show the project."""
        project = self._workspace.project
        if project is None:
            return
        self._here.look_from(self._workspace.folder)
        self.to_data.setVisible(not project.tasks)
        self.left.backbones.set_current(project.backbone.name)
        try:
            facts = catalogue.get(project.backbone.name)
        except RequestError as error:
            self.backbone.show_unknown(project.backbone.name, f"{error.text} {error.fix}")
            return
        self.backbone.show_project(project, facts, self.runs.runs)
        self.stages.show_project(project, facts)
        self.heads.show_heads(project.effective().tasks, len(facts.stages))

    @Slot()
    def _look_again(self) -> None:
        """Weights may have been downloaded or removed."""
        self._here.forget()
        self.left.backbones.look_again()
        self.left.advice.refresh()
        self.refresh()

    @Slot(str, str)
    def _download(self, name: str, weights: str) -> None:
        self.left.show_view("downloads")
        self.left.downloads.download(name, weights)

    @Slot()
    def _ask_next(self) -> None:
        self.page_requested.emit("train")

    @Slot()
    def _ask_data(self) -> None:
        self.page_requested.emit("data")

    def _connect(self) -> None:
        workspace, edits = self._workspace, self.edits
        for changed in (workspace.opened, workspace.project_changed, workspace.report_changed, self.runs.changed):
            changed.connect(self.refresh)
        theme().changed.connect(self.refresh)
        edits.refused.connect(self.refresh)
        self.header.next.clicked.connect(self._ask_next)
        self.left.view_changed.connect(self._share)
        self.left.backbones.chosen.connect(edits.choose_backbone)
        self.left.advice.use_requested.connect(edits.choose)
        self.left.advice.data_requested.connect(self._ask_data)
        self.left.advice.download_requested.connect(self._download)
        self.left.downloads.changed.connect(self._look_again)
        self.backbone.weights_chosen.connect(edits.choose_weights)
        self.backbone.download_requested.connect(self._download)
        self.heads.set_requested.connect(edits.set_task)

    def _lay_out(self) -> None:
        self._columns = QHBoxLayout()
        self._columns.setSpacing(GROUP_GAP)
        self._columns.addWidget(self.left)
        self._columns.addWidget(self.scroll)
        self._share("backbones")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        layout.setSpacing(GROUP_GAP)
        layout.addWidget(self.header)
        layout.addLayout(self._columns, 1)

    @Slot(str)
    def _share(self, view: str) -> None:
        """A table takes more of the width than a list."""
        self._columns.setStretch(0, 10 if view == "backbones" else 15)
        self._columns.setStretch(1, 8)

    def _right(self) -> Scrolled:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        heads = Card(self.tr("Heads"))
        heads.set_caption(self.tr("Each task answers with a head of its own on the shared backbone."))
        heads.add(self.heads)
        heads.add(self.to_data)
        for card in (self.backbone, self.stages, heads):
            column.addWidget(card)
        column.addStretch(1)
        return Scrolled(inner, self)
