"""One doubted label, large, with what can be decided about it."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from workbench.core.corrections import Correction
from workbench.core.text import percent
from workbench.gui.pages.results.doubts import words
from workbench.gui.pages.results.doubts.document import Doubt
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.picture_view import PictureView
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_PICTURE, _TWIN = 180, 56  # px


class DecisionCard(Card):
    """Shows a doubted label and asks what to do with it.

    Signals:
        relabelled(str): the picture is to have that label.
        set_aside(): it is to have none.
        kept(): the given label is right.
        undone(): what was decided is to be forgotten.
    """

    relabelled = Signal(str)
    set_aside = Signal()
    kept = Signal()
    undone = Signal()

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.view = PictureView(loader, self)
        self.view.setMinimumSize(_PICTURE, _PICTURE // 2)
        self.name = ElidedLabel("", "caption", "secondary")
        self.given = Label("", wrap=True)
        self.rather = Label("", figures=True, wrap=True)
        self.decided = Label("", "body", "good", wrap=True)
        self.near = Label("", "caption", "secondary", wrap=True)
        self.twins = Gallery(loader, _TWIN, self, letters=12)
        self.twins.setAccessibleName(self.tr("Near-identical pictures with another label"))
        self.label = ComboBox(self)
        self.label.setAccessibleName(self.tr("The right label"))
        self.relabel = Button(self.tr("Relabel"), "check", "primary", clicked=self.relabel_now, parent=self)
        self.aside = Button(self.tr("Set aside"), "close", clicked=self.set_aside.emit, parent=self)
        self.keep = Button(self.tr("Keep"), clicked=self.kept.emit, parent=self)
        self.undo = Button(self.tr("Undo"), "undo", clicked=self.undone.emit, parent=self)
        self.relabel.setToolTip(self.tr("Give the picture this label from the next run on (R)"))
        self.aside.setToolTip(self.tr("Leave the picture out of this task from the next run on (A)"))
        self.keep.setToolTip(self.tr("The label is right: do not list it again (K)"))
        self.undo.setToolTip(self.tr("Forget what was decided about this picture, or else the last decision (U)"))
        for button in (self.relabel, self.aside, self.keep, self.undo):
            button.setAccessibleName(button.text())
        self._lay_out()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def offer(self, kind: str, classes: list[str]) -> None:
        """What a label can be; several and numbers are typed."""
        self.label.clear()
        self.label.setEditable(kind != "single-label")
        self.label.addItems(classes if kind == "single-label" else [])

    def show_doubt(self, doubt: Doubt, correction: Correction | None, folder: Path) -> None:
        """Show one of them."""
        path = os.path.abspath(folder / doubt.image)
        self.view.set_path(path)
        self.name.setText(doubt.image)
        self.given.setText(self.tr("Given label: {0} ({1})").format(doubt.label, words.part(doubt.part)))
        said = self.tr("Rather: {0}").format(doubt.suggestion)
        self.rather.setText(said if doubt.sure is None else f"{said}, {percent(doubt.sure)}")
        self.decided.setVisible(correction is not None)
        if correction is not None:
            self.decided.setText(self.tr("Decided: {0}").format(words.decision(correction, doubt.label)))
        self._propose(correction.label if correction is not None and correction.label else doubt.suggestion)
        self.twins.setVisible(bool(doubt.twins))
        self.near.setVisible(bool(doubt.twins))
        self.near.setText(self.tr("Near-identical pictures with another label:"))
        self.twins.set_items([GalleryItem(os.path.abspath(folder / twin.image), twin.label) for twin in doubt.twins])
        self.twins.setFixedHeight(self.twins.gridSize().height() + GRID)

    @Slot()
    def relabel_now(self) -> None:
        """Take the label that is chosen."""
        self.relabelled.emit(self.label.currentText())

    def _propose(self, label: str) -> None:
        if self.label.isEditable():
            self.label.setEditText(label)
        else:
            self.label.setCurrentIndex(self.label.findText(label))

    def _lay_out(self) -> None:
        self.label.setMinimumContentsLength(8)
        buttons = QGridLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.label, 0, 0)
        buttons.addWidget(self.relabel, 0, 1)
        buttons.addWidget(self.aside, 1, 0)
        buttons.addWidget(self.keep, 1, 1)
        buttons.addWidget(self.undo, 2, 0, 1, 2)
        self.add(self.view, 1)
        for item in (self.name, self.given, self.rather, self.decided, self.near, self.twins, buttons):
            self.add(item)
