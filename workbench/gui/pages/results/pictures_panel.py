"""The gallery of one task with the choice of what it shows first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.details import gallery_items
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_AT_ONCE = 4000  # pictures whose captions are made without a worker: a few milliseconds


class PicturesPanel(QWidget):
    """Pictures of a task: the worst first, or those that something else has picked out.

    Args:
        dialog: shows a picture large; none: the plain one.
        letters: of a caption that have room under a picture.
        choice: stands in the place of the order while pictures are picked out.

    Signals:
        filter_cleared(): the user wants all pictures again, not only those that were picked out.
    """

    filter_cleared = Signal()

    def __init__(
        self,
        loader: ThumbnailLoader,
        parent: QWidget | None = None,
        *,
        dialog: PictureDialog | None = None,
        letters: int = 16,
        choice: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._result: TaskResult | None = None
        self._folder = Path()
        self.rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self._making = Loader(self)
        self._making.loaded.connect(self._on_made)
        self.title = ElidedLabel("", "body")
        self.clear_filter = IconButton("close", self.tr("Show all pictures again"), self._on_clear)
        self.order = ComboBox(self)
        self.order.setAccessibleName(self.tr("Which pictures come first"))
        self.order.currentIndexChanged.connect(self._on_order)
        self.gallery = Gallery(loader, 104, self, letters=letters)
        self.gallery.clicked.connect(self._on_clicked)
        self.gallery.picture_activated.connect(self._on_activated)
        self.dialog = dialog or PictureDialog(loader, self)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.clear_filter)
        head.addWidget(self.order)
        self._choice = choice
        if choice is not None:
            head.addWidget(choice)
            choice.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self.gallery, 1)
        self.clear_filter.hide()

    def set_result(self, result: TaskResult | None, folder: Path) -> None:
        """Show the pictures of a task; `folder` is the project's."""
        self._result, self._folder = result, folder
        if result is not None:
            self._offer(result)
        self.show_ordered()

    @Slot()
    def show_ordered(self) -> None:
        """Show pictures in the chosen order, all of them that it holds."""
        if self._result is None:
            self.rows = np.zeros(0, np.int64)
            self.gallery.set_items([])
            self.title.setText("")
            return
        order = str(self.order.currentData())
        rows = self._result.ordered(order)
        self._pick(picked=False)
        self._show(rows, *self._result.order_title(order, rows))

    def show_rows(self, rows: NDArray[np.int64], title: str) -> None:
        """Show only some pictures, until the user wants all of them again."""
        if self._result is not None:
            self._pick(picked=True)
            self._show(rows, title, self.tr("No picture of this part is here."))

    def open_row(self, row: int) -> None:
        """Show a picture of the task large, among those of the gallery where it is one of them."""
        if self._result is None:
            return
        place = np.flatnonzero(self.rows == row)
        items = self.gallery.items()
        if len(place) and len(items) == len(self.rows):
            self.dialog.show_item(items, int(place[0]))
        else:
            self.dialog.show_item(gallery_items(self._result, [row], self._folder), 0)

    def _pick(self, *, picked: bool) -> None:
        self.clear_filter.setVisible(picked)
        if self._choice is not None:
            self._choice.setVisible(picked)
            self.order.setVisible(not picked)

    def _offer(self, result: TaskResult) -> None:
        """The orders of the task's kind; the one that is chosen stays where it is among them."""
        orders = list(result.orders())
        if orders == [(self.order.itemData(at), self.order.itemText(at)) for at in range(self.order.count())]:
            return
        kept = self.order.currentData()
        self.order.blockSignals(True)
        self.order.clear()
        for name, words in orders:
            self.order.addItem(words, name)
        self.order.setCurrentIndex(max(0, self.order.findData(kept)))
        self.order.blockSignals(False)

    def _show(self, rows: NDArray[np.int64], title: str, empty: str) -> None:
        assert self._result is not None
        self.rows = rows
        self.title.setText(title)
        self.gallery.set_empty_text(empty)
        if len(rows) <= _AT_ONCE:
            self._making.drop()
            self.gallery.set_items(gallery_items(self._result, rows.tolist(), self._folder))
        else:
            self._making.load(gallery_items, self._result, rows.tolist(), self._folder)

    @Slot(object)
    def _on_made(self, items: list[GalleryItem]) -> None:
        self.gallery.set_items(items)

    @Slot()
    def _on_order(self) -> None:
        self.filter_cleared.emit()
        self.show_ordered()

    @Slot()
    def _on_clear(self) -> None:
        self.filter_cleared.emit()
        self.show_ordered()

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        selecting = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if index.isValid() and not QApplication.keyboardModifiers() & selecting:
            self.dialog.show_item(self.gallery.items(), index.row())

    @Slot(str)
    def _on_activated(self, _path: str) -> None:
        self.dialog.show_item(self.gallery.items(), self.gallery.currentIndex().row())
