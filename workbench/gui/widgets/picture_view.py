"""One picture, large: fitted to its room or enlarged, moved with the mouse or the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QHideEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QHBoxLayout, QWidget

from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_LARGEST = 4096  # px: the side at which a picture is loaded; enough for any screen, small enough for memory
_STEP = 1.25
_MOST, _LEAST = 32.0, 0.02  # screen pixels per picture pixel


class PictureView(QGraphicsView):
    """A picture with buttons for fit, larger, smaller. Keys: + - for zoom, 0 to fit, 1 for its own size."""

    def __init__(self, loader: ThumbnailLoader | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._path = ""
        self._fitted = True
        self._text = self.tr("No picture")
        self._scene = QGraphicsScene(self)
        self._item = QGraphicsPixmapItem()
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._item)
        self.setScene(self._scene)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setAccessibleName(self.tr("Picture"))
        self._buttons = self._make_buttons()
        if loader is not None:
            loader.loaded.connect(self._on_loaded)

    def set_path(self, path: str) -> None:
        """Load a file in the background and show it; an empty path shows nothing."""
        if self._loader is None:
            raise RuntimeError("this view was made without a loader")
        self._path = path
        self.setAccessibleDescription(path)
        self._loader.want(self, [(path, _LARGEST)] if path else [])
        known = self._loader.image(path, _LARGEST) if path else None
        failure = self._loader.failure(path, _LARGEST) if path else ""
        if known is not None or failure or not path:
            self._show(known, failure or self.tr("No picture"))
        else:
            self._show(None, self.tr("Loading…"))

    def set_image(self, image: QImage | None) -> None:
        """Show a picture that is already there."""
        self._path = ""
        self._show(image, self.tr("No picture"))

    def fit(self) -> None:
        """Show the whole picture; small ones are enlarged at most four times."""
        self._fitted = True
        self._offer_bars(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        size = self._item.boundingRect().size()
        if size.isEmpty():
            return
        room = self.viewport().size()
        scale = min(room.width() / size.width(), room.height() / size.height(), 4.0)
        self.resetTransform()
        self.scale(scale, scale)

    def zoom(self, factor: float) -> None:
        """Enlarge (above 1) or shrink."""
        now = self.transform().m11()
        wanted = max(_LEAST, min(_MOST, now * factor))
        self._fitted = False
        self._offer_bars(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.scale(wanted / now, wanted / now)
        smooth = wanted < 4  # enlarged further, one wants to see the pixels
        mode = Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        self._item.setTransformationMode(mode)

    def scale_factor(self) -> float:
        """Screen pixels per picture pixel."""
        return self.transform().m11()

    @Slot()
    def enlarge(self) -> None:
        """One step larger."""
        self.zoom(_STEP)

    @Slot()
    def shrink(self) -> None:
        """One step smaller."""
        self.zoom(1 / _STEP)

    def sizeHint(self) -> QSize:
        return QSize(360, 270)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.enlarge()
        elif event.key() == Qt.Key.Key_Minus:
            self.shrink()
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() == Qt.Key.Key_1:
            self.zoom(1 / self.scale_factor())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_STEP ** (event.angleDelta().y() / 120))
            event.accept()
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._fitted:
            self.zoom(1 / self.scale_factor())
        else:
            self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._buttons.sizeHint()
        self._buttons.setGeometry(self.width() - size.width() - GRID, GRID, size.width(), size.height())
        if self._fitted:
            self.fit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._loader is not None:
            self._loader.want(self, [])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def drawBackground(self, painter: QPainter, rectangle: QRectF | QRect) -> None:
        painter.fillRect(rectangle, theme().colours().colour("track"))

    def drawForeground(self, painter: QPainter, rectangle: QRectF | QRect) -> None:
        if not self._item.pixmap().isNull():
            return
        painter.resetTransform()
        painter.setPen(theme().colours().colour("secondary"))
        centre = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(self.viewport().rect().adjusted(16, 16, -16, -16), centre, self._text)

    def _show(self, image: QImage | None, text: str) -> None:
        self._text = text
        self._item.setPixmap(QPixmap() if image is None else QPixmap.fromImage(image))
        self._scene.setSceneRect(self._item.boundingRect())
        self._buttons.setVisible(image is not None)
        self._item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self.fit()
        self.viewport().update()

    @Slot(str, int)
    def _on_loaded(self, path: str, side: int) -> None:
        if self._loader is not None and path == self._path and side == _LARGEST:
            self._show(self._loader.image(path, side), self._loader.failure(path, side))

    def _offer_bars(self, policy: Qt.ScrollBarPolicy) -> None:
        """A fitted picture has no bars: one that comes for a rounded pixel takes room, so that the picture is fitted to
        less and the bar goes again, without end."""
        self.setHorizontalScrollBarPolicy(policy)
        self.setVerticalScrollBarPolicy(policy)

    def _make_buttons(self) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("card", True)
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        row.addWidget(IconButton("minus", self.tr("Smaller"), self.shrink))
        row.addWidget(IconButton("fit", self.tr("Fit to the window"), self.fit))
        row.addWidget(IconButton("plus", self.tr("Larger"), self.enlarge))
        frame.hide()
        return frame
