"""What happens to what is dropped on the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from workbench.gui.drop_zone import DropZone
from workbench.gui.dropped import Dropped, announce, sort_out
from workbench.gui.page_area import PageArea
from workbench.gui.project_desk import ProjectDesk
from workbench.gui.workspace import Workspace

if TYPE_CHECKING:
    from workbench.gui.pages.data.page import DataPage
    from workbench.gui.pages.tools.page import ToolsPage


class DropDesk(QObject):
    """Sends drops to the page in front, to the data page, or to a new project."""

    def __init__(self, workspace: Workspace, projects: ProjectDesk, pages: PageArea, window: QWidget) -> None:
        super().__init__(window)
        self._workspace = workspace
        self._projects = projects
        self._pages = pages
        self.zone = DropZone(window, self._announce)
        self.zone.dropped.connect(self.take)

    def take(self, paths: list[Path]) -> None:
        """Carry a drop out."""
        dropped = sort_out(paths)
        if dropped.project is not None:
            self._projects.open(dropped.project)
        elif self._pages.drop_paths(paths):
            return
        elif dropped.sources:
            self.add_sources(dropped.sources)
        elif dropped.pictures and self._workspace.project is not None:
            self._pages.show_page("try")
            self._pages.drop_paths(dropped.pictures)
        else:
            self._workspace.failed.emit(*self._refusal(dropped))

    def add_sources(self, sources: list[Path]) -> None:
        """Make tasks of folders and tables, in a new project where none is open."""
        if self._workspace.project is None:
            reason = self.tr("The pictures become tasks of a new project.")
            name = sources[0].parent.name if len(sources) > 1 or sources[0].is_file() else sources[0].name
            self._projects.ask_new(name, reason, lambda: self.add_sources(sources))
            return
        self._pages.show_page("data")
        self.data_page().add_sources(sources)

    def ask_masks(self) -> None:
        """Let the user choose a folder of pictures and a folder of masks."""
        self._pages.show_page("data")
        self.data_page().adding.ask_masks()

    def data_page(self) -> DataPage:
        """The data page, built if it was not yet."""
        from workbench.gui.pages.data.page import DataPage

        page = self._pages.page("data")
        assert isinstance(page, DataPage)
        return page

    def _tools_page(self) -> ToolsPage:
        from workbench.gui.pages.tools.page import ToolsPage

        page = self._pages.page("tools")
        assert isinstance(page, ToolsPage)
        return page

    def _announce(self, dropped: Dropped) -> tuple[str, str]:
        is_open = self._workspace.project is not None
        front = self._pages.current
        tool = self._tools_page().drop_words(dropped) if front == "tools" else ""
        return announce(dropped, project_open=is_open, asks_model=front == "try", tool=tool)

    def _refusal(self, dropped: Dropped) -> tuple[str, str]:
        if dropped.pictures:
            text = self.tr("Pictures alone say nothing about classes.")
            return text, self.tr("Drop the folder that holds one folder a class.")
        return self.tr("None of this is a folder, a CSV file or a picture."), self.tr(
            "Drop folders of pictures or CSV files."
        )
