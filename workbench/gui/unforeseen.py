"""What happens to an exception that nobody caught in the window: it is told, once, and written to standard error."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, QThread, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from workbench.core.errors import WorkbenchError


class UnforeseenErrors(QObject):
    """Shows one dialog at a time; errors that come while it is open are only written.

    Signals:
        happened(str, str): an error of any thread: its sentence and its traceback.
    """

    happened = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._open: QMessageBox | None = None
        self.happened.connect(self._show)

    def install(self) -> None:
        """Take over `sys.excepthook`."""
        sys.excepthook = self._handle

    def uninstall(self) -> None:
        """Give it back."""
        sys.excepthook = sys.__excepthook__

    def _handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        sys.__excepthook__(kind, error, trace)
        if issubclass(kind, KeyboardInterrupt):
            if QThread.currentThread() is self.thread():
                QTimer.singleShot(0, self._window.close)
            return
        text = str(error) if isinstance(error, WorkbenchError) else f"{kind.__name__}: {error}"
        self.happened.emit(text, "".join(traceback.format_exception(kind, error, trace)))

    def _show(self, text: str, details: str) -> None:
        if self._open is not None or QCoreApplication.closingDown():
            return
        box = QMessageBox(
            QMessageBox.Icon.Warning, self.tr("Something unforeseen went wrong"), text, parent=self._window
        )
        box.setInformativeText(
            self.tr("Your project and its runs are kept. You can go on; if it happens again, open the window anew.")
        )
        box.setDetailedText(details)
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        box.finished.connect(self._closed)
        self._open = box
        box.open()

    def _closed(self) -> None:
        if self._open is not None:
            self._open.deleteLater()
            self._open = None
