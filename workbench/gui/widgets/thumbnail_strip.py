"""One row of small pictures: as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_RING = 3  # px around the row: room for the focus ring


class ThumbnailStrip(QWidget):
    """A row of square thumbnails.

    Signals:
        activated(str): the path of a picture that was clicked, or chosen with Enter.
    """

    activated = Signal(str)

    def __init__(self, loader: ThumbnailLoader, side: int = 64, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._side = side
        self._paths: list[str] = []
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Some of the pictures"))
        loader.loaded.connect(self._on_loaded)

    def set_paths(self, paths: Sequence[str]) -> None:
        """Show these pictures; those that do not fit are left out."""
        self._paths = list(paths)
        self._current = 0
        self._want()
        self._say()
        self.update()

    def shown(self) -> list[str]:
        """The pictures that fit."""
        return self._paths[: self._fitting()]

    def sizeHint(self) -> QSize:
        return QSize(6 * (self._side + GRID), self._side + 2 * _RING)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side + 2 * _RING, self._side + 2 * _RING)

    def cell(self, index: int) -> QRect:
        """Where a picture is, in px."""
        return QRect(_RING + index * (self._side + GRID), _RING, self._side, self._side)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._at(event.pos().x())
            QToolTip.showText(event.globalPos(), "" if index is None else self._describe(index), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for index in range(len(self.shown())):
            self._paint_cell(painter, index)

    def _paint_cell(self, painter: QPainter, index: int) -> None:
        colours = theme().colours()
        where = QRectF(self.cell(index))
        path = QPainterPath()
        path.addRoundedRect(where, 4, 4)
        painter.fillPath(path, colours.colour("track"))
        image = self._loader.image(self._paths[index], self._pixels())
        painter.save()
        painter.setClipPath(path)
        if image is not None:  # the middle of the picture fills the square
            painter.drawImage(where, image, middle_square(image))
            self.paint_over(painter, where, index)
        elif self._loader.failure(self._paths[index], self._pixels()):
            painter.setPen(QPen(colours.colour("bad"), 2))
            painter.drawText(where, int(Qt.AlignmentFlag.AlignCenter), "!")
        painter.restore()
        if self.hasFocus() and index == self._current:
            painter.setPen(QPen(colours.colour("accent"), 2))
            painter.drawRoundedRect(where.adjusted(-2, -2, 2, 2), 5, 5)

    def paint_over(self, painter: QPainter, where: QRectF, index: int) -> None:
        """Paint something over a picture; for subclasses."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position().toPoint().x())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._current = index
            self.activated.emit(self._paths[index])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and self.shown():
            self._current = max(0, min(len(self.shown()) - 1, self._current + steps[Qt.Key(event.key())]))
            self._say()
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.shown():
            self.activated.emit(self._paths[self._current])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._want()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._loader.want(self, [])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @Slot(str, int)
    def _on_loaded(self, path: str, side: int) -> None:
        if side == self._pixels() and path in self.shown():
            self.update()

    def _want(self) -> None:
        wanted = self.shown() if self.isVisible() else []
        self._loader.want(self, [(path, self._pixels()) for path in wanted])

    def _describe(self, index: int) -> str:
        path = self._paths[index]
        reason = self._loader.failure(path, self._pixels())
        return f"{Path(path).name}\n{reason}" if reason else Path(path).name

    def _say(self) -> None:
        shown = self.shown()
        if shown:
            words = self.tr("Picture {0} of {1}: {2}")
            name = Path(shown[min(self._current, len(shown) - 1)]).name
            self.setAccessibleDescription(words.format(self._current + 1, len(shown), name))
        else:
            self.setAccessibleDescription(self.tr("No pictures yet"))

    def _fitting(self) -> int:
        return max(1, (self.width() - 2 * _RING + GRID) // (self._side + GRID))

    def _at(self, x: int) -> int | None:
        for index in range(len(self.shown())):
            if self.cell(index).left() <= x <= self.cell(index).right():
                return index
        return None

    def _pixels(self) -> int:
        """Twice the side, so that the cut square of an oblong picture is still sharp."""
        return round(self._side * max(1.0, self.devicePixelRatioF())) * 2


def middle_square(image: QImage) -> QRectF:
    """The largest square in the middle of a picture, in its pixels."""
    edge = min(image.width(), image.height())
    return QRectF((image.width() - edge) / 2, (image.height() - edge) / 2, edge, edge)
