"""The main window: puts bars, rail and pages together, and ties actions to those who carry them out."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QWidget

from workbench.gui.actions import PAGES, Actions
from workbench.gui.closing import Closing
from workbench.gui.command_desk import CommandDesk
from workbench.gui.drop_desk import DropDesk
from workbench.gui.notifier import Notifier
from workbench.gui.page_area import PageArea
from workbench.gui.preferences import Preferences
from workbench.gui.project_desk import ProjectDesk
from workbench.gui.rail import Rail
from workbench.gui.status_bar import StatusBar
from workbench.gui.top_bar import RecentMenu, TopBar
from workbench.gui.welcome import Welcome
from workbench.gui.workspace import Workspace

_SIZE = QSize(1280, 800)
_SMALLEST = QSize(800, 520)


class MainWindow(QMainWindow):
    """Knows no page's inside and no job.

    Signals:
        painted(): the window has been painted for the first time.
    """

    painted = Signal()

    def __init__(self, workspace: Workspace, preferences: Preferences) -> None:
        super().__init__()
        self.workspace = workspace
        self._preferences = preferences
        self._painted = False
        self.actions_ = Actions(self)
        self.projects = ProjectDesk(workspace, preferences, self)
        self.recent = RecentMenu(preferences, self)
        self.top_bar = TopBar(workspace, self.actions_, self.recent, self)
        self.rail = Rail({name: (self.actions_[f"page_{name}"], name) for name in PAGES}, self)
        new, open_, demo = (self.actions_[name] for name in ("new", "open", "demo"))
        self.welcome = Welcome(preferences, new, open_, demo)
        self.pages = PageArea(workspace, self.welcome, self)
        self.status = StatusBar(workspace, self)
        self.closing = Closing(workspace, self)
        self.drops = DropDesk(workspace, self.projects, self.pages, self)
        self.commands = CommandDesk(workspace, preferences, self.actions_, self.projects, self.pages, self.drops, self)
        self.notifier = Notifier(workspace, self.actions_["notify"], self)
        self._lay_out()
        self._connect()
        self._refresh()
        if not self.restoreGeometry(preferences.geometry):
            self.resize(_SIZE)

    def sizeHint(self) -> QSize:
        return _SIZE

    def close_without_asking(self) -> None:
        """Close now; a run that trains is cancelled and can be resumed."""
        self.closing.agree()
        self.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            self.drops.zone.watch(handle)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.closing.may_close():
            event.ignore()
            return
        self._preferences.geometry = self.saveGeometry()
        self.projects.close()
        self.notifier.close()
        self.workspace.close()
        event.accept()
        QApplication.quit()

    def _lay_out(self) -> None:
        middle = QWidget(self)
        grid = QGridLayout(middle)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.top_bar, 0, 0, 1, 2)
        grid.addWidget(self.rail, 1, 0)
        grid.addWidget(self.pages, 1, 1)
        grid.addWidget(self.status, 2, 0, 1, 2)
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(1, 1)
        self.setCentralWidget(middle)
        middle.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        middle.setFocus()  # no ring before the user asks for one
        self.setMinimumSize(_SMALLEST)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.pages.show_page)
        self.pages.changed.connect(self._on_page_changed)
        self.top_bar.job.activated.connect(self.commands.show_run)
        self.recent.chosen.connect(self.projects.open)
        self.welcome.chosen.connect(self.projects.open)
        self.projects.demo_ready.connect(self.commands.show_run)
        self.workspace.opened.connect(self._refresh)
        self.workspace.failed.connect(self.pages.notices.failed)

    def _on_page_changed(self, page: str) -> None:
        if page:
            self.rail.set_current(page)
            self.actions_[f"page_{page}"].setChecked(True)

    def _refresh(self) -> None:
        folder: Path | None = self.workspace.folder
        project = self.workspace.project
        self.pages.notices.clear()
        self.rail.setVisible(project is not None)
        self.setWindowTitle((project.name or folder.name) if project and folder else "")
        self.pages.refresh()
