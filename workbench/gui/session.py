"""One session of the window: the application, its window, and what ends it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workbench import __version__
from workbench.gui.icons import application_icon
from workbench.gui.main_window import MainWindow
from workbench.gui.preferences import Preferences
from workbench.gui.theme import theme, use_c_numbers
from workbench.gui.tidying import Tidying
from workbench.gui.unforeseen import UnforeseenErrors
from workbench.gui.workspace import Workspace

_SIGNAL_POLL_MS = 200


def run_session(project: Path | None, train_at_once: bool) -> int:
    """Open the window and stay until it is closed; the exit code."""
    app = application()
    preferences = Preferences()
    theme().apply(app, preferences.theme)
    workspace = Workspace()
    window = MainWindow(workspace, preferences)
    errors = UnforeseenErrors(window)
    errors.install()
    poll = _close_on_signals(window)
    tidying = Tidying(window)
    tidying.begin()

    def begin() -> None:
        workspace.prepare()
        if train_at_once:
            window.projects.start_demo(project)
        elif project is not None:
            window.projects.open(project)

    window.painted.connect(begin)
    window.show()
    try:
        return app.exec()
    finally:
        poll.stop()
        tidying.end()
        errors.uninstall()
        workspace.close()


def application() -> QApplication:
    """The application, made where there is none yet, with its name and its icon."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    use_c_numbers()
    app.setApplicationName("Workbench")
    app.setApplicationDisplayName("Workbench")
    app.setApplicationVersion(__version__)
    app.setOrganizationName("Workbench")
    app.setDesktopFileName("workbench")
    app.setWindowIcon(application_icon())
    return app


def _close_on_signals(window: MainWindow) -> QTimer:
    """End the session properly on Ctrl+C and SIGTERM; the timer lets Python see them while Qt waits."""

    def end(*_: object) -> None:
        window.close_without_asking()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    poll = QTimer(window)
    poll.timeout.connect(_let_python_run)
    poll.start(_SIGNAL_POLL_MS)
    return poll


def _let_python_run() -> None:
    """Nothing: the interpreter handles waiting signals before it comes here."""
