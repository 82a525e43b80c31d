"""A picture with another one laid over it, as strongly as wanted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsPixmapItem, QWidget

from workbench.gui.widgets.picture_view import PictureView
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class OverlayView(PictureView):
    """A PictureView whose overlay always covers the whole picture, whatever its own size.

    Signals:
        pointed(float, float): the mouse is there, in shares of the picture's width and height; -1 outside of it.
    """

    pointed = Signal(float, float)

    def __init__(self, loader: ThumbnailLoader | None = None, parent: QWidget | None = None) -> None:
        super().__init__(loader, parent)
        self._over = QGraphicsPixmapItem()
        self._over.setZValue(1)
        self._over.setTransformationMode(Qt.TransformationMode.FastTransformation)
        self._over.setOpacity(0.5)
        self._scene.addItem(self._over)
        self.viewport().setMouseTracking(True)

    def set_overlay(self, image: QImage | None) -> None:
        """Lay a picture over the one that is shown, or none."""
        self._over.setPixmap(QPixmap() if image is None else QPixmap.fromImage(image))
        self._cover()

    def has_overlay(self) -> bool:
        """Whether something is laid over the picture."""
        return not self._over.pixmap().isNull()

    def set_opacity(self, opacity: float) -> None:
        """How strongly the overlay is seen: 0 (not at all) to 1."""
        self._over.setOpacity(opacity)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        room, at = self._item.boundingRect(), self.mapToScene(event.position().toPoint())
        if not room.isEmpty() and room.contains(at):
            self.pointed.emit(at.x() / room.width(), at.y() / room.height())
        else:
            self.pointed.emit(-1.0, -1.0)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.pointed.emit(-1.0, -1.0)

    def _show(self, image: QImage | None, text: str) -> None:
        super()._show(image, text)
        self._cover()

    def _cover(self) -> None:
        room, size = self._item.boundingRect(), self._over.pixmap().size()
        self._over.setVisible(not room.isEmpty() and not size.isEmpty())
        if self._over.isVisible():
            self._over.setTransform(
                QTransform.fromScale(room.width() / size.width(), room.height() / size.height())
            )
