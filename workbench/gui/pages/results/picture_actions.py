"""What can be done with one picture: a button beside it where it is shown large, an entry of its menu elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from workbench.gui.icons import icon
from workbench.gui.widgets.gallery import Gallery


@dataclass(frozen=True)
class PictureAction:
    """One thing to do: its words, the name of its drawing, and what is called with the picture's path."""

    words: str
    icon: str
    run: Callable[[str], object]


def open_folder(path: str) -> None:
    """Open the folder that holds the picture."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(os.path.dirname(path)))


def copy_path(path: str) -> None:
    """Put the picture's path on the clipboard."""
    QApplication.clipboard().setText(path)


def picture_menu(actions: Iterable[PictureAction], path: str, parent: QWidget) -> QMenu:
    """The menu of a picture."""
    menu = QMenu(parent)
    for action in actions:
        menu.addAction(icon(action.icon, "text"), action.words, partial(action.run, path))
    return menu


def show_menu(menu: QMenu, at: QPoint) -> None:
    """Show a menu at a place of the screen; it goes once something is chosen."""
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(at)


def show_gallery_menu(gallery: Gallery, at: QPoint, actions: Iterable[PictureAction]) -> None:
    """Show the menu of the picture under a place of a gallery, or of the current one where a key asks for it."""
    index = gallery.indexAt(at)
    index = index if index.isValid() else gallery.currentIndex()
    if index.isValid():
        path = gallery.items()[index.row()].path
        where = gallery.visualRect(index).center()
        show_menu(picture_menu(actions, path, gallery), gallery.viewport().mapToGlobal(where))
