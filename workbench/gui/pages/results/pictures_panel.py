"""The gallery of one task with the choice of what it shows first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.details import gallery_items
from workbench.gui.pages.results.document import Order, TaskResult
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_AT_ONCE = 4000  # pictures whose captions are made without a worker: a few milliseconds


class PicturesPanel(QWidget):
    """Pictures of a task: the worst first, or those behind a cell or a class.

    Signals:
        filter_cleared(): the user wants all pictures again, not only those of a cell or a class.
    """

    filter_cleared = Signal()

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: TaskResult | None = None
        self._folder = Path()
        self._making = Loader(self)
        self._making.loaded.connect(self._on_made)
        self.title = ElidedLabel("", "body")
        self.clear_filter = IconButton("close", self.tr("Show all pictures again"), self._on_clear)
        self.order = ComboBox(self)
        self.order.setAccessibleName(self.tr("Which pictures come first"))
        for name, words in self._orders():
            self.order.addItem(words, name)
        self.order.currentIndexChanged.connect(self._on_order)
        self.gallery = Gallery(loader, 104, self)
        self.gallery.clicked.connect(self._on_clicked)
        self.gallery.picture_activated.connect(self._on_activated)
        self.dialog = PictureDialog(loader, self)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.clear_filter)
        head.addWidget(self.order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self.gallery, 1)
        self.clear_filter.hide()

    def set_result(self, result: TaskResult | None, folder: Path) -> None:
        """Show the pictures of a task; `folder` is the project's."""
        self._result, self._folder = result, folder
        self.show_ordered()

    @Slot()
    def show_ordered(self) -> None:
        """Show pictures in the chosen order, those of all cells."""
        if self._result is None:
            self.gallery.set_items([])
            self.title.setText("")
            return
        order: Order = self.order.currentData()
        rows = self._result.ordered(order)
        wrong, total = int(self._result.wrong.sum()), len(self._result.images)
        if order == "worst":
            title = self.tr("{0} of {1} wrong").format(count(wrong), count(total))
            empty = self.tr("Every answer is right.") if total else self.tr("This document names no pictures.")
        else:
            title, empty = self.tr("{0} pictures").format(count(len(rows))), self.tr("There is none.")
        self.clear_filter.hide()
        self._show(rows, title, empty)

    def show_cell(self, true: str, said: str) -> None:
        """Show the pictures behind a cell of the confusion matrix."""
        if self._result is None:
            return
        classes = self._result.classes
        rows = self._result.in_cell(classes.index(true), classes.index(said))
        words = self.tr("{0}, said {1}: {2}") if true != said else self.tr("{0}, said so: {2}")
        self._filtered(rows, words.format(true, said, count(len(rows))))

    def show_class(self, index: int) -> None:
        """Show the pictures whose true class is that one, errors first."""
        if self._result is None:
            return
        rows = self._result.of_class(index)
        self._filtered(rows, self.tr("{0}: {1}, errors first").format(self._result.classes[index], count(len(rows))))

    def _filtered(self, rows: NDArray[np.int64], title: str) -> None:
        self.clear_filter.show()
        self._show(rows, title, self.tr("No picture of this part is here."))

    def _show(self, rows: NDArray[np.int64], title: str, empty: str) -> None:
        assert self._result is not None
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

    def _orders(self) -> list[tuple[Order, str]]:
        return [
            ("worst", self.tr("Worst first")),
            ("unsure", self.tr("Most unsure")),
            ("best", self.tr("Best first")),
            ("all", self.tr("All, errors first")),
        ]


