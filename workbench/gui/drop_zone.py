"""Drops anywhere on the window: seen before any widget takes them, announced by an overlay, handed on as paths."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from workbench.gui.dropped import Dropped, paths_of, sort_out
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.label import Label

_WIDTH = 560  # px
Announcer = Callable[[Dropped], tuple[str, str]]


class DropZone(QObject):
    """Watches the drags over one window.

    Args:
        window: the window.
        announce: what a drop would do, and a second line; an empty first line refuses the drop.

    Signals:
        dropped(list[Path]): let go over the window.
    """

    dropped = Signal(list)

    def __init__(self, window: QWidget, announce: Announcer) -> None:
        super().__init__(window)
        self._window = window
        self._announce = announce
        self._welcome = False
        self.overlay = DropOverlay(window)

    def watch(self, handle: QWindow) -> None:
        """Begin; the window must have its handle."""
        handle.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.DragEnter:
            return self._enter(event)
        if isinstance(event, QDragMoveEvent) and self.overlay.isVisible():
            return self._answer(event)
        if event.type() == QEvent.Type.DragLeave and self.overlay.isVisible():
            self.overlay.hide()
            return False
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and paths_of(event.mimeData()):
            return self._drop(event)
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        paths = paths_of(event.mimeData())
        if not paths:
            return False
        text, hint = self._announce(sort_out(paths))
        self._welcome = bool(text)
        self.overlay.show_over(self._window, text or hint, hint if text else "", self._welcome)
        return self._answer(event)

    def _answer(self, event: QDragMoveEvent) -> bool:
        """Copy, never move: the pictures stay where they are."""
        if self._welcome:
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self.overlay.hide()
        paths: list[Path] = paths_of(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.dropped.emit(paths)
        return True


class DropOverlay(QWidget):
    """Says over the whole window what will happen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._welcome = True
        self.text = Label("", "page", bold=True, wrap=True, parent=self)
        self.hint = Label("", "body", "secondary", wrap=True, parent=self)
        self._card = QFrame(self)
        self._card.setProperty("card", True)
        self._card.setMaximumWidth(_WIDTH)
        inner = QVBoxLayout(self._card)
        inner.setContentsMargins(5 * GRID, 4 * GRID, 5 * GRID, 4 * GRID)
        for label in (self.text, self.hint):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inner.addWidget(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8 * GRID, 8 * GRID, 8 * GRID, 8 * GRID)
        layout.addStretch(1)
        layout.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.hide()

    def show_over(self, window: QWidget, text: str, hint: str, welcome: bool) -> None:
        """Cover the window and say this."""
        self._welcome = welcome
        self.text.setText(text)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.setAccessibleName(f"{text} {hint}".strip())
        self._card.setMinimumWidth(min(_WIDTH, window.width() // 2))
        self.setGeometry(window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        veil = QColor(colours.window)
        veil.setAlphaF(0.8)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), veil)
        pen = QPen(colours.colour("accent" if self._welcome else "border"), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(16, 16, -16, -16), 12, 12)
