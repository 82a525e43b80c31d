"""What the page asks the model of one picture: where a head looked, the training pictures like it, its mask."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.looking.dialog import Asked, LookingDialog
from workbench.gui.pages.neighbours.dialog import NeighboursDialog
from workbench.gui.pages.results.mask_questions import MaskQuestions
from workbench.gui.pages.results.run_view import RunView
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace


class PictureDesk(QObject):
    """Answers what a run's view asks of its pictures.

    Attributes:
        run: whose model is asked.
    """

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, view: RunView, page: QWidget) -> None:
        super().__init__(page)
        self.run = ""
        self.looking = LookingDialog(workspace, loader, page)
        self.neighbours = NeighboursDialog(workspace, loader, page)
        self._masks = MaskQuestions(workspace, self)
        view.mask_wanted.connect(self._on_mask)
        view.looking_wanted.connect(self._on_looking)
        view.neighbours_wanted.connect(self._on_neighbours)
        self._masks.answered.connect(view.task.show_masks)
        self._masks.failed.connect(view.task.show_failure)
        workspace.opened.connect(self._masks.forget)

    @Slot(str, str, list)
    def look(self, image: str, task: str, classes: list[str]) -> None:
        """Show where the head of a task looked; `classes` that it tells apart, none of a number."""
        self.looking.ask(Asked(self.run, image, task, classes))

    @Slot(str, str)
    def show_neighbours(self, image: str, task: str) -> None:
        """Show the training pictures most like one."""
        self.neighbours.ask(self.run, image, task)

    @Slot(object, str)
    def _on_looking(self, task: TaskResult, image: str) -> None:
        self.look(image, task.name, [] if task.kind == "number" else task.classes)

    @Slot(object, str)
    def _on_neighbours(self, task: TaskResult, image: str) -> None:
        self.show_neighbours(image, task.name)

    @Slot(str)
    def _on_mask(self, image: str) -> None:
        self._masks.ask(self.run, image)
