"""The weights on this computer: what is here, what is on its way, and what can be removed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core import weights_cache
from workbench.core.errors import RequestError
from workbench.core.weights_cache import Entry
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.model.downloads import words
from workbench.gui.pages.model.downloads.download_row import DownloadRow
from workbench.gui.pages.model.downloads.entry_row import EntryRow
from workbench.gui.pages.scrolled import Column, Scrolled
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.empty_state import EmptyState
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace


class DownloadsPanel(QWidget):
    """Lists the weights on this computer, fetches others, one after another, and removes some.

    Signals:
        changed(): weights have come or gone.
    """

    changed = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._stored = Loader(self)
        self._again: tuple[str, str] | None = None
        self._doomed: Entry | None = None
        self.rows: list[EntryRow] = []
        self.coming: list[DownloadRow] = []
        self.problem = NoticeBar("bad", closable=True, parent=self)
        self.retry = self.problem.add_action(self.tr("Try again"), self._on_again)
        self.question = NoticeBar("caution", parent=self)
        self.keep = self.question.add_action(self.tr("Keep it"), self._on_kept)
        self.confirm = self.question.add_action(self.tr("Remove it"), self._on_removed)
        self.under_way = Card(self.tr("On their way"), parent=self)
        self.card = Card(self.tr("On this computer"), parent=self)
        self.empty = EmptyState(
            "model",
            self.tr("No weights have been downloaded yet."),
            self.tr("Choose a backbone and press Download beside its weights, or train: they are fetched once."),
            self.tr("Download the chosen backbone's"),
            self._on_chosen,
            self,
        )
        self._list = QVBoxLayout()
        self.total = Label("", "caption", "secondary", figures=True)
        self.folder = ElidedLabel("", "caption", "secondary")
        self.show_folder = Button(self.tr("Show the folder"), "folder", clicked=self._on_show_folder, parent=self)
        self._lay_out()
        self._stored.loaded.connect(self._show)
        self._stored.failed.connect(self._on_failed)

    @Slot(str, str)
    def download(self, name: str, weights: str) -> None:
        """Fetch a backbone's weights, behind what is on its way already."""
        if any(row.wanted == (name, weights) for row in self.coming):
            return
        self.problem.hide()
        self.empty.hide()
        row = DownloadRow(self._workspace.download_answers, name, weights, self)
        row.failed.connect(self._on_download_failed)
        row.ended.connect(self._on_ended)
        self.coming.append(row)
        self.under_way.add(row)
        self.under_way.show()

    @Slot()
    def refresh(self) -> None:
        """Look anew at what is here."""
        self._stored.load(_look)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.refresh()

    @Slot(object)
    def _show(self, found: tuple[list[Entry], Path, int]) -> None:
        entries, folder, free = found
        for row in self.rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [self._row(entry) for entry in entries]
        for at, row in enumerate(self.rows):
            self._list.insertWidget(at, row)
        self.empty.setVisible(not entries and not self.coming)
        self.empty.button.setEnabled(self._workspace.project is not None)
        self.card.setVisible(bool(entries))
        self.total.setText(words.total(entries, free))
        self.folder.setText(str(folder))
        self.show_folder.setEnabled(folder.is_dir())

    def _row(self, entry: Entry) -> EntryRow:
        row = EntryRow(entry, self)
        row.remove_requested.connect(self._on_remove)
        row.download_requested.connect(self.download)
        return row

    @Slot()
    def _on_chosen(self) -> None:
        """Fetch what the project's backbone has from its library."""
        project = self._workspace.project
        if project is not None:
            self.download(project.backbone.name, "default")

    @Slot(object)
    def _on_remove(self, entry: Entry) -> None:
        self._doomed = entry
        self.question.set_notice("caution", words.removal(entry))
        self.question.show()
        self._scroll.verticalScrollBar().setValue(0)
        self.keep.setFocus()

    @Slot()
    def _on_kept(self) -> None:
        self.question.hide()

    @Slot()
    def _on_removed(self) -> None:
        self.question.hide()
        if self._doomed is None:
            return
        try:
            weights_cache.remove(self._doomed)
        except RequestError as error:
            self._on_failed(f"{error.text} {error.fix}")
        self._doomed = None
        self.refresh()
        self.changed.emit()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._say(problem, None)

    @Slot(str)
    def _on_download_failed(self, problem: str) -> None:
        row = self.sender()
        self._say(problem, row.wanted if isinstance(row, DownloadRow) else None)

    def _say(self, problem: str, again: tuple[str, str] | None) -> None:
        self._again = again
        self.problem.set_notice("bad", problem)
        self.retry.setVisible(again is not None)
        self.problem.show()
        self._scroll.verticalScrollBar().setValue(0)

    @Slot()
    def _on_again(self) -> None:
        if self._again is not None:
            self.download(*self._again)

    @Slot()
    def _on_ended(self) -> None:
        row = self.sender()
        if isinstance(row, DownloadRow):
            self.coming.remove(row)
            row.hide()
            row.deleteLater()
        self.under_way.setVisible(bool(self.coming))
        self.refresh()
        self.changed.emit()

    @Slot()
    def _on_show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(weights_cache.folder())))

    def _lay_out(self) -> None:
        self.card.set_caption(
            self.tr("Copied to the same folder of another computer, these files are used there without a network.")
        )
        self._list.setSpacing(0)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self.total)
        texts.addWidget(self.folder)
        foot.addLayout(texts, 1)
        foot.addWidget(self.show_folder)
        self.card.add(self._list)
        self.card.add(foot)
        inside = Column()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        for widget in (self.problem, self.question, self.under_way, self.card, self.empty):
            column.addWidget(widget, 1 if widget is self.empty else 0)
            widget.hide()
        column.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._scroll = Scrolled(inside, self)
        layout.addWidget(self._scroll)


def _look() -> tuple[list[Entry], Path, int]:
    """What is here, where, and how many bytes are free there."""
    return weights_cache.listing(), weights_cache.folder(), weights_cache.free_bytes()
