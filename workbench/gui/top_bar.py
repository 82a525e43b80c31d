"""The top bar: menu, project, the running job, the palette."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from workbench.gui.actions import Actions
from workbench.gui.icons import set_icon
from workbench.gui.job_indicator import JobIndicator
from workbench.gui.preferences import Preferences
from workbench.gui.theme import GRID, font, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.workspace import Workspace


class RecentMenu(QMenu):
    """The recent projects, read anew each time it opens.

    Signals:
        chosen(object): the folder (Path) of the project to open.
    """

    chosen = Signal(object)

    def __init__(self, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setTitle(self.tr("Open recent"))
        self.setToolTipsVisible(True)
        set_icon(self.menuAction(), "clock")
        self.aboutToShow.connect(self.fill)
        self.fill()

    def fill(self) -> None:
        """List the projects that are still there."""
        self.clear()
        folders = self._preferences.recent()
        for folder in folders:
            action = self.addAction(self.fontMetrics().elidedText(folder.name, Qt.TextElideMode.ElideMiddle, 320))
            action.setToolTip(str(folder))
            action.triggered.connect(lambda _=False, folder=folder: self._choose(folder))
        if folders:
            self.addSeparator()
            self.addAction(self.tr("Forget this list"), self._preferences.clear_recent)
        else:
            self.addAction(self.tr("No project was opened yet")).setEnabled(False)

    def _choose(self, folder: Path) -> None:
        self.chosen.emit(folder)


class TopBar(QWidget):
    """Always in sight, above every page."""

    def __init__(
        self, workspace: Workspace, actions: Actions, recent: RecentMenu, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.menu_button = IconButton("menu", self.tr("Menu (F10)"), parent=self)
        self.menu_button.setMenu(actions.menu(recent))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setShortcut(QKeySequence("F10"))
        self.project_button = _ProjectButton(self)
        self.project_button.setMenu(_project_menu(actions, recent, self))
        self.job = JobIndicator(workspace, actions["pause"], actions["stop"], self)
        self.palette_button = IconButton("search", self.tr("Find an action (Ctrl+K)"), parent=self)
        self.palette_button.clicked.connect(actions["palette"].trigger)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.menu_button)
        layout.addWidget(self.project_button)
        layout.addStretch(1)
        layout.addWidget(self.job, 2)
        layout.addWidget(self.palette_button)
        workspace.opened.connect(self.refresh)
        workspace.project_changed.connect(self.refresh)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.project_button.fit(self.width() // 3)

    def refresh(self) -> None:
        """Show the name of the open project."""
        project, folder = self._workspace.project, self._workspace.folder
        name = (project.name or (folder.name if folder else "")) if project else self.tr("No project")
        self.project_button.show_name(name, str(folder or ""))


_LETTERS = 12  # of a project's name that are always shown


class _ProjectButton(QToolButton):
    """The project's name; a long one elides in the middle."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands behind the name
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._room = 0
        set_icon(self, "chevron-down", "secondary", 16)
        theme().changed.connect(self._dress)
        self._dress()

    @Slot()
    def _dress(self) -> None:
        self.setFont(font("title", bold=True))
        self._elide()

    def fit(self, room: int) -> None:
        """Take that much of the bar, px, for the name."""
        self._room = room
        self._elide()

    def _elide(self) -> None:
        room = max(self._room, _LETTERS * self.fontMetrics().averageCharWidth())
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room))

    def show_name(self, name: str, folder: str) -> None:
        """Show a project's name."""
        self._name = name
        self._elide()
        self.setToolTip(f"{name}\n{folder}" if folder else name)
        self.setAccessibleName(self.tr("Project: {0}").format(name))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, super().minimumSizeHint().height())


def _project_menu(actions: Actions, recent: RecentMenu, parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.addActions([actions["new"], actions["open"]])
    menu.addMenu(recent)
    menu.addSeparator()
    menu.addActions([actions["save_copy"], actions["show_folder"]])
    return menu
