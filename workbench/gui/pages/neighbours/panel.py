"""The nearest training pictures of a picture: asked for, and shown with their labels."""

from __future__ import annotations

import os

from PySide6.QtCore import QModelIndex, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.neighbours.document import Neighbour, Neighbours, parse_neighbours, summary
from workbench.gui.pages.question import Question
from workbench.gui.pages.working import Working
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.gallery import Gallery
from workbench.gui.widgets.gallery_model import GalleryItem
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace


class NeighboursPanel(QWidget):
    """Asks the engine for the neighbours of a picture, and shows them; a mark says whether the label is the same.

    Args:
        side: of the small pictures, px.

    Signals:
        chosen(str): a neighbour was clicked, or chosen with Enter; its path.
        shown(): neighbours are there, or it was said why not.
    """

    chosen = Signal(str)
    shown = Signal()

    def __init__(
        self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None, *, side: int = 96
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._found: Neighbours | None = None
        self._wanted = ""
        self._question = Question(workspace, self, parse_neighbours)
        self.title = ElidedLabel(self.tr("Nearest training pictures"), "body", bold=True)
        self.tasks = ComboBox(self)
        self.tasks.setAccessibleName(self.tr("Whose labels the neighbours show"))
        self.working = Working(self.tr("How much of the search is done"), self.tr("Stop looking for neighbours"), self)
        self.state = Label("", "body", "secondary", figures=True, wrap=True)
        self.gallery = Gallery(loader, side, self, letters=14)
        self.gallery.setAccessibleName(self.title.text())
        self.gallery.setSelectionMode(Gallery.SelectionMode.SingleSelection)
        room = self.gallery.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.gallery.setSizePolicy(room)
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(self.title, 1)
        head.addWidget(self.tasks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self.working)
        layout.addWidget(self.state)
        layout.addWidget(self.gallery, 1)
        self._connect()
        self.clear()

    def ask(self, run: str, image: str, task: str = "") -> None:
        """Look for the neighbours of a picture by a run's model; `task` is whose labels are shown first."""
        if self._workspace.folder is None:
            return
        self.clear()
        self._wanted = task or self._wanted
        self.working.begin()
        self.working.show()
        self._question.ask(["neighbours", str(self._workspace.folder), image, "--run", run])

    @Slot()
    def clear(self) -> None:
        """Show nothing, and want nothing any more."""
        self._question.give_up()
        self._found = None
        self.working.hide()
        self.state.set_tone("secondary")
        self._show()

    def set_task(self, task: str) -> None:
        """Show the labels of a task."""
        self._wanted = task
        self._show()

    @Slot(object)
    def _on_answered(self, found: Neighbours) -> None:
        self._found = found
        self._show()
        self.shown.emit()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.state.set_tone("bad")
        self.state.setText(problem)
        self.state.show()
        self.shown.emit()

    def _show(self) -> None:
        found, task = self._found, self._wanted
        names = list(found.tasks) if found is not None else []
        if task not in names:
            task = names[0] if names else ""
        self.tasks.set_choices(names, task)
        self.tasks.setVisible(len(names) > 1)
        self.gallery.setVisible(found is not None)
        self.gallery.set_items([self._item(each, task) for each in found.neighbours] if found is not None else [])
        self.state.setText(summary(found, task) if found is not None and task else "")
        self.state.setVisible(bool(self.state.text()))

    def _item(self, each: Neighbour, task: str) -> GalleryItem:
        assert self._workspace.folder is not None
        path = os.path.abspath(self._workspace.folder / each.image)
        label = each.labels.get(task) or ""
        away = self.tr("{0} away").format(f"{each.distance:.3f}")
        others = [f"{name}: {text}" for name, text in each.labels.items() if text is not None]
        return GalleryItem(path, label or away, each.same.get(task), "\n".join([away, *others, path]))

    @Slot(int)
    def _on_task(self, _row: int) -> None:
        self.set_task(self.tasks.currentText())

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.chosen.emit(self.gallery.items()[index.row()].path)

    def _connect(self) -> None:
        self._question.progressed.connect(self.working.advance)
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self._on_failed)
        self._question.ended.connect(self.working.hide)
        self._workspace.opened.connect(self.clear)
        self.working.cancel.clicked.connect(self.clear)
        self.tasks.activated.connect(self._on_task)
        self.gallery.clicked.connect(self._on_clicked)
        self.gallery.picture_activated.connect(self.chosen)
