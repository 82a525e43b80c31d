"""The head of a tool that works on one run: what the tool is for, which run it is, and what went wrong."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.run_list import RunList
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.workspace import Workspace


class RunHead(QWidget):
    """The head; its owner fills the box of runs whenever `list` has changed.

    Args:
        what: the tool is for, in a sentence or two.
        which: run is asked for, to screen readers.

    Attributes:
        list: all runs of the project.
        runs: the box; `field` holds it and its name.
        problem: what went wrong; hidden until there is something.
    """

    def __init__(self, workspace: Workspace, what: str, which: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = RunList(workspace, self)
        self.runs = ComboBox(self)
        self.runs.setAccessibleName(which)
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.problem.hide()
        name = Label(self.tr("Run"), "body", "secondary")
        name.setBuddy(self.runs)
        self.field = QWidget(self)
        row = QHBoxLayout(self.field)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(name)
        row.addWidget(self.runs)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GROUP_GAP)
        for widget in (Label(what, "body", "secondary", wrap=True), self.field, self.problem):
            column.addWidget(widget)
        self.list.failed.connect(self.problem.show_problem)
