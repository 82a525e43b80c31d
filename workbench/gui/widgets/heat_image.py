"""A grey map as a coloured picture to lay over another; what is nought is left clear. No widget: for threads too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from workbench.core.saliency import COLOURS


def heat_image(values: NDArray[np.uint8], colours: str) -> QImage:
    """A map (H, W), 0 to 255, in the colours of that name; the stronger a mark, the more it covers."""
    table = np.empty((256, 4), np.uint8)
    anchors = np.array([list(bytes.fromhex(each)) for each in COLOURS[colours]], np.float64)
    steps = np.linspace(0, 255, len(anchors))
    for channel in range(3):
        table[:, channel] = np.rint(np.interp(np.arange(256), steps, anchors[:, channel]))
    table[:, 3] = np.arange(256)
    pixels = np.ascontiguousarray(table[values])
    height, width = values.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
