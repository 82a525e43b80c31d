"""Ties the Train page's queue to the workspace's."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from workbench.gui.pages.train.columns import TrainColumns
from workbench.gui.workspace import Workspace


class QueueDesk(QObject):
    """Shows the queue, and passes on what the user wants of it."""

    def __init__(self, workspace: Workspace, columns: TrainColumns, parent: QObject) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._card = columns.queue
        queue = workspace.queue
        columns.controls.queue_requested.connect(queue.add)
        self._card.start_requested.connect(queue.start)
        self._card.pause_requested.connect(queue.pause)
        self._card.moved.connect(queue.move)
        self._card.removed.connect(queue.remove)
        queue.changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        queue = self._workspace.queue
        self._card.set_queue(queue.queue, self._workspace.run_state, queue.going, queue.elsewhere)
