"""The card beside a point of the map: its picture in small, the file's name, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import CORNER, GRID, font, theme
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_SIDE = 96  # px of the picture
_LETTERS = 34  # of a line; longer ones are cut
_AWAY = 16  # px from the point


class PointCard(QWidget):
    """A panel that lets the mouse through."""

    def __init__(self, loader: ThumbnailLoader, parent: QWidget) -> None:
        super().__init__(parent)
        self._loader = loader
        self._path = ""
        self._lines: list[str] = []
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        loader.loaded.connect(self._on_loaded)

    def tell(self, path: str, lines: Sequence[str], place: QPointF) -> None:
        """Show a picture and lines about it beside a place of the parent, px."""
        self._path, self._lines = path, list(lines)
        self.resize(self.sizeHint())
        left, top = place.x() + _AWAY, place.y() - self.height() / 2
        if left + self.width() > self.parentWidget().width():
            left = place.x() - _AWAY - self.width()
        top = max(2.0, min(top, self.parentWidget().height() - self.height() - 2))
        self.move(int(max(2.0, left)), int(top))
        self.show()
        self._loader.want(self, [(path, self._pixels())])
        self.update()

    def text(self) -> str:
        """All that is told, for screen readers and tests; empty where nothing is."""
        return "" if self.isHidden() else "; ".join(self._lines)

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(self._cut(line)) for line in self._lines), default=0)
        return QSize(
            max(_SIDE, widest) + 2 * GRID, _SIDE + 2 * GRID + len(self._lines) * metrics.height() + GRID // 2
        )

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._loader.want(self, [])

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(colours.colour("border"), 1))
        painter.setBrush(colours.colour("surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        square = QRect((self.width() - _SIDE) // 2, GRID, _SIDE, _SIDE)
        image = self._loader.image(self._path, self._pixels())
        painter.setPen(Qt.PenStyle.NoPen)
        if image is None:
            painter.setBrush(colours.colour("track"))
            painter.drawRoundedRect(square, 4, 4)
            if self._loader.failure(self._path, self._pixels()):
                painter.setPen(colours.colour("secondary"))
                painter.setFont(font("caption"))
                wrap = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
                painter.drawText(square.adjusted(6, 6, -6, -6), wrap, self.tr("cannot be read"))
        else:
            size = image.size().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
            where = QRect(0, 0, size.width(), size.height())
            where.moveCenter(square.center())
            painter.drawImage(where, image)
        metrics = self.fontMetrics()
        top = square.bottom() + GRID // 2 + metrics.ascent()
        for at, line in enumerate(self._lines):
            painter.setFont(font("caption", bold=not at))
            painter.setPen(colours.colour("text" if at else "secondary"))
            painter.drawText(GRID, top + at * metrics.height(), self._cut(line))

    def _cut(self, line: str) -> str:
        metrics = self.fontMetrics()
        return metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, _LETTERS * metrics.averageCharWidth())

    def _pixels(self) -> int:
        return round(_SIDE * max(1.0, self.devicePixelRatioF()))

    @Slot(str, int)
    def _on_loaded(self, path: str, _side: int) -> None:
        if path == self._path:
            self.update()
