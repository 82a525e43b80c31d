"""The room of the pages: welcome or the chosen page, with notices above."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.notices import Notices
from workbench.gui.page_table import BUILDERS, NAMES, Page
from workbench.gui.workspace import Workspace


class PageArea(QWidget):
    """Builds each page when it is first shown.

    Signals:
        changed(str): another page is in front; empty while the welcome is.
        built(str): a page was built, for it is shown for the first time.
    """

    changed = Signal(str)
    built = Signal(str)

    def __init__(self, workspace: Workspace, welcome: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._pages: dict[str, Page] = {}
        self._wanted = NAMES[0]
        self._welcome = welcome
        self.notices = Notices(self)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(welcome)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self._stack, 1)

    @property
    def current(self) -> str:
        """The page in front; empty while the welcome is."""
        return self._wanted if self._stack.currentWidget() is not self._welcome else ""

    def show_page(self, name: str) -> None:
        """Bring a page to the front, as "tools/KEY" with that tool before the others; the welcome stands before all
        while no project is open."""
        self._wanted, _, tool = name.partition("/")
        self.refresh()
        if tool and self.current == "tools":
            from workbench.gui.pages.tools.page import ToolsPage

            tools = self.page("tools")
            assert isinstance(tools, ToolsPage)
            tools.show_tool(tool)

    def refresh(self) -> None:
        """Show what belongs in front now."""
        if self._workspace.project is None:
            self._stack.setCurrentWidget(self._welcome)
        else:
            page = self.page(self._wanted)
            assert isinstance(page, QWidget)
            self._stack.setCurrentWidget(page)
            page.shown()
        self.changed.emit(self.current)

    def page(self, name: str) -> Page:
        """The page of that name, built now if it was not yet."""
        if name not in self._pages:
            widget = BUILDERS[name](self._workspace)
            page = cast("Page", widget)
            page.page_requested.connect(self.show_page)
            self._stack.addWidget(widget)
            self._pages[name] = page
            self.built.emit(name)
        return self._pages[name]

    def drop_paths(self, paths: list[Path]) -> bool:
        """Offer dropped paths to the page in front; whether it took them."""
        return bool(self.current) and self.page(self.current).drop_paths(paths)
