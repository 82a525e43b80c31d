"""The head of each task, with its settings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.project import Task
from workbench.gui.pages.model.task_head import TaskHead
from workbench.gui.theme import GRID


class HeadsPanel(QWidget):
    """Signals:
    set_requested(str, str, object): task, setting, value.
    """

    set_requested = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heads: dict[str, TaskHead] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID // 2)

    def show_heads(self, tasks: Sequence[Task], stages: int) -> None:
        """Show the heads of these tasks on a backbone of that many stages; what is open stays open."""
        names = [task.name for task in tasks]
        if names != list(self.heads):
            self._build(names)
        for place, task in enumerate(tasks):
            self.heads[task.name].show_task(task, place, stages)

    def _build(self, names: list[str]) -> None:
        kept = {name: head for name, head in self.heads.items() if name in names}
        for name, head in self.heads.items():
            self._column.removeWidget(head)
            if name not in kept:
                head.hide()
                head.deleteLater()
        self.heads = {name: kept.get(name) or self._make(name) for name in names}
        for head in self.heads.values():
            self._column.addWidget(head)

    def _make(self, name: str) -> TaskHead:
        head = TaskHead(name, self)
        head.set_requested.connect(self.set_requested)
        return head
