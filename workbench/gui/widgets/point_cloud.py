"""Any number of points of a plot, drawn once for a size and a range, so that 50,000 of them cost no more than one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.widgets.plotting import pg

Floats = NDArray[np.float64]
_STRENGTH = 0.75  # of one point's colour; points upon each other grow darker
_LEAST = 0.35  # of a point's colour where so many lie elsewhere that the colour must be shared out
_FEW = 2000  # points drawn large; many are drawn small
_MOST_BARS = 5000  # bars drawn; of more, as many, evenly chosen


class PointCloud(pg.GraphicsObject):
    """Points as small discs; where many lie on each other the colour is stronger. Each may carry a vertical bar.

    The picture is made anew only when points, size or range change; moving the mouse over it costs nothing.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot.vb)
        self._box = plot.vb
        self._x = self._y = np.zeros(0)
        self._reach: Floats | None = None
        self._colour = QColor("black")
        self._image: QImage | None = None
        self._made_for: tuple[object, ...] = ()
        plot.vb.sigResized.connect(self._changed)
        plot.vb.sigRangeChanged.connect(self._changed)

    def set_points(self, x: Floats, y: Floats, reach: Floats | None = None) -> None:
        """Show points (N,), with bars that reach `reach` (N,) up and down where it is given; NaN is left out."""
        self._x, self._y, self._reach = x, y, reach
        self._image = None
        self.update()

    def set_colour(self, colour: QColor) -> None:
        """Draw in another colour."""
        self._colour = colour
        self._image = None
        self.update()

    def pixels(self) -> tuple[Floats, Floats]:
        """Where the points are, (N,) each, in px of the plot's box."""
        room = self._box.rect()
        (left, right), (low, high) = self._box.viewRange()
        x = (self._x - left) / (right - left or 1.0) * room.width()
        return x, (high - self._y) / (high - low or 1.0) * room.height()

    def nearest(self, point: QPointF, within: float) -> int | None:
        """The point nearest to a place in px of the plot's box, at most `within` px away."""
        if not len(self._x):
            return None
        x, y = self.pixels()
        distance = np.nan_to_num((x - point.x()) ** 2 + (y - point.y()) ** 2, nan=np.inf)
        place = int(distance.argmin())
        return place if distance[place] <= within**2 else None

    def boundingRect(self) -> QRectF:
        return self._box.rect()

    def paint(self, painter: QPainter, option: object, widget: QWidget | None = None) -> None:
        room = self.boundingRect()
        ratio = painter.device().devicePixelRatioF()
        asked = (room.width(), room.height(), ratio, str(self._box.viewRange()))
        if self._image is None or self._made_for != asked:
            self._image, self._made_for = self._make(room, ratio), asked
        painter.drawImage(room, self._image)

    def _make(self, room: QRectF, ratio: float) -> QImage:
        width, height = max(1, round(room.width() * ratio)), max(1, round(room.height() * ratio))
        image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        x, y = self.pixels()
        painter = QPainter(image)
        if self._reach is not None:
            self._draw_bars(painter, x * ratio, y * ratio, ratio)
        radius = (3.5 if len(x) <= _FEW else 1.5) * ratio
        painter.drawImage(0, 0, stamped(x * ratio, y * ratio, (height, width), radius, self._colour))
        painter.end()
        return image

    def _draw_bars(self, painter: QPainter, x: Floats, y: Floats, ratio: float) -> None:
        low, high = self._box.viewRange()[1]
        reach = self._reach / (high - low or 1.0) * self._box.rect().height() * ratio
        rows = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & np.isfinite(reach))
        if len(rows) > _MOST_BARS:
            rows = rows[np.linspace(0, len(rows) - 1, _MOST_BARS).astype(np.int64)]
        shade = QColor(self._colour)
        shade.setAlphaF(max(0.06, min(0.45, 150 / max(1, len(rows)))))
        painter.setPen(QPen(shade, ratio))
        ends = zip(x[rows].tolist(), (y - reach)[rows].tolist(), (y + reach)[rows].tolist(), strict=True)
        painter.drawLines([QLineF(at, top, at, bottom) for at, top, bottom in ends])

    def _changed(self, *_: object) -> None:
        self.prepareGeometryChange()
        self.update()


def stamped(x: Floats, y: Floats, shape: tuple[int, int], radius: float, colour: QColor) -> QImage:
    """Discs of a colour around points (N,) in px, on nothing; the more on a pixel, the less shines through."""
    height, width = shape
    seen = np.isfinite(x) & np.isfinite(y) & (x > -1) & (y > -1) & (x < width) & (y < height)
    column = x[seen].astype(np.int64).clip(0, width - 1)
    line = y[seen].astype(np.int64).clip(0, height - 1)
    counts = np.bincount(line * width + column, minlength=height * width).reshape(shape).astype(np.float32)
    side = int(np.ceil(radius))
    padded = np.pad(counts, side)
    total = np.zeros(shape, np.float32)
    for down in range(-side, side + 1):
        for right in range(-side, side + 1):
            weight = min(1.0, max(0.0, radius + 0.5 - float(np.hypot(down, right))))  # soft at its rim
            if weight:
                top, left = side + down, side + right
                total += weight * padded[top : top + height, left : left + width]
    dense = float(np.percentile(total[total > 0], 95)) / 2 if len(x) > _FEW and total.any() else 1.0
    alpha = np.maximum(1.0 - (1.0 - _STRENGTH) ** (total / max(1.0, dense)), _LEAST * np.minimum(total, 1.0))
    pixels = np.empty((height, width, 4), np.float32)
    pixels[..., 0], pixels[..., 1], pixels[..., 2] = colour.blueF(), colour.greenF(), colour.redF()
    pixels[..., 3] = 1.0
    data = np.ascontiguousarray((pixels * alpha[..., None] * 255 + 0.5).astype(np.uint8))
    return QImage(data.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
