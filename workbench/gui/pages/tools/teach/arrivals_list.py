"""The pictures that are to be added: folders and pictures, each with the class that they show."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.dropped import PICTURE_SUFFIXES
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label

_COUNTED = 10_000
"""Pictures of a folder that are counted; of more it is said that there are more."""


class ArrivalsList(QWidget):
    """Rows of a class and a place; the class can be one that is known, or typed.

    Signals:
        changed(): there are other rows, or other classes.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: list[str] = []
        self._paths: list[Path] = []
        self.boxes: list[ComboBox] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)

    def set_classes(self, classes: Sequence[str]) -> None:
        """The classes that are known."""
        if list(classes) != self._classes:
            self._classes = list(classes)
            for box in self.boxes:
                typed = box.currentText()
                box.clear()
                box.addItems(self._classes)
                box.setEditText(typed)

    def add(self, paths: Sequence[Path]) -> bool:
        """Add folders and pictures; a folder of class folders becomes one row for each. Whether any was added."""
        rows = [row for path in paths for row in _rows(path) if row[1] not in self._paths]
        for label, path in rows:
            self._add_row(label, path)
        if rows:
            self.changed.emit()
        return bool(rows)

    def clear(self) -> None:
        """Forget all rows."""
        while self._paths:
            self._drop(0)
        self.changed.emit()

    def words(self) -> list[str]:
        """The rows as a command line takes them."""
        return [f"{box.currentText().strip()}={path}" for box, path in zip(self.boxes, self._paths, strict=True)]

    @property
    def ready(self) -> bool:
        """Whether there is a row, and each has a class."""
        return bool(self.boxes) and all(box.currentText().strip() for box in self.boxes)

    def _add_row(self, label: str, path: Path) -> None:
        box = ComboBox(self)
        box.setEditable(True)
        box.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        box.addItems(self._classes)
        box.setEditText(label)
        box.lineEdit().setPlaceholderText(self.tr("Class"))
        box.setAccessibleName(self.tr("Class of {0}").format(path.name))
        box.editTextChanged.connect(self.changed)
        box.setMinimumContentsLength(14)
        place = ElidedLabel(str(path), "body", "secondary")
        remove = IconButton("close", self.tr("Do not add {0}").format(path.name), self._on_remove, self, "secondary")
        row = self._grid.rowCount()
        for column, widget in enumerate((box, place, Label(_count_words(self, path), "caption", "secondary"), remove)):
            self._grid.addWidget(widget, row, column)
        self._paths.append(path)
        self.boxes.append(box)

    @Slot()
    def _on_remove(self) -> None:
        at = self._grid.indexOf(self.sender())
        row = self._grid.getItemPosition(at)[0]
        boxes = [self._grid.getItemPosition(self._grid.indexOf(box))[0] for box in self.boxes]
        self._drop(boxes.index(row))
        self.changed.emit()

    def _drop(self, at: int) -> None:
        row = self._grid.getItemPosition(self._grid.indexOf(self.boxes[at]))[0]
        for column in range(self._grid.columnCount()):
            item = self._grid.itemAtPosition(row, column)
            if item is not None and item.widget() is not None:
                widget = item.widget()
                self._grid.removeWidget(widget)
                widget.hide()
                widget.deleteLater()
        del self._paths[at], self.boxes[at]


def _rows(path: Path) -> list[tuple[str, Path]]:
    """The class that a path seems to show, with the path: a folder's name, none for a picture."""
    if path.is_file():
        return [("", path)] if path.suffix.lower() in PICTURE_SUFFIXES else []
    inner = sorted(each for each in path.iterdir() if each.is_dir() and not each.name.startswith("."))
    loose = any(each.suffix.lower() in PICTURE_SUFFIXES for each in path.iterdir() if each.is_file())
    return [(each.name, each) for each in inner] if inner and not loose else [(path.name, path)]


def _count_words(owner: QWidget, path: Path) -> str:
    if path.is_file():
        return owner.tr("1 picture")
    count = 0
    for _, _, names in os.walk(path):
        count += sum(os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES for name in names)
        if count > _COUNTED:
            return owner.tr("more than {0} pictures").format(_COUNTED)
    return owner.tr("1 picture") if count == 1 else owner.tr("{0} pictures").format(count)
