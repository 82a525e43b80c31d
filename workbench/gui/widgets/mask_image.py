"""Masks as pictures: pixel values become classes, classes become colours. No widget: for threads too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QColor, QImage

from workbench.gui.theme import theme

Classes = NDArray[np.uint8]
UNKNOWN = 255
"""The class of pixels whose value belongs to no class: they are ignored."""
MISSED, EXTRA = "#D55E00", "#0072B2"
"""Okabe and Ito's vermilion and blue: what was not said, and what was said too much."""


@dataclass(frozen=True)
class Layer:
    """A picture to lay over another, and what its colours mean."""

    image: QImage
    legend: tuple[tuple[str, QColor], ...]


def read_mask(path: str) -> NDArray[np.uint8]:
    """(H, W) pixel values as they stand in the file: palette indices stay indices, black and white is 0 and 255.

    Raises:
        OSError, ValueError, SyntaxError: it cannot be read.
    """
    with Image.open(path) as file:
        image: Image.Image = file if file.mode in ("L", "P") else file.convert("L")
        return np.asarray(image, dtype=np.uint8).copy()


def class_values(classes: Sequence[str], values: Sequence[int], *masks: NDArray[np.uint8]) -> list[int]:
    """The pixel value of each class: as told, else as the classes' names or the masks themselves tell."""
    if len(values) == len(classes):
        return list(values)
    if all(name.isdigit() for name in classes):
        return [int(name) for name in classes]
    seen = sorted({int(value) for mask in masks for value in np.unique(mask)})
    if len(seen) == len(classes):
        return seen
    return [0, 255] if len(classes) == 2 and seen and seen[-1] > 1 else list(range(len(classes)))


def to_classes(mask: NDArray[np.uint8], values: Sequence[int]) -> Classes:
    """(H, W) the class of each pixel, UNKNOWN where its value is none of `values`."""
    table = np.full(256, UNKNOWN, np.uint8)
    for place, value in enumerate(values):
        if 0 <= value < 256 and place < UNKNOWN:
            table[value] = place
    return table[mask]


def class_colour(place: int, classes: int) -> QColor | None:
    """The colour of a class; None for the first of two, which is left as the picture is."""
    return None if classes == 2 and place == 0 else theme().task_colour(place)


def coloured(mask: Classes, classes: Sequence[str]) -> Layer:
    """Every class in its colour; the legend names those that occur."""
    table = np.zeros(256, np.uint32)
    legend = []
    for place in np.unique(mask).tolist():
        colour = class_colour(place, len(classes)) if place < len(classes) else None
        if colour is not None:
            table[place] = colour.rgba()
            legend.append((classes[place], colour))
    return Layer(_image(table[mask]), tuple(legend))


def differences(true: Classes, said: Classes, classes: Sequence[str], words: tuple[str, str, str]) -> Layer:
    """Where two masks of one size differ; pixels that are UNKNOWN in the true one are left out.

    Args:
        words: what is said of pixels of the second of two classes that were missed, of those that were said too much,
            and of pixels of more than two classes that differ; {0} is the class.

    Raises:
        ValueError: the masks have different sizes.
    """
    if true.shape != said.shape:
        raise ValueError(f"the masks have different sizes: {true.shape} and {said.shape}")
    differ = (true != said) & (true != UNKNOWN)
    missed, extra = QColor(MISSED), QColor(EXTRA)
    pixels = np.zeros(true.shape, np.uint32)
    if len(classes) != 2:
        pixels[differ] = missed.rgba()
        return Layer(_image(pixels), ((words[2], missed),))
    pixels[differ & (true == 1)] = missed.rgba()
    pixels[differ & (true == 0)] = extra.rgba()
    return Layer(_image(pixels), ((words[0].format(classes[1]), missed), (words[1].format(classes[1]), extra)))


def enlarged(mask: Classes, shape: tuple[int, int]) -> Classes:
    """The mask at another size (H, W), each pixel the nearest."""
    rows = (np.arange(shape[0]) * mask.shape[0] // shape[0]).astype(np.int64)
    columns = (np.arange(shape[1]) * mask.shape[1] // shape[1]).astype(np.int64)
    return mask[rows[:, None], columns[None, :]]


def _image(pixels: NDArray[np.uint32]) -> QImage:
    height, width = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 4 * width, QImage.Format.Format_ARGB32).copy()
