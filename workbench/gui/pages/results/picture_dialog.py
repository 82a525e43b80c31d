"""One picture of the gallery, large, with what is true, what was said, and where the file is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.results.picture_actions import PictureAction, copy_path, open_folder
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.picture_view import PictureView
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class PictureDialog(QDialog):
    """Shows one of several pictures; the arrow buttons, Page up and Page down go to the others.

    Signals:
        looking_wanted(str): it is asked where the model looked in a picture.
        neighbours_wanted(str): the training pictures most like a picture are wanted.
    """

    looking_wanted = Signal(str)
    neighbours_wanted = Signal(str)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: Sequence[GalleryItem] = []
        self._row = 0
        self.setWindowTitle(self.tr("Picture"))
        self.view = self._make_view(loader)
        self.caption = Label("", "title", bold=True, figures=True, wrap=True)
        self.path = ElidedLabel("", "body", "secondary")
        self.place = Label("", "body", "secondary", figures=True)
        self.previous = IconButton("chevron-left", self.tr("Previous picture (Page up)"), self.show_previous)
        self.next = IconButton("chevron-right", self.tr("Next picture (Page down)"), self.show_next)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(GRID)
        self._foot.addWidget(self.path, 1)
        self._offered: list[tuple[Button, PictureAction]] = []
        self.look = self.offer(PictureAction(self.tr("Where did it look?"), "eye", self.looking_wanted.emit))
        near = PictureAction(self.tr("Neighbours"), "picture", self.neighbours_wanted.emit)
        self.neighbours = self.offer(near)
        self.neighbours.setToolTip(self.tr("The training pictures that the model sees most like this one"))
        self.copy = self.offer(PictureAction(self.tr("Copy path"), "copy", copy_path))
        self.folder = self.offer(PictureAction(self.tr("Open in file manager"), "folder", open_folder))
        self._lay_out()
        self.resize(880, 660)

    def show_item(self, items: Sequence[GalleryItem], row: int) -> None:
        """Show one of the pictures and come to front."""
        self._items = items
        self._go(row)
        self.show()
        self.raise_()
        self.activateWindow()

    def offer(self, action: PictureAction) -> Button:
        """Something more to do with a picture: a button here, which may be hidden, and an entry of its menu."""
        button = Button(action.words, action.icon, clicked=lambda: action.run(self.item().path))
        button.setAccessibleName(action.words)
        button.setAutoDefault(False)
        self._foot.addWidget(button)
        self._offered.append((button, action))
        return button

    def offered(self) -> list[PictureAction]:
        """What can be done with a picture."""
        return [action for button, action in self._offered if not button.isHidden()]

    def item(self) -> GalleryItem:
        """The picture that is shown."""
        return self._items[self._row]

    @Slot()
    def show_previous(self) -> None:
        """The picture before."""
        self._go(self._row - 1)

    @Slot()
    def show_next(self) -> None:
        """The picture after."""
        self._go(self._row + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_PageDown:
            self.show_next()
        elif event.key() == Qt.Key.Key_PageUp:
            self.show_previous()
        else:
            super().keyPressEvent(event)

    def _go(self, row: int) -> None:
        self._row = max(0, min(row, len(self._items) - 1))
        item = self.item()
        verdict = {True: self.tr("Right"), False: self.tr("Wrong"), None: ""}[item.right]
        self.caption.setText(f"{verdict}: {item.caption}" if verdict else item.caption)
        self.caption.set_tone("bad" if item.right is False else "text")
        self.path.setText(item.path)
        self.place.setText(self.tr("{0} of {1}").format(f"{self._row + 1:,}", f"{len(self._items):,}"))
        self.previous.setEnabled(self._row > 0)
        self.next.setEnabled(self._row < len(self._items) - 1)
        self.view.set_path(item.path)

    def _make_view(self, loader: ThumbnailLoader) -> PictureView:
        """What shows the picture."""
        return PictureView(loader, self)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.caption, 1)
        for widget in (self.place, self.previous, self.next):
            head.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self.view, 1)
        layout.addLayout(self._foot)
