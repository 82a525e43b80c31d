"""Any number of pictures in a grid; only those in sight are loaded and painted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.gallery_model import GalleryDelegate, GalleryItem, GalleryModel
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_AHEAD = 1  # screens loaded below and above what is seen


class Gallery(QListView):
    """A grid of pictures with captions; `letters` of a caption have room under a picture.

    Signals:
        picture_activated(str): the path of a picture that was double-clicked, or chosen with Enter.
        picture_selected(str): the path of the picture that became current; empty for none.
    """

    picture_activated = Signal(str)
    picture_selected = Signal(str)

    def __init__(
        self, loader: ThumbnailLoader, side: int = 128, parent: QWidget | None = None, *, letters: int = 16
    ) -> None:
        super().__init__(parent)
        self._loader = loader
        self._empty = self.tr("No pictures to show")
        self._pictures = GalleryModel(self)
        self._painter = GalleryDelegate(loader, side, self, letters)
        self.setModel(self._pictures)
        self.setItemDelegate(self._painter)
        # The list mode with wrapping lays 100,000 items out in one pass; the icon mode keeps a tree of them.
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Pictures"))
        self._want_soon = QTimer(self, singleShot=True, interval=0)
        self._want_soon.timeout.connect(self._want)
        self.verticalScrollBar().valueChanged.connect(self._want_later)
        self.activated.connect(self._on_activated)
        self.selectionModel().currentChanged.connect(self._on_current)
        loader.loaded.connect(self._on_loaded)
        self._fit()

    def set_items(self, items: Sequence[GalleryItem]) -> None:
        """Show these, from the first on."""
        self._pictures.set_items(items)
        self._fit()
        self.scrollToTop()
        self.setAccessibleDescription(self.tr("{0:,} pictures").format(len(items)) if items else self._empty)
        self._want_later()

    def set_item(self, row: int, item: GalleryItem) -> None:
        """Show another picture or caption in a place; the others, and what is current, stay."""
        self._pictures.set_item(row, item)

    def items(self) -> list[GalleryItem]:
        """What is shown, in order."""
        return list(self._pictures.items)

    def set_empty_text(self, text: str) -> None:
        """The sentence that stands where there are no pictures."""
        self._empty = text
        self.viewport().update()

    def set_side(self, side: int) -> None:
        """Change the size of the pictures, px."""
        self._painter.side = side
        self._fit()
        self._want_later()

    def selected_paths(self) -> list[str]:
        """The paths of the selected pictures, in the order shown."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._pictures.items[row].path for row in rows]

    def visible_rows(self) -> range:
        """The rows in sight."""
        cell = self.gridSize()
        columns = max(1, self.viewport().width() // cell.width())
        top = self.verticalScrollBar().value()
        first = top // cell.height() * columns
        last = (top + self.viewport().height()) // cell.height() * columns + columns
        return range(min(first, len(self._pictures.items)), min(last, len(self._pictures.items)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._want_later()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want_later()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._want_soon.stop()
        self._loader.want(self, [])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_painter"):
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._pictures.items:
            painter = QPainter(self.viewport())
            painter.setPen(theme().colours().colour("secondary"))
            where = self.viewport().rect().adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._empty)

    def _fit(self) -> None:
        self._painter.fit_captions(self._pictures.items, self.fontMetrics())
        cell = self._painter.cell_size(self.fontMetrics())
        self.setGridSize(cell)
        self.verticalScrollBar().setSingleStep(max(1, cell.height() // 4))

    @Slot()
    def _want_later(self) -> None:
        if self.isVisible():
            self._want_soon.start()

    @Slot()
    def _want(self) -> None:
        seen = self.visible_rows()
        ahead = len(seen) * _AHEAD
        rows = [*seen, *range(seen.stop, seen.stop + ahead), *range(seen.start - 1, seen.start - 1 - ahead, -1)]
        side = self._painter.pixels(self.devicePixelRatioF())
        items = self._pictures.items
        self._loader.want(self, [(items[row].path, side) for row in rows if 0 <= row < len(items)])

    @Slot(str, int)
    def _on_loaded(self, path: str, side: int) -> None:
        for row in self.visible_rows():
            if self._pictures.items[row].path == path:
                self.update(self._pictures.index(row))

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.picture_activated.emit(self._pictures.items[index.row()].path)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex) -> None:
        self.picture_selected.emit(self._pictures.items[index.row()].path if index.isValid() else "")
