"""Asks which folder holds the pictures and which their masks."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.mask_pairs import MaskPair, count_pairs
from workbench.gui.numbers import count
from workbench.gui.pages.data.folder_field import FolderField
from workbench.gui.pages.loading import Loader
from workbench.gui.theme import GRID, grown
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label

_WIDTH = 620  # px


class MaskDialog(QDialog):
    """Counts, off the window's thread, how many pictures have a mask of the same name.

    Args:
        pair: the folders that are shown at first; None: none are known.
        found: they were found in what was dropped, so that they can be meant as classes, too.

    Signals:
        counted(): the note says how many masks were found.
        classes_wanted(): the folders are to be added as classes instead; the dialog is then rejected.
    """

    counted = Signal()
    classes_wanted = Signal()

    def __init__(self, pair: MaskPair | None = None, *, found: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found = 0
        self.setWindowTitle(self.tr("Pictures with masks"))
        self.pictures = FolderField(self.tr("Folder of pictures"), self.tr("Look for the folder of pictures"), self)
        self.masks = FolderField(self.tr("Folder of masks"), self.tr("Look for the folder of masks"), self)
        self.note = Label("", "body", "secondary", figures=True, wrap=True)
        self.as_classes = Button(self.tr("Add as classes instead"), clicked=self._want_classes, parent=self)
        self.as_classes.setVisible(found)
        self.add = Button(self.tr("Add the task"), role="primary", clicked=self.accept, parent=self)
        self.add.setDefault(True)
        self._counter = Loader(self)
        self._counter.loaded.connect(self._say_found)
        self._counter.failed.connect(self._complain)
        asked = self.tr("A mask says of every pixel of its picture what it is.")
        self._lay_out(self.tr("These look like pictures and their masks.") if found else asked)
        if pair is not None:
            self.pictures.set_path(pair.pictures)
            self.masks.set_path(pair.masks)
        for field in (self.pictures, self.masks):
            field.changed.connect(self._count)
        self._count()

    def pair(self) -> MaskPair:
        """The two folders, once both are named."""
        pictures, masks = self.pictures.path(), self.masks.path()
        assert pictures is not None and masks is not None
        return MaskPair(pictures, masks)

    def _lay_out(self, title: str) -> None:
        form = QGridLayout()
        form.setSpacing(GRID)
        for row, (name, field) in enumerate(((self.tr("Pictures"), self.pictures), (self.tr("Masks"), self.masks))):
            label = Label(name)
            label.setBuddy(field)
            form.addWidget(label, row, 0)
            form.addWidget(field, row, 1)
        hint = self.tr("A mask has the name of its picture. Its pixels hold two grey values, or the number of a class.")
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.as_classes)
        buttons.addStretch(1)
        buttons.addWidget(Button(self.tr("Not now"), clicked=self.reject, parent=self))
        buttons.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(Label(title, "title", bold=True, wrap=True))
        layout.addLayout(form)
        layout.addWidget(Label(hint, "caption", "secondary", wrap=True))
        layout.addWidget(self.note)
        layout.addStretch(1)
        layout.addLayout(buttons)
        self.resize(grown(_WIDTH), self.sizeHint().height())

    def _count(self) -> None:
        self._found = 0
        self.add.setEnabled(False)
        self._counter.drop()
        pictures, masks = self.pictures.path(), self.masks.path()
        wrong = self._wrong(pictures, masks)
        if wrong or pictures is None or masks is None:
            self._say(wrong, "secondary" if pictures is None or masks is None else "bad")
        else:
            self._say(self.tr("Looking for the masks…"), "secondary")
            self._counter.load(count_pairs, pictures, masks)

    def _wrong(self, pictures: Path | None, masks: Path | None) -> str:
        if pictures is None or masks is None:
            return self.tr("Choose both folders.")
        for folder in (pictures, masks):
            if not folder.is_dir():
                return self.tr("There is no folder {0}.").format(folder)
        return self.tr("Both are the same folder.") if pictures == masks else ""

    def _say_found(self, numbers: tuple[int, int]) -> None:
        self._found, pictures = numbers
        tone = "good" if self._found == pictures else "caution" if self._found else "bad"
        words = self.tr("{0} of {1} pictures have a mask of the same name.").format(count(self._found), count(pictures))
        self._say(words if pictures else self.tr("The first folder holds no pictures."), tone)
        self.add.setEnabled(self._found > 0)
        self.counted.emit()

    def _complain(self, text: str) -> None:
        self._say(text, "bad")
        self.counted.emit()

    def _say(self, text: str, tone: str) -> None:
        self.note.set_tone(tone)
        self.note.setText(text)

    def _want_classes(self) -> None:
        self.classes_wanted.emit()
        self.reject()
