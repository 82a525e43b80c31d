"""A camera's live picture, and the button that takes it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QImage, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.try_out.camera import Camera
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.picture_view import PictureView


class CameraPanel(QWidget):
    """Runs the camera while it is in sight, and no longer.

    Signals:
        taken(QImage): this picture shall be answered.
    """

    taken = Signal(QImage)

    def __init__(self, camera: Camera, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.camera = camera
        self._seen: QImage | None = None
        self.view = PictureView(parent=self)
        self.view.setAccessibleName(self.tr("What the camera sees"))
        self.cameras = ComboBox(self)
        self.cameras.setAccessibleName(self.tr("Which camera"))
        self.take = Button(self.tr("Take this picture"), "camera", "primary", self.take_picture)
        self.take.setAccessibleName(self.take.text())
        self.take.setToolTip(self.tr("Ask the model about what the camera sees now (Space)"))
        self.problem = Label("", "body", "bad", wrap=True)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.cameras)
        foot.addStretch(1)
        foot.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.problem)
        layout.addLayout(foot)
        camera.seen.connect(self._on_seen)
        camera.failed.connect(self._on_failed)
        self.cameras.activated.connect(self._start)

    @Slot()
    def take_picture(self) -> None:
        """Have what is seen now answered."""
        if self._seen is not None:
            self.taken.emit(self._seen)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not event.spontaneous():
            self._offer()
            self._start()
            self.take.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.camera.stop()
            self._show(None)

    def _offer(self) -> None:
        names = self.camera.names()
        self.cameras.set_choices(names)
        self.cameras.setVisible(len(names) > 1)

    @Slot()
    def _start(self) -> None:
        self.problem.hide()
        self._show(None)
        self.camera.start(max(0, self.cameras.currentIndex()))

    def _show(self, image: QImage | None) -> None:
        self._seen = image
        self.view.set_image(image)
        self.take.setEnabled(image is not None)

    @Slot(QImage)
    def _on_seen(self, image: QImage) -> None:
        first = self._seen is None
        self._show(image)
        if first:
            self.take.setFocus()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self._show(None)
        self.problem.setText(problem)
        self.problem.show()
