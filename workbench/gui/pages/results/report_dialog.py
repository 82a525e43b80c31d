"""The report of a run: where it goes, whether as PDF as well, and what became of it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.text import megabytes
from workbench.gui.pages.question import Question
from workbench.gui.pages.results.details import part_title
from workbench.gui.pages.working import Working
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.switch import Switch
from workbench.gui.workspace import Workspace

_WIDTH = 600  # px


class ReportDialog(QDialog):
    """Writes the report of one run after another; it goes on where the dialog is closed meanwhile."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._run, self._path = "", Path()
        self._words: list[str] = []
        self._question = Question(workspace, self)
        self.setWindowTitle(self.tr("Report of a run"))
        self.title = ElidedLabel("", "title", bold=True)
        self.told = Label("", "body", "secondary", wrap=True)
        self.path = ElidedLabel("")
        self.browse = Button(self.tr("Elsewhere…"), "folder", clicked=self._on_browse, parent=self)
        self.pdf = Switch(self.tr("As PDF as well"), self)
        self.working = Working(self.tr("How much of the report is done"), self.tr("Stop writing the report"), self)
        self.state = Label("", figures=True, wrap=True)
        self.write = Button(self.tr("Write the report"), "export", "primary", clicked=self.ask, parent=self)
        self.open = Button(self.tr("Open it"), clicked=self._on_open, parent=self)
        self.folder = Button(self.tr("Open in file manager"), "folder", clicked=self._on_folder, parent=self)
        for button in (self.browse, self.write, self.open, self.folder):
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
        self.pdf.setAccessibleName(self.pdf.text())
        self._lay_out()
        self._connect()

    def show_run(self, run: str, part: str) -> None:
        """Offer the report of a run on one of its parts, and come to front."""
        self._offer(run, ["--part", part], self.tr("Scores of this part: {0}.").format(part_title(part).lower()), run)

    def show_others(self, run: str, words: Sequence[str]) -> None:
        """Offer the report of a run on other pictures, which `words` name as `evaluate` takes them."""
        named = [word.partition("=") for flag, word in zip(words[::2], words[1::2], strict=True) if flag == "--data"]
        sources = "; ".join(self.tr("{0} from {1}").format(task, source) for task, _, source in named)
        self._offer(run, words, self.tr("Scores of other pictures: {0}.").format(sources), f"{run}-other")

    def _offer(self, run: str, words: Sequence[str], scored: str, name: str) -> None:
        folder = self._workspace.folder
        if folder is None:
            return
        if (run, [*words]) != (self._run, self._words):
            self._question.give_up()
            self._run, self._words = run, [*words]
            self._take(folder / "exports" / f"{name}.html")
            self._show_done([])
        self.title.setText(run)
        holds = self.tr(
            "One file with scores, matrix, worst pictures, maps, curves and settings, to be read without this program "
            "and without a network. It shows pictures of yours."
        )
        self.told.setText(f"{scored} {holds}")
        self._fit()
        self.show()
        self.raise_()
        self.activateWindow()

    @Slot()
    def ask(self) -> None:
        """Write the report."""
        if self._workspace.folder is None:
            return
        self._show_done([])
        words = ["report", str(self._workspace.folder), self._run, *self._words, "--out", str(self._path)]
        if self.pdf.isChecked():
            words += ["--pdf", str(self._path.with_suffix(".pdf"))]
        self.working.begin()
        self._question.ask(words)
        self._show_state()
        self.working.cancel.setFocus()

    @Slot(object)
    def _on_answered(self, document: Mapping[str, Any]) -> None:
        self._show_done([f"{Path(each['path']).name}, {megabytes(each['bytes'])}" for each in document["files"]])
        self.open.setFocus()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.state.set_tone("bad")
        self.state.setText(problem)

    @Slot()
    def _on_cancel(self) -> None:
        self._question.give_up()

    @Slot()
    def _on_browse(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Where the report goes"), str(self._path), self.tr("Web pages (*.html)")
        )
        if chosen:
            self._take(Path(chosen if Path(chosen).suffix else f"{chosen}.html"))
            self._show_done([])

    @Slot()
    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._path)))

    @Slot()
    def _on_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(self._path)))

    def _fit(self) -> None:
        """Room for all of the words, and for what is shown later."""
        width = max(_WIDTH, self.layout().totalMinimumSize().width())
        self.resize(width, self.layout().totalHeightForWidth(width))

    def _take(self, path: Path) -> None:
        self._path = path
        self.path.setText(str(path))

    def _show_done(self, files: list[str]) -> None:
        """Say what was written; nothing, where nothing was."""
        self.state.set_tone("text")
        self.state.setText(self.tr("Written: {0}.").format("; ".join(files)) if files else "")
        for button in (self.open, self.folder):
            button.setVisible(bool(files))

    @Slot()
    def _show_state(self) -> None:
        asking = self._question.open
        self.working.setVisible(asking)
        for widget in (self.write, self.browse, self.pdf):
            widget.setEnabled(not asking)

    @Slot()
    def _on_opened(self) -> None:
        """Another project: the report is not of it."""
        self._question.give_up()
        self._run = ""
        self.close()

    def _connect(self) -> None:
        self.working.cancel.clicked.connect(self._on_cancel)
        self._question.progressed.connect(self.working.advance)
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self._on_failed)
        self._question.ended.connect(self._show_state)
        self._workspace.opened.connect(self._on_opened)

    def _lay_out(self) -> None:
        for widget in (self.working, self.open, self.folder):
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        place = QHBoxLayout()
        place.setSpacing(GRID)
        place.addWidget(self.path, 1)
        place.addWidget(self.browse)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.pdf)
        foot.addStretch(1)
        for button in (self.folder, self.open, self.write):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        layout.setSpacing(GRID)
        layout.addWidget(self.title)
        layout.addWidget(self.told)
        layout.addLayout(place)
        layout.addWidget(self.working)
        layout.addWidget(self.state)
        layout.addStretch(1)
        layout.addLayout(foot)
        self._show_state()
        self._show_done([])
