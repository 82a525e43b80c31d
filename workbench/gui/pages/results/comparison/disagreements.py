"""The pictures on which two runs disagree, with both answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.results.comparison import words
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.theme import grown
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_HEIGHT = 220  # px of the gallery
_LETTERS = 28  # of a caption


class Disagreements(Card):
    """A gallery of them, and the choice of the task and the two runs."""

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Where they disagree"), parent=parent)
        self._document: Mapping[str, Any] | None = None
        self._folder = Path()
        self.chooser = ComboBox(self)
        self.chooser.setAccessibleName(self.tr("Which task, and which two runs"))
        self.told = Label("", "caption", "secondary", figures=True, wrap=True)
        self.gallery = Gallery(loader, 96, self, letters=_LETTERS)
        self.gallery.setAccessibleName(self.tr("Pictures on which two runs disagree, the plainest first"))
        self.gallery.set_empty_text(self.tr("Both answer every picture alike."))
        self.dialog = PictureDialog(loader, self)
        self.dialog.look.hide()
        self.add_action(self.chooser)
        self.add(self.told)
        self.add(self.gallery, 1)
        self.gallery.setMinimumHeight(grown(_HEIGHT))
        self.chooser.activated.connect(self._show)
        self.gallery.picture_activated.connect(self._on_activated)

    def set_document(self, document: Mapping[str, Any], folder: Path) -> None:
        """Show those of a comparison; `folder` is the project's."""
        self._document, self._folder = document, folder
        self.chooser.clear()
        for name, pair in words.differences(document):
            if pair["pictures"]:
                text = self.tr("{0}: {1} and {2}").format(name, pair["first"], pair["second"])
                self.chooser.addItem(text, (name, pair))
        self.setVisible(self.chooser.count() > 0)
        self.chooser.setVisible(self.chooser.count() > 1)
        self._show()

    @Slot()
    def _show(self) -> None:
        if self._document is None or self.chooser.currentData() is None:
            self.gallery.set_items([])
            return
        name, pair = self.chooser.currentData()
        kind, found = self._document["tasks"][name]["kind"], pair["disagreements"]
        runs = (pair["first"], pair["second"])
        text = self.tr("Below each picture stands what is true, what {0} says, and what {1} says.").format(*runs)
        if pair["disagree"] > len(found):
            text += " " + self.tr("The first {0} of {1}.").format(count(len(found)), count(pair["disagree"]))
        else:
            text += " " + self.tr("{0} of {1} pictures.").format(count(len(found)), count(pair["pictures"]))
        self.told.setText(text)
        self.gallery.set_items([self._item(kind, each) for each in found])

    def _item(self, kind: str, picture: Mapping[str, Any]) -> GalleryItem:
        path = os.path.abspath(self._folder / picture["image"])
        tip = f"{words.disagreement(kind, picture)}\n{path}"
        return GalleryItem(path, words.disagreement(kind, picture, _LETTERS), tip=tip)

    @Slot(str)
    def _on_activated(self, _path: str) -> None:
        self.dialog.show_item(self.gallery.items(), self.gallery.currentIndex().row())
