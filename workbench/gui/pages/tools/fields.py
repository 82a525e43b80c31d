"""Named fields under each other, each name in the middle of its field's height."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.label import Label


def fields(named: Sequence[tuple[str, QWidget]]) -> QGridLayout:
    """A layout of names and fields."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(GROUP_GAP)
    grid.setVerticalSpacing(GRID)
    for row, (words, field) in enumerate(named):
        name = Label(words, "body", "secondary")
        name.setBuddy(field)
        grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(field, row, 1)
    grid.setColumnStretch(1, 1)
    return grid
