"""A camera's pictures, by Qt Multimedia where the extra is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QObject, Signal, Slot
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QVideoFrame

_BETWEEN_MS = 40  # pictures that come sooner are passed over: the window has more to do


class Camera(QObject):
    """One of the cameras at a time.

    Signals:
        seen(QImage): what it sees now, many times a second.
        failed(str): it cannot be used, and why.
    """

    seen = Signal(QImage)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._since = QElapsedTimer()
        self._camera: QCamera | None = None
        self._session: QMediaCaptureSession | None = None

    def missing(self) -> str:
        """Why there is no camera, for people; empty where there is one."""
        if find_spec("PySide6.QtMultimedia") is None:
            words = _tr("A camera needs Qt Multimedia: {0}. Then open the program again.")
            return words.format('pip install "finetune-workbench[camera]"')
        try:
            return "" if self.names() else _tr("No camera is connected.")
        except ImportError as error:
            return _tr("Qt Multimedia cannot be loaded: {0}").format(error)

    def names(self) -> list[str]:
        """The cameras that are connected."""
        from PySide6.QtMultimedia import QMediaDevices

        return [device.description() for device in QMediaDevices.videoInputs()]

    def start(self, place: int) -> None:
        """Show what the camera at that place of `names` sees."""
        from PySide6.QtMultimedia import QCamera, QMediaCaptureSession, QMediaDevices, QVideoSink

        self.stop()
        devices = QMediaDevices.videoInputs()
        if place >= len(devices):
            self.failed.emit(_tr("No camera is connected."))
            return
        self._session = QMediaCaptureSession(self)
        sink = QVideoSink(self._session)
        sink.videoFrameChanged.connect(self._on_frame)
        self._session.setVideoSink(sink)
        self._camera = QCamera(devices[place], self._session)
        self._camera.errorOccurred.connect(self._on_error)
        self._session.setCamera(self._camera)
        self._camera.start()

    def stop(self) -> None:
        """Let go of the camera: its light goes out."""
        if self._camera is not None and self._session is not None:
            self._camera.stop()
            self._session.deleteLater()
            self._camera = self._session = None

    @Slot(object)
    def _on_frame(self, frame: QVideoFrame) -> None:
        if self._since.isValid() and self._since.elapsed() < _BETWEEN_MS:
            return
        self._since.start()
        image = frame.toImage()
        if not image.isNull():
            self.seen.emit(image)

    @Slot(object, str)
    def _on_error(self, _error: object, words: str) -> None:
        self.failed.emit(_tr("The camera cannot be used: {0}").format(words))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Camera", text)
