"""What can stand in place of a run's results, each made when first wanted: its curves, and the map of its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.map.panel import MapPanel
from workbench.gui.pages.results.picture_desk import PictureDesk
from workbench.gui.pages.results.run_view import RunView
from workbench.gui.pages.task_places import task_places
from workbench.gui.pages.train.curves import task_names
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace
from workbench.project.history import RunHistory
from workbench.project.runs import RunInfo

if TYPE_CHECKING:
    from workbench.gui.pages.results.run_curves import RunCurves


class Beside(QObject):
    """Fills a run's view with its curves or its map, whichever its buttons want.

    Attributes:
        curves, map: None until they are wanted.

    Signals:
        failed(str): the curves cannot be read, and why.
    """

    failed = Signal(str)

    def __init__(
        self, workspace: Workspace, loader: ThumbnailLoader, view: RunView, pictures: PictureDesk, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._loader = loader
        self._view = view
        self._pictures = pictures
        self._owner = parent
        self._run: RunInfo | None = None
        self.curves: RunCurves | None = None
        self.map: MapPanel | None = None
        self._histories = Loader(self)
        self._histories.loaded.connect(self._on_history)
        self._histories.failed.connect(self.failed)
        view.curves_requested.connect(self._on_curves)
        view.map_requested.connect(self._on_map)

    def choose(self, run: RunInfo | None) -> None:
        """Another run is chosen: what is asked of the one before is given up."""
        if self.curves is not None and (run is None or self._run is None or run.run != self._run.run):
            self.curves.leave()
        self._run = run

    def show_run(self, run: RunInfo) -> None:
        """Show what is wanted of a run."""
        self._run = run
        if self._view.curves.isChecked():
            self._on_curves(True)
        if self._view.map.isChecked():
            self._on_map(True)

    @Slot(bool)
    def _on_curves(self, wanted: bool) -> None:
        if wanted and self._run is not None:
            self._histories.load(RunHistory.read, self._run.folder)

    @Slot(object)
    def _on_history(self, history: RunHistory) -> None:
        if self._run is None:
            return
        if self.curves is None:
            from workbench.gui.pages.results.run_curves import RunCurves

            self.curves = RunCurves(self._workspace, self._owner)
        places = task_places(self._workspace.project, task_names(history))
        self.curves.show_run(self._run, history, places)
        self._view.show_curves(self.curves)

    @Slot(bool)
    def _on_map(self, wanted: bool) -> None:
        if self.map is None:
            self.map = MapPanel(self._workspace, self._loader, self._owner)
            self.map.looking_wanted.connect(self._pictures.look)
            self.map.neighbours_wanted.connect(self._pictures.show_neighbours)
        if not wanted:
            self.map.leave()
        elif self._run is not None:
            self.map.show_run(self._run.run, self._run.folder)
            self._view.show_map(self.map)
