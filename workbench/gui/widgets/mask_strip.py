"""Small pictures with their masks over them, each class of pixels in a colour of its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QColor, QHideEvent, QImage, QPainter
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.thumbnail_strip import ThumbnailStrip, middle_square
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_STRENGTH = 0.4
"""Share of the mask's colour over the picture."""


class MaskStrip(ThumbnailStrip):
    """Pictures with their masks. Of two classes of pixels the first is left as the picture is.

    Args:
        masks: a loader whose pictures hold the masks' values (`picture_reader.read_mask`).

    Signals:
        values_changed(): `values` are more than before, for another mask has been read.
    """

    values_changed = Signal()

    def __init__(
        self, loader: ThumbnailLoader, masks: ThumbnailLoader, side: int = 64, parent: QWidget | None = None
    ) -> None:
        self._masks_of: dict[str, str] = {}
        self._masks = masks
        self._found: dict[str, frozenset[int]] = {}
        self._classes = 0
        super().__init__(loader, side, parent)
        self.setAccessibleName(self.tr("Some of the pictures, with their masks"))
        masks.loaded.connect(self._on_mask)

    def set_pairs(self, pairs: Sequence[Sequence[str]], classes: int) -> None:
        """Show these, each a picture and its mask of so many classes; those that do not fit are left out."""
        self._classes = classes
        self._masks_of = {picture: mask for picture, mask in pairs}  # noqa: C416 - pairs may be lists
        self._found = {mask: found for mask, found in self._found.items() if mask in self._masks_of.values()}
        self.set_paths(list(self._masks_of))

    def values(self) -> list[int]:
        """The different values of the masks that have been read."""
        return sorted(frozenset().union(*self._found.values()))

    def paint_over(self, painter: QPainter, where: QRectF, index: int) -> None:
        """Tint the picture by its mask."""
        mask = self._masks.image(self._masks_of[self._paths[index]], self._pixels())
        if mask is not None:
            coloured = tinted(mask, self.values(), self._classes)
            painter.drawImage(where, coloured, middle_square(coloured))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._masks.want(self, [])

    def _want(self) -> None:
        super()._want()
        wanted = self.shown() if self.isVisible() else []
        self._masks.want(self, [(self._masks_of[path], self._pixels()) for path in wanted])
        for path in wanted:
            self._learn(self._masks_of[path])

    @Slot(str, int)
    def _on_mask(self, path: str, side: int) -> None:
        if side == self._pixels() and path in self._masks_of.values():
            self._learn(path)
            self.update()

    def _learn(self, path: str) -> None:
        image = self._masks.image(path, self._pixels())
        if image is not None and path not in self._found:
            before = self.values()
            self._found[path] = frozenset(np.unique(_array(image)).tolist())
            if self.values() != before:
                self.values_changed.emit()


def class_colour(place: int, classes: int) -> QColor | None:
    """The colour of a class of pixels; None for the first of two, which is left as the picture is."""
    return None if classes == 2 and place == 0 else theme().task_colour(place)


def tinted(mask: QImage, values: Sequence[int], classes: int) -> QImage:
    """A mask's values, those of so many classes in order, as colours to be painted over the picture."""
    colours = np.zeros((256, 4), np.uint8)
    for place, value in enumerate(values[:classes]):
        colour = class_colour(place, classes)
        if colour is not None:
            colours[value] = (colour.red(), colour.green(), colour.blue(), round(255 * _STRENGTH))
    pixels = np.ascontiguousarray(colours[_array(mask)])
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def _array(image: QImage) -> np.ndarray:
    """The values of a Format_Grayscale8, (H, W) uint8."""
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : image.width()]
