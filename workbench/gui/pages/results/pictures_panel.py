"""The gallery of one task with the choice of what it shows first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.details import gallery_items
from workbench.gui.pages.results.filter_bar import FilterBar
from workbench.gui.pages.results.picture_actions import show_gallery_menu
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.fields import FINDING
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_RANDOM = "random"
_AT_ONCE = 4000  # pictures whose captions are made without a worker: a few milliseconds


class PicturesPanel(QWidget):
    """Pictures of a task: the worst first, or those that something else has picked out.

    Args:
        filters: say which of them are shown; several panels may share them.
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
        filters: PictureFilters,
        parent: QWidget | None = None,
        *,
        dialog: PictureDialog | None = None,
        letters: int = 16,
        choice: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._result: TaskResult | None = None
        self._folder = Path()
        self._filters = filters
        self._drawing = 0
        self._picked: tuple[NDArray[np.int64], str] | None = None
        self.bar = FilterBar(filters, self)
        self.rows: NDArray[np.int64] = np.zeros(0, np.int64)
        self._making = Loader(self)
        self._making.loaded.connect(self._on_made)
        self.title = ElidedLabel("", "body")
        self.clear_filter = IconButton("close", self.tr("Show all pictures again"), self._on_clear)
        self.filter = IconButton("filter", self.tr("Filter the pictures"))
        self.filter.setCheckable(True)
        self.filter.toggled.connect(self.bar.unfold)
        self.bar.folded.connect(self._on_folded)
        filters.changed.connect(self._on_filtered)
        self.looks = IconButton("eye", self.tr("A click on a picture shows where the model looked"))
        self.looks.setCheckable(True)
        self.order = ComboBox(self)
        self.order.setAccessibleName(self.tr("Which pictures come first"))
        self.order.currentIndexChanged.connect(self._on_order)
        self.gallery = Gallery(loader, 104, self, letters=letters)
        self.gallery.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.gallery.customContextMenuRequested.connect(self._on_menu)
        self.gallery.clicked.connect(self._on_clicked)
        self.gallery.picture_activated.connect(self._on_activated)
        self.dialog = dialog or PictureDialog(loader, self)
        if self.dialog.look.isHidden():
            self.looks.hide()
        self._choice = choice
        self._controls = QHBoxLayout()
        self._controls.setSpacing(GRID)
        for widget in (self.clear_filter, self.looks, self.filter, self.order, choice):
            if widget is not None:
                self._controls.addWidget(widget)
        if choice is not None:
            choice.hide()
        self._head = head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addLayout(self._controls)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self.bar)
        layout.addWidget(self.gallery, 1)
        self.clear_filter.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What the pictures are stands beside the choices where both have room, else above them."""
        line = self.title.sizeHint().width() + GRID + self._controls.sizeHint().width()
        beside = line <= self.width()
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)

    def set_result(self, result: TaskResult | None, folder: Path) -> None:
        """Show the pictures of a task; `folder` is the project's."""
        self._result, self._folder = result, folder
        if result is not None:
            self._offer(result)
            self.bar.show_task(result.name)
        self.show_ordered()

    @Slot()
    def show_ordered(self) -> None:
        """Show pictures in the chosen order, all of them that it holds and that pass the filters."""
        self._picked = None
        self._refresh()

    def show_rows(self, rows: NDArray[np.int64], title: str) -> None:
        """Show only some pictures, of them those that pass the filters, until the user wants all of them again."""
        self._picked = (rows, title)
        self._refresh()

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

    def _refresh(self) -> None:
        """Show what is picked out, else what the order holds, as far as it passes the filters."""
        if self._result is None:
            self.rows = np.zeros(0, np.int64)
            self.gallery.set_items([])
            self.title.setText("")
            return
        self._offer_pick(picked=self._picked is not None)
        if self._picked is not None:
            rows, title = self._picked
            empty = self.tr("No picture of this part is here.")
        else:
            rows, title, empty = self._in_order(self._result)
        if self._filters.conditions:
            total = len(self._result.images) if self._picked is None else len(rows)
            rows = rows[self._filters.passes(self._result)[rows]]
            shown = self.tr("{0} of {1}").format(count(len(rows)), count(total))
            title = shown if self._picked is None else f"{title}, {shown}"
            empty = self.tr("No picture passes these filters.")
        self._show(rows, title, empty)

    def _in_order(self, result: TaskResult) -> tuple[NDArray[np.int64], str, str]:
        """Rows, what stands over them, and what stands there in place of none. Orders that hold only what is right or
        wrong hold everything, those first, where a filter says which."""
        order = str(self.order.currentData())
        if order == _RANDOM:
            rows = np.random.default_rng(self._drawing).permutation(len(result.images))
            return rows, self.tr("{0} pictures").format(count(len(rows))), self.tr("There is none.")
        rows = result.ordered(order)
        if self._filters.condition(result.name, FINDING) is not None:
            rows = np.concatenate([rows, np.setdiff1d(np.arange(len(result.images)), rows)])
        return rows, *result.order_title(order, rows)

    def _offer_pick(self, *, picked: bool) -> None:
        self.clear_filter.setVisible(picked)
        if self._choice is not None:
            self._choice.setVisible(picked)
            self.order.setVisible(not picked)

    def _offer(self, result: TaskResult) -> None:
        """The orders of the task's kind; the one that is chosen stays where it is among them."""
        orders = [*result.orders(), (_RANDOM, self.tr("At random"))]
        self.order.set_choices([(words, name) for name, words in orders])

    def _show(self, rows: NDArray[np.int64], title: str, empty: str) -> None:
        assert self._result is not None
        self.rows = rows
        self.title.setText(title)
        self._fit()
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
    def _on_folded(self) -> None:
        self.filter.setChecked(False)

    @Slot()
    def _on_filtered(self) -> None:
        if self.isVisible():
            self._refresh()

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        show_gallery_menu(self.gallery, at, self.dialog.offered())

    @Slot()
    def _on_order(self) -> None:
        self._drawing += 1
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
            self._open(index.row())

    @Slot(str)
    def _on_activated(self, _path: str) -> None:
        self._open(self.gallery.currentIndex().row())

    def _open(self, place: int) -> None:
        """Show a picture of the gallery large, or where the model looked in it."""
        items = self.gallery.items()
        if self.looks.isChecked():
            self.dialog.looking_wanted.emit(items[place].path)
        else:
            self.dialog.show_item(items, place)
