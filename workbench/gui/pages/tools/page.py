"""The Tools page: the list of tools, and the panel of the one that is chosen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from workbench.gui.dropped import Dropped
from workbench.gui.pages.scrolled import Scrolled
from workbench.gui.pages.tools.panel import ToolPanel
from workbench.gui.pages.tools.table import TOOLS
from workbench.gui.pages.tools.tool_list import ToolList
from workbench.gui.theme import GROUP_GAP, PAGE_EDGE
from workbench.gui.workspace import Workspace

_WIDTH = 30  # characters of a tool's sentence in a line


class ToolsPage(QWidget):
    """What can be done with a model beside training it.

    Signals:
        page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)
    icon_name = "tools"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = self.tr("Tools")
        self._workspace = workspace
        self._tools = {tool.key: tool for tool in TOOLS}
        self._panels: dict[str, ToolPanel] = {}
        self._rooms: dict[str, QWidget] = {}
        self.current = ""
        self.list = ToolList(TOOLS, self)
        self.list.chosen.connect(self._on_chosen)
        self._stack = QStackedWidget(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        layout.setSpacing(GROUP_GAP)
        layout.addWidget(self.list)
        layout.addWidget(self._stack, 1)
        self._fit()

    @property
    def help_page(self) -> str:
        """The name of the help page on the tool in front."""
        return self._tools[self.current].help if self.current else "tools"

    def drop_words(self, dropped: Dropped) -> str:
        """What the tool in front does with what is dropped; empty where it has no use for it."""
        return self._panels[self.current].drop_words(dropped) if self.current else ""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_stack"):
            self._fit()

    def shown(self) -> None:
        """The page has come to the front."""
        if not self.current and self._tools:
            self.show_tool(next(iter(self._tools)))
        elif self.current:
            self._panels[self.current].shown()

    def drop_paths(self, paths: list[Path]) -> bool:
        """Dropped files are offered to the tool in front."""
        return bool(self.current) and self._panels[self.current].drop_paths(paths)

    def show_tool(self, key: str) -> None:
        """Bring a tool to the front."""
        self.list.set_current(key)

    def panel(self, key: str) -> ToolPanel:
        """The panel of a tool, built now if it was not yet."""
        if key not in self._panels:
            panel = self._tools[key].build(self._workspace)
            panel.page_requested.connect(self.page_requested)
            room = Scrolled(panel, self)
            room.setMinimumWidth(1)  # a large font leaves some panels no room beside the list: they scroll sideways
            room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self._rooms[key] = room
            self._stack.addWidget(room)
            self._panels[key] = panel
        return self._panels[key]

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        self.current = key
        panel = self.panel(key)
        self._stack.setCurrentWidget(self._rooms[key])
        panel.shown()

    def _fit(self) -> None:
        """The list is as wide as its sentences like it."""
        self.list.setFixedWidth(_WIDTH * self.fontMetrics().averageCharWidth())
