"""A window without engine children, for tests of the frame."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from workbench.gui.main_window import MainWindow
from workbench.gui.workspace import Workspace


class QuietWorkspace(Workspace):
    """A real workspace that starts no engine child: it remembers what it was asked instead."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def check(self) -> None:
        self.asked.append("check")

    def prepare(self) -> None:
        self.asked.append("prepare")

    def train(self) -> bool:
        self.asked.append("train")
        return True

    def stop(self) -> None:
        self.asked.append("stop")

    def cancel(self) -> None:
        self.asked.append("cancel")

    def pause(self, *, release: bool = False) -> None:
        self.asked.append("pause and release" if release else "pause")
        super().pause(release=release)

    def go_on(self) -> None:
        self.asked.append("go_on")

    def set_run_state(self, state: str) -> None:
        """Pretend that the run is in that state."""
        self._set_state(state)  # type: ignore[arg-type]


def mime(*paths: Path) -> QMimeData:
    """What a file manager carries."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_over(window: MainWindow, *paths: Path) -> tuple[QDragEnterEvent, QMimeData]:
    """Carry files into the window; whether it takes them stands in the event."""
    data = mime(*paths)
    event = QDragEnterEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window.windowHandle(), event)
    return event, data


def drop(window: MainWindow, *paths: Path) -> QDropEvent:
    """Carry files into the window and let go."""
    _, data = drag_over(window, *paths)
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window.windowHandle(), event)
    return event
