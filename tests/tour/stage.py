"""A window on a stage: opened offscreen, left to live until it has settled, and photographed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from workbench.gui.main_window import MainWindow
from workbench.gui.preferences import Preferences
from workbench.gui.session import application
from workbench.gui.theme import theme
from workbench.gui.workspace import Workspace

SIZE = QSize(1280, 720)


def live(seconds: float) -> None:
    """Let the window live for that long."""
    loop = QEventLoop()
    QTimer.singleShot(int(1000 * seconds), loop.quit)
    loop.exec()


def live_until(reached: Callable[[], bool], what: str, limit_s: float = 600.0) -> None:
    """Let the window live until something holds.

    Raises:
        TimeoutError: it does not within the limit; the sentence says `what`.
    """
    end = time.monotonic() + limit_s
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come within {limit_s:g} s")
        live(0.1)


class Stage:
    """One window with its workspace; a context that ends every child.

    Args:
        out: where the pictures go.
        settle_s: how long a page is given before it is photographed.
    """

    def __init__(self, out: Path, settings: Path, font_scale: float = 1.0, settle_s: float = 2.0) -> None:
        self.app: QApplication = application()
        self._out = out
        self._settle_s = settle_s
        self._font = self.app.font()
        if font_scale != 1.0:
            scaled = self.app.font()
            scaled.setPointSizeF(scaled.pointSizeF() * font_scale)
            self.app.setFont(scaled)
        self.errors: list[str] = []
        theme().apply(self.app, "light")
        self.workspace = Workspace()
        self.workspace.failed.connect(lambda text, fix: self.errors.append(f"{text} {fix}"))
        self.window = MainWindow(self.workspace, Preferences(settings))
        self.window.resize(SIZE)
        self.window.show()
        live(0.2)

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self.workspace.close()
        self.window.hide()
        self.window.deleteLater()
        self.app.setFont(self._font)
        live(0.2)

    def open(self, project: Path) -> None:
        """Open a project and wait until its data has been read."""
        if not self.workspace.open(project):
            raise RuntimeError(f"{project} could not be opened: {self.errors}")
        live_until(lambda: self.workspace.checking is None, "the reading of the data")

    def photograph(
        self, name: str, page: str = "", settle_s: float | None = None, what: QWidget | None = None
    ) -> None:
        """Show a page in both themes and keep a picture of the window, or of another one, in each."""
        if page:
            self.window.pages.show_page(page)
        live(self._settle_s if settle_s is None else settle_s)
        for choice in ("light", "dark"):
            theme().apply(self.app, choice)
            live(0.3)
            path = self._out / f"{name}-{choice}.png"
            if not (what or self.window).grab().save(str(path)):
                raise OSError(f"{path} could not be written")
            print(path)
        theme().apply(self.app, "light")
