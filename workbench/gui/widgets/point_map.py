"""A plane of points with something behind each: moved and enlarged like a map, pointed at, and picked with a lasso."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.colours import mix
from workbench.gui.theme import theme
from workbench.gui.widgets.point_canvas import Floats, Ints, Mark, point_canvas
from workbench.gui.widgets.point_pictures import MOST, PointPictures

Flags = NDArray[np.bool_]

_MARGIN = 20  # px around all points when they are fitted
_NEAR = 14.0  # px: how far from a point the mouse still means it
_MOST, _STEP = 1000.0, 1.25  # of what fits: how far it can be enlarged, and by how much at once
_FAINT = 0.72  # how far the colour of points that are not picked goes towards the ground
_CLICK = 4.0  # px that the mouse may move in a click


class _Drag(Enum):
    NONE = auto()
    PAN = auto()
    LASSO = auto()


class PointMap(QWidget):
    """Points in the plane, both axes to the same scale.

    The left button moves the plane, or draws a lasso where that is chosen; the wheel enlarges. Keys: arrows go from
    point to point, Enter opens one, Space picks it, Ctrl+A picks all, Escape none, + - 0 for the scale.

    Attributes:
        lasso: whether the left button draws a lasso.
        pictures: draws pictures in the place of points where few are in sight; None for none.

    Signals:
        point_shown(int): the point that is told of; -1 for none.
        point_chosen(int): a point was clicked, or Enter pressed on it.
        picked_changed(): other points are picked.
    """

    point_shown = Signal(int)
    point_chosen = Signal(int)
    picked_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._x = self._y = np.zeros(0)
        self._kinds = np.zeros(0, np.int64)
        self._picked = np.zeros(0, np.bool_)
        self._marks: list[Mark] = []
        self._middle, self._scale = QPointF(), 1.0  # what lies in the middle; px for one unit
        self._fitted = True
        self._drag, self._from, self._trail = _Drag.NONE, QPointF(), QPolygonF()
        self._image: QImage | None = None
        self._sight = np.zeros(0, np.int64)  # the points in sight, where they are few
        self.pictures: PointPictures | None = None
        self.lasso = False
        self.current = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Map of the pictures"))
        theme().changed.connect(self._on_theme)

    def set_points(self, x: Floats, y: Floats) -> None:
        """Show points (n,), all of them in sight, in one kind and none picked."""
        self._x, self._y = x, y
        self._kinds, self._picked = np.zeros(len(x), np.int64), np.zeros(len(x), np.bool_)
        self.show_point(-1)
        self.fit()

    def set_kinds(self, kinds: Ints, marks: Sequence[Mark]) -> None:
        """Draw points by kind (n,), an index of the marks; -1 hides one."""
        self._kinds, self._marks = kinds, list(marks)
        if self.current >= 0 and kinds[self.current] < 0:
            self.show_point(-1)
        self._redraw()

    @property
    def picked(self) -> Ints:
        """The points that are picked, among those that are not hidden."""
        return np.flatnonzero(self._picked & (self._kinds >= 0))

    def pick(self, chosen: Flags, *, add: bool = False) -> None:
        """Pick points (n,), in place of the others or beside them."""
        self._picked = self._picked | chosen if add else chosen.copy()
        self._redraw()
        self.picked_changed.emit()

    def set_lasso(self, wanted: bool) -> None:
        """Draw a lasso with the left button, or move the plane."""
        self.lasso = wanted
        self.setCursor(Qt.CursorShape.CrossCursor if wanted else Qt.CursorShape.ArrowCursor)

    def show_point(self, index: int) -> None:
        """Ring a point and tell of it; -1 for none."""
        if index != self.current:
            self.current = index
            self.update()
            self.point_shown.emit(index)

    @Slot()
    def fit(self) -> None:
        """All points in sight."""
        self._fitted = True
        if len(self._x):
            low, high = QPointF(self._x.min(), self._y.min()), QPointF(self._x.max(), self._y.max())
            self._middle = (low + high) / 2
        self._scale = self._least()
        self._redraw()

    @Slot()
    def enlarge(self) -> None:
        """Nearer, around the middle."""
        self.zoom(_STEP, QPointF(self.rect().center()))

    @Slot()
    def shrink(self) -> None:
        """Farther, around the middle."""
        self.zoom(1 / _STEP, QPointF(self.rect().center()))

    def move_by(self, right: float, down: float) -> None:
        """Move what is seen, px."""
        self._fitted = False
        self._middle -= QPointF(right, -down) / self._scale
        self._redraw()

    def zoom(self, by: float, around: QPointF) -> None:
        """Change the scale; what is under a place stays there."""
        least = self._least()
        scale = max(least / 2, min(least * _MOST, self._scale * by))
        off = around - QPointF(self.width() / 2, self.height() / 2)
        change = QPointF(off.x(), -off.y()) * (1 / self._scale - 1 / scale)
        self._middle, self._scale, self._fitted = self._middle + change, scale, False
        self._redraw()

    def place_of(self, index: int) -> QPointF:
        """Where a point is, px."""
        x, y = self._pixels()
        return QPointF(float(x[index]), float(y[index]))

    def nearest(self, place: QPointF, within: float = _NEAR) -> int:
        """The point nearest to a place, px; -1 where none is near."""
        x, y = self._pixels()
        far = (x - place.x()) ** 2 + (y - place.y()) ** 2
        far[self._kinds < 0] = np.inf
        index = int(far.argmin()) if len(far) else -1
        return index if index >= 0 and far[index] <= within**2 else -1

    def within(self, outline: QPolygonF) -> Flags:
        """(n,) which points lie in an outline, px, and in sight."""
        mask = QImage(max(1, self.width()), max(1, self.height()), QImage.Format.Format_Grayscale8)
        mask.fill(0)
        painter = QPainter(mask)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawPolygon(outline)
        painter.end()
        inside = np.frombuffer(mask.constBits(), np.uint8).reshape(mask.height(), mask.bytesPerLine()) > 127
        x, y = self._pixels()
        seen = (x >= 0) & (x < mask.width()) & (y >= 0) & (y < mask.height()) & (self._kinds >= 0)
        found = np.zeros(len(x), np.bool_)
        found[seen] = inside[y[seen].astype(np.int64), x[seen].astype(np.int64)]
        return found

    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 160)

    # What the user does -------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position()
            self._drag = _Drag.LASSO if self.lasso else _Drag.PAN
            self._trail = QPolygonF([self._from])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._drag is _Drag.PAN:
            step = at - self._trail.last()
            self._trail = QPolygonF([at])
            self.move_by(step.x(), step.y())
        elif self._drag is _Drag.LASSO:
            self._trail.append(at)
            self.update()
        else:
            self.show_point(self.nearest(at))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, _Drag.NONE
        if event.button() != Qt.MouseButton.LeftButton or drag is _Drag.NONE:
            return
        add = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        moved = event.position() - self._from
        if abs(moved.x()) + abs(moved.y()) < _CLICK and self._trail.size() < 3:
            self._click(event.position(), add)
        elif drag is _Drag.LASSO:
            outline, self._trail = self._trail, QPolygonF()
            self.pick(self.within(outline), add=add)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turns = event.angleDelta().y() / 120
        if turns:
            self.zoom(_STEP**turns, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        steps = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        views = {
            Qt.Key.Key_Plus: self.enlarge,
            Qt.Key.Key_Equal: self.enlarge,
            Qt.Key.Key_Minus: self.shrink,
            Qt.Key.Key_0: self.fit,
        }
        if key in steps:
            self._step(*steps[key])
        elif key in views and not control:
            views[key]()
        elif key == Qt.Key.Key_A and control:
            self.pick(self._kinds >= 0)
        elif key == Qt.Key.Key_Escape and (self._picked.any() or self._drag is _Drag.LASSO):
            self._drag, self._trail = _Drag.NONE, QPolygonF()
            self.pick(np.zeros(len(self._x), np.bool_))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.point_chosen.emit(self.current)
        elif key == Qt.Key.Key_Space and self.current >= 0:
            changed = self._picked.copy()
            changed[self.current] = not changed[self.current]
            self.pick(changed)
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if not self.hasFocus():
            self.show_point(-1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.show_point(-1)
        self.update()

    def resizeEvent(self, event: QEvent) -> None:
        if self._fitted:
            self.fit()
        self._redraw()

    def _click(self, place: QPointF, add: bool) -> None:
        index = self.nearest(place)
        if index < 0:
            return
        if add:
            changed = np.zeros(len(self._x), np.bool_)
            changed[index] = True
            self.pick(changed, add=True)
        else:
            self.point_chosen.emit(index)

    def _step(self, right: int, down: int) -> None:
        """Go to the nearest point in a direction, or to the one nearest to the middle where none is told of."""
        if self.current < 0:
            self.show_point(self.nearest(QPointF(self.rect().center()), within=np.inf))
            return
        x, y = self._pixels()
        over, under = x - x[self.current], y - y[self.current]
        along, aside = over * right + under * down, np.abs(over * down) + np.abs(under * right)
        cost = np.where((along > 0.5) & (along >= aside) & (self._kinds >= 0), along + aside, np.inf)
        index = int(cost.argmin())
        if np.isfinite(cost[index]):
            self._reveal(index)
            self.show_point(index)

    def _reveal(self, index: int) -> None:
        """Move the plane where a point lies outside."""
        at, room = self.place_of(index), QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if not room.contains(at):
            away = QPointF(self.rect().center()) - at
            self.move_by(away.x(), away.y())

    def _least(self) -> float:
        """The scale at which all points fit."""
        if not len(self._x):
            return 1.0
        room = QSize(max(1, self.width() - 2 * _MARGIN), max(1, self.height() - 2 * _MARGIN))
        wide, high = float(np.ptp(self._x)), float(np.ptp(self._y))
        scales = [side / extent for side, extent in ((room.width(), wide), (room.height(), high)) if extent > 0]
        return min(scales, default=1.0)

    # What is drawn ------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours.colour("surface"))
        if self._image is None:
            self._image = self._draw()
        painter.drawImage(0, 0, self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.pictures is not None:
            self.pictures.draw(painter, self._in_sight())
        if self.current >= 0:
            painter.setPen(QPen(colours.colour("text"), 2))
            painter.drawEllipse(self.place_of(self.current), 8.0, 8.0)
        if self._drag is _Drag.LASSO:
            painter.setPen(QPen(colours.colour("accent"), 1.5, Qt.PenStyle.DashLine))
            shade = colours.colour("accent")
            shade.setAlphaF(0.12)
            painter.setBrush(shade)
            painter.drawPolygon(self._trail)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _draw(self) -> QImage:
        ratio = self.devicePixelRatioF()
        size = (max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        x, y = self._pixels()
        kinds, marks = self._kinds, list(self._marks)
        seen = (x >= 0) & (x < self.width()) & (y >= 0) & (y < self.height()) & (kinds >= 0)
        self._sight = np.flatnonzero(seen) if seen.sum() <= MOST else np.zeros(0, np.int64)
        if (self._picked & (kinds >= 0)).any():  # those that are picked lie on top, the others grow faint
            ground = theme().colours().surface
            faint = [Mark(QColor(mix(mark.colour.name(), ground, _FAINT)), mark.marker) for mark in marks]
            kinds = np.where(self._picked & (kinds >= 0), kinds + len(marks), kinds)
            marks = faint + marks
        image = point_canvas(x * ratio, y * ratio, kinds, marks, size, _radius(int(seen.sum())) * ratio)
        image.setDevicePixelRatio(ratio)
        return image

    def _in_sight(self) -> list[tuple[int, QPointF, QColor]]:
        """Index, place in px and colour of the points in sight, where they are few; nothing where they are many."""
        if not len(self._marks):
            return []
        return [
            (index, self.place_of(index), self._marks[int(self._kinds[index])].colour) for index in self._sight.tolist()
        ]

    def _pixels(self) -> tuple[Floats, Floats]:
        """Where the points are, (n,) each, px."""
        x = (self._x - self._middle.x()) * self._scale + self.width() / 2
        return x, (self._middle.y() - self._y) * self._scale + self.height() / 2

    def _redraw(self) -> None:
        self._image = None
        self.update()

    @Slot()
    def _on_theme(self) -> None:
        self._redraw()


def _radius(seen: int) -> float:
    """px of a point: the fewer are in sight, the larger."""
    return next((radius for most, radius in ((300, 5.0), (2000, 4.0), (8000, 3.0)) if seen <= most), 2.0)
