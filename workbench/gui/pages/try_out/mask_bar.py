"""Below the picture: which head's mask lies over it, how strongly, and what its colours mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.legend_row import LegendRow
from workbench.gui.pages.loading import Loader
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.inputs import ComboBox, Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.mask_image import class_values, coloured, read_mask, to_classes


@dataclass(frozen=True)
class MaskFile:
    """A mask on disk, its classes, and the pixel value of each (empty where it is not known)."""

    path: str
    classes: Sequence[str]
    values: Sequence[int] = ()


class MaskBar(QWidget):
    """Choices over the masks of one picture.

    Signals:
        overlay_changed(object): the QImage to lay over the picture, or None.
        strength_changed(float): how strongly, 0 to 1.
        failed(str): a mask could not be read.
    """

    overlay_changed = Signal(object)
    strength_changed = Signal(float)
    failed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._masks: Mapping[str, MaskFile] = {}
        self._mask: NDArray[np.uint8] | None = None
        self._wanted: str | None = None  # the task whose mask the user looks at; "" for none
        self._reading = Loader(self)
        self._reading.loaded.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)
        self.tasks = ComboBox(self)
        self.tasks.setAccessibleName(self.tr("Which mask lies over the picture"))
        self.strength = Slider(self)
        self.strength.setRange(0, 100)
        self.strength.setValue(55)
        self.strength.setAccessibleName(self.tr("How strongly the mask is seen"))
        self.legend = LegendRow(self)
        name = Label(self.tr("Strength"), "body", "secondary")
        name.setBuddy(self.strength)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.tasks)
        row.addWidget(name)
        row.addWidget(self.strength, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(row)
        column.addWidget(self.legend)
        self.tasks.activated.connect(self._on_chosen)
        self.strength.valueChanged.connect(self._on_strength)
        theme().changed.connect(self._draw)
        self.hide()

    def set_masks(self, masks: Mapping[str, MaskFile]) -> None:
        """Offer the masks of a picture; the one that was looked at before stays, if it is among them."""
        self._masks = masks
        self.setVisible(bool(masks))
        names = list(masks)
        if [self.tasks.itemData(at) for at in range(self.tasks.count())] != [*names, ""]:
            self.tasks.clear()
            for task in names:
                self.tasks.addItem(task, task)
            self.tasks.addItem(self.tr("No mask"), "")
        shown = self._wanted if self._wanted is not None and self._wanted in (*names, "") else None
        self.tasks.setCurrentIndex(0 if shown is None else self.tasks.findData(shown))
        self._read()

    @property
    def opacity(self) -> float:
        """How strongly the mask is seen, 0 to 1."""
        return self.strength.value() / 100

    @Slot()
    def _on_chosen(self) -> None:
        self._wanted = self.tasks.currentData()
        self._read()

    @Slot()
    def _on_strength(self) -> None:
        self.strength_changed.emit(self.opacity)

    def _read(self) -> None:
        self._mask = None
        self._reading.drop()
        self._draw()
        file = self._masks.get(self.tasks.currentData() or "")
        if file is not None:
            self._reading.load(read_mask, file.path)

    @Slot(object)
    def _on_read(self, mask: NDArray[np.uint8]) -> None:
        self._mask = mask
        self._draw()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.failed.emit(self.tr("The mask cannot be read: {0}").format(problem))

    @Slot()
    def _draw(self) -> None:
        file = self._masks.get(self.tasks.currentData() or "")
        if self._mask is None or file is None:
            self.legend.set_legend(())
            self.overlay_changed.emit(None)
            return
        values = class_values(file.classes, file.values, self._mask)
        layer = coloured(to_classes(self._mask, values), file.classes)
        self.legend.set_legend(layer.legend)
        self.overlay_changed.emit(layer.image)
