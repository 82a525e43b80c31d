"""The pictures that are picked on a map, as a gallery beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.map.words import PictureWords
from workbench.gui.pages.results.picture_actions import show_gallery_menu
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.theme import GRID
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_AT_ONCE = 2000  # pictures whose captions are made without a worker


class PickedPictures(QWidget):
    """How many are picked, their pictures, and one of them large.

    Signals:
        looking_wanted(str), neighbours_wanted(str): of a picture.
    """

    looking_wanted = Signal(str)
    neighbours_wanted = Signal(str)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._making = Loader(self)
        self.title = Label("", "body", figures=True, wrap=True)
        self.gallery = Gallery(loader, 96, self, letters=16)
        self.gallery.setAccessibleName(self.tr("Pictures that are picked on the map"))
        self.gallery.set_empty_text(self.tr("Draw around points with the lasso, and their pictures appear here."))
        self.gallery.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.dialog = PictureDialog(loader, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.title)
        column.addWidget(self.gallery, 1)
        self._making.loaded.connect(self._on_made)
        self.gallery.clicked.connect(self._on_clicked)
        self.gallery.picture_activated.connect(self._on_activated)
        self.gallery.customContextMenuRequested.connect(self._on_menu)
        self.dialog.looking_wanted.connect(self.looking_wanted)
        self.dialog.neighbours_wanted.connect(self.neighbours_wanted)

    def show_rows(self, words: PictureWords, rows: Sequence[int]) -> None:
        """Show the pictures of some points."""
        if len(rows) <= _AT_ONCE:
            self._making.drop()
            self.gallery.set_items(words.items(rows))
        else:
            self._making.load(words.items, rows)
        self.title.setText(self.tr("{0} picked").format(count(len(rows))) if rows else self.tr("None picked"))

    @Slot(object)
    def _on_made(self, items: list[GalleryItem]) -> None:
        self.gallery.set_items(items)

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.dialog.show_item(self.gallery.items(), index.row())

    @Slot(str)
    def _on_activated(self, _path: str) -> None:
        self.dialog.show_item(self.gallery.items(), self.gallery.currentIndex().row())

    @Slot(QPoint)
    def _on_menu(self, at: QPoint) -> None:
        show_gallery_menu(self.gallery, at, self.dialog.offered())
