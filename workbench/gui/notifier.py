"""The end of a run told on the desktop, to somebody who works elsewhere; only where the user wants it."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from workbench.core.events import Event, RunEnded
from workbench.gui.icons import application_icon
from workbench.gui.numbers import duration
from workbench.gui.workspace import Workspace
from workbench.project.notify import notify
from workbench.project.runs import run_number


class Notifier(QObject):
    """Tells by the tray where the system has one, else by its own program for notices; the task bar's entry calls too.

    Args:
        wanted: the action that is checked while the user wants to be told.
    """

    def __init__(self, workspace: Workspace, wanted: QAction, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._wanted = wanted
        self._window = window
        self._tray: QSystemTrayIcon | None = None
        workspace.run_advanced.connect(self._on_run_advanced)

    @Slot(list)
    def _on_run_advanced(self, events: list[Event]) -> None:
        ended = next((event for event in events if isinstance(event, RunEnded)), None)
        if ended is not None and self._wanted.isChecked():
            QApplication.alert(self._window)
            self.tell(self._window.windowTitle() or "Workbench", self._words(ended))

    def tell(self, title: str, text: str) -> None:
        """Show a notice on the desktop."""
        if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._show_tray().showMessage(title, text, application_icon())
        else:
            threading.Thread(target=notify, args=(title, text), name="notice", daemon=True).start()

    def close(self) -> None:
        """Take the tray's icon away."""
        if self._tray is not None:
            self._tray.hide()

    def _show_tray(self) -> QSystemTrayIcon:
        if self._tray is None:
            self._tray = QSystemTrayIcon(application_icon(), self)
            self._tray.setToolTip(QApplication.applicationDisplayName())
            self._tray.activated.connect(self.to_front)
            self._tray.messageClicked.connect(self.to_front)
        self._tray.show()
        return self._tray

    @Slot()
    def to_front(self) -> None:
        """Show the window, as whoever clicks the notice wants."""
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self.close()

    def _words(self, ended: RunEnded) -> str:
        name = self._workspace.run_name
        if number := run_number(name):
            name = self.tr("Run {0:03d}").format(number)
        words = {
            "finished": self.tr("{0} has finished after {1}."),
            "stopped": self.tr("{0} was stopped after {1}; its model is kept."),
            "interrupted": self.tr("{0} was interrupted after {1}."),
            "failed": self.tr("{0} has failed after {1}."),
        }[ended.status]
        return words.format(name or self.tr("The run"), duration(ended.elapsed_s))
