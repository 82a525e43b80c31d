"""What a run is worth beside its teacher and in int8: agreement, scores, size and speed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.pages.asking import Asking
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.tools.shrink import words
from workbench.gui.pages.tools.small_table import SmallTable
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace
from workbench.project.runs import runs_dir
from workbench.project.students import read_shrunk


class MeasuredCard(Card):
    """A run of the user's choice, and its table once it was measured."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._loader = Loader(self)
        self.set_title(self.tr("What it is worth"))
        self.set_caption(
            self.tr("A run beside its teacher, and rounded to int8. Its files go to the folder exports of the project.")
        )
        self.runs = ComboBox(self)
        self.runs.setAccessibleName(self.tr("The run that is measured"))
        self.ask = Button(self.tr("Export and measure"), "play", clicked=self._on_ask, parent=self)
        self.open = Button(self.tr("Show the files"), "folder", clicked=self._on_open, parent=self)
        self._asking = Asking(workspace, self, bar=self.tr("How much is measured"), cancel=self.tr("Stop measuring"))
        self.nothing = Label(self.tr("This run was not measured yet. It takes a minute or two."), "body", "secondary")
        self.said = Label("", "body", wrap=True)
        self.sizes = SmallTable(words.size_titles(), self.tr("Size and speed of the models"), self)
        self.scores = SmallTable(words.score_titles(), self.tr("Scores of the models, and how far they agree"), self)
        self.where = Label("", "body", "secondary", wrap=True)
        self._lay_out()
        self._loader.loaded.connect(self._show)
        self._asking.answered.connect(self._show)
        self._asking.changed.connect(self._on_asking)
        self.runs.currentIndexChanged.connect(self._on_run)
        workspace.run_state_changed.connect(self._on_changed)
        self._show(None)

    def set_runs(self, names: Sequence[str], wanted: str = "") -> None:
        """The runs that can be measured, newest first; `wanted` is chosen, else the one that stood here stays."""
        self.runs.set_choices(names, wanted if wanted in names else None)
        self._on_run()

    def forget(self) -> None:
        """Another project is open."""
        self._asking.give_up()
        self._asking.problem.hide()
        self._show(None)

    def _lay_out(self) -> None:
        name = Label(self.tr("Run"), "body", "secondary")
        name.setBuddy(self.runs)
        row, named = FlowRow(self), QWidget(self)
        pair = QHBoxLayout(named)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(GRID)
        for widget in (name, self.runs):
            pair.addWidget(widget)
        for widget in (named, self.ask, self.open):
            row.flow.addWidget(widget)
        self.add(row)
        for widget in (self._asking.problem, self._asking.working, self.nothing, self.said):
            self.add(widget)
        for widget in (self.sizes, self.scores, self.where):
            self.add(widget)

    def _folder(self) -> Path | None:
        folder, run = self._workspace.folder, self.runs.currentText()
        return None if folder is None or not run else runs_dir(folder) / run

    @Slot()
    def _on_run(self) -> None:
        run_dir = self._folder()
        self._asking.problem.hide()
        if run_dir is None:
            self._loader.drop()
            self._show(None)
        else:
            self._loader.load(read_shrunk, run_dir)
        self._on_changed()

    @Slot()
    def _on_changed(self) -> None:
        there = self.runs.count() > 0
        self.runs.setEnabled(there and not self._asking.open)
        idle = self._workspace.run_state == "idle"
        self.ask.setEnabled(there and idle and not self._asking.open)
        self.ask.setToolTip("" if idle else self.tr("A run is training; this can begin when it has ended."))

    @Slot(object)
    def _show(self, document: dict[str, Any] | None) -> None:
        for widget in (self.said, self.sizes, self.scores, self.where, self.open):
            widget.setVisible(document is not None)
        self.nothing.setVisible(document is None and self.runs.count() > 0)
        if document is None:
            return
        self.said.setText("\n".join(document["said"]))
        self.said.setVisible(bool(document["said"]))
        self.sizes.set_rows(words.size_rows(document), words.size_titles(document["batch"]))
        self.scores.set_rows(words.score_rows(document))
        self.where.setText(words.files_sentence(document))
        self.where.setVisible(bool(self.where.text()))
        self.open.setVisible(bool(self.where.text()))

    @Slot()
    def _on_ask(self) -> None:
        if self._workspace.folder is not None and self.runs.currentText():
            self._asking.ask(["shrink", str(self._workspace.folder), "--run", self.runs.currentText()])

    @Slot()
    def _on_asking(self) -> None:
        self._asking.swap(self.ask)
        self._on_changed()

    @Slot()
    def _on_open(self) -> None:
        if self._workspace.folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._workspace.folder / "exports")))
