"""The runs that wait, in what order, and whether the next begins."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.pages.train.queue_list import QueueList
from workbench.gui.pages.train.queue_words import what_next
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.card import Card
from workbench.gui.workspace import RunState
from workbench.project.queue import Queue


class QueueCard(Card):
    """Hidden while nothing waits.

    Signals:
        start_requested(), pause_requested(): what was pressed.
        moved(str, int), removed(str): as of the list.
    """

    start_requested = Signal()
    pause_requested = Signal()
    moved = Signal(str, int)
    removed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Queue"), caption=" ", parent=parent)
        self._going = False
        self.list = QueueList(self)
        self.list.moved.connect(self.moved)
        self.list.removed.connect(self.removed)
        self.list.currentRowChanged.connect(self._on_row)
        self.up = IconButton("chevron-up", self.tr("Sooner (Alt+Up)"), self._on_up)
        self.down = IconButton("chevron-down", self.tr("Later (Alt+Down)"), self._on_down)
        self.remove = IconButton("trash", self.tr("Remove from the queue (Delete)"), self.list.remove_current)
        self.switch = Button("", "play", clicked=self._on_switch)
        for button in (self.up, self.down, self.remove, self.switch):
            self.add_action(button)
        self.add(self.list)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def set_queue(self, queue: Queue, state: RunState, going: bool, elsewhere: str) -> None:
        """Show what waits, and when the next begins; `elsewhere` is the run that another program trains."""
        self._going = going
        self.setVisible(bool(queue.runs))
        self.set_caption(what_next(state, going, elsewhere))
        self.switch.setText(self.tr("Pause") if going else self.tr("Start"))
        pausing = self.tr("Begin no further run; one that trains goes on")
        self.switch.setToolTip(pausing if going else self.tr("Begin one run after another"))
        self.switch.setAccessibleName(self.tr("Pause the queue") if going else self.tr("Start the queue"))
        self.switch.set_icon("pause" if going else "play")
        self.list.set_queue(queue)
        self._on_row()

    @Slot()
    def _on_row(self) -> None:
        row = self.list.currentRow()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.list.count() - 1)
        self.remove.setEnabled(row >= 0)

    @Slot()
    def _on_up(self) -> None:
        self.list.move_current(-1)

    @Slot()
    def _on_down(self) -> None:
        self.list.move_current(1)

    @Slot()
    def _on_switch(self) -> None:
        (self.pause_requested if self._going else self.start_requested).emit()
