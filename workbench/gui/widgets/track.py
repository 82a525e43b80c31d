"""The ground of a bar that shows shares: a track with rounded corners."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme

_CORNER = 3  # px


def track_painter(bar: QWidget) -> QPainter:
    """Paint the track over the whole of a widget; what is painted next stays within it."""
    painter = QPainter(bar)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = QPainterPath()
    outline.addRoundedRect(QRectF(bar.rect()), _CORNER, _CORNER)
    painter.setClipPath(outline)
    painter.fillRect(bar.rect(), theme().colours().colour("track"))
    return painter
