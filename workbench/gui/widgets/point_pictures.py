"""Small pictures in the place of points, once few enough are in sight."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme
from workbench.gui.widgets.thumbnails import ThumbnailLoader

MOST = 120
"""Points in sight up to which pictures are drawn: more would only hide each other."""
_SIDE = 48  # px of a picture
_GAP = 4  # px between pictures


class PointPictures(QObject):
    """Draws the pictures of points that have room, each in a frame of its point's colour; loads them on the way.

    Args:
        plane: is painted anew when a picture arrives.
    """

    def __init__(self, loader: ThumbnailLoader, plane: QWidget) -> None:
        super().__init__(plane)
        self._loader = loader
        self._plane = plane
        self._path: Callable[[int], str] = str
        self._wanted: list[tuple[str, int]] = []
        loader.loaded.connect(self._on_loaded)

    def set_path(self, path: Callable[[int], str]) -> None:
        """Which file belongs to a point."""
        self._path = path

    def draw(self, painter: QPainter, points: Sequence[tuple[int, QPointF, QColor]]) -> None:
        """Draw the pictures of points in sight: index, place in px, colour; of none where they are too many."""
        side = round(_SIDE * max(1.0, self._plane.devicePixelRatioF()))
        shown = with_room(points) if len(points) <= MOST else []
        wanted = [(self._path(index), side) for index, _, _ in shown]
        if wanted != self._wanted:
            self._wanted = wanted
            self._loader.want(self, wanted)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for (_, place, colour), (path, _) in zip(shown, wanted, strict=True):
            image = self._loader.image(path, side)
            if image is None or image.isNull():
                continue  # its point stands there meanwhile
            size = image.deviceIndependentSize().scaled(_SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio)
            room = QRectF(QPointF(), size)
            room.moveCenter(place)
            painter.fillRect(room.adjusted(-3, -3, 3, 3), theme().colours().colour("surface"))
            painter.drawImage(room, image)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour, 2))
            painter.drawRect(room.adjusted(-2, -2, 2, 2))

    @Slot(str, int)
    def _on_loaded(self, path: str, side: int) -> None:
        if (path, side) in self._wanted:
            self._plane.update()


def with_room(points: Sequence[tuple[int, QPointF, QColor]]) -> list[tuple[int, QPointF, QColor]]:
    """Those whose pictures do not cover each other, the first ones first: which they are hangs on where points lie to
    each other and not on where the plane was moved to."""
    least, placed = _SIDE + 2 * _GAP, []
    for point in points:
        at = point[1]
        if all(max(abs(at.x() - each.x()), abs(at.y() - each.y())) >= least for _, each, _ in placed):
            placed.append(point)
    return placed
