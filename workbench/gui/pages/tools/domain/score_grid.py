"""A small table of scores that is read, not sorted: texts in columns, each with a tone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label

_SHORT = 24  # letters of a title that stays on one line
_NAME = 60  # letters of a row's name that are in sight, whatever room there is


class Said(NamedTuple):
    """The text of a cell, its tone, and whether it is bold; `help` is its tooltip."""

    text: str
    tone: str = "text"
    bold: bool = False
    help: str = ""


class ScoreGrid(QWidget):
    """Rows under titles; a long name in the first column is cut in the middle where there is no room."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GROUP_GAP)
        self._grid.setVerticalSpacing(GRID)
        self._rows: list[list[str]] = []

    def set_rows(self, titles: Sequence[str], rows: Sequence[Sequence[Said]]) -> None:
        """Show these in place of what was there."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = [list(titles), *([said.text for said in row] for row in rows)]
        for column, title in enumerate(titles):
            self._put(0, column, Label(title, "caption", "secondary", wrap=len(title) > _SHORT, parent=self))
        for at, row in enumerate(rows, start=1):
            for column, said in enumerate(row):
                self._put(at, column, self._cell(column, said))
        self._grid.setColumnStretch(len(titles), 1)
        self.setAccessibleDescription("; ".join(" ".join(filter(None, row)) for row in self._rows[1:]))

    def texts(self) -> list[list[str]]:
        """What is shown, the titles first."""
        return self._rows

    def _cell(self, column: int, said: Said) -> QWidget:
        if not column:
            cell = _Name(said.text, "body", bold=said.bold)
            cell.setParent(self)
            return cell
        label = Label(said.text, "body", said.tone, bold=said.bold, figures=True, parent=self)
        label.setToolTip(said.help)
        return label

    def _put(self, row: int, column: int, widget: QWidget) -> None:
        side = Qt.AlignmentFlag.AlignVCenter
        if column:
            side |= Qt.AlignmentFlag.AlignLeft
            self._grid.addWidget(widget, row, column, side)
        else:
            self._grid.addWidget(widget, row, column)


class _Name(ElidedLabel):
    """What a row is of."""

    def minimumSizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        room = min(metrics.horizontalAdvance(self.text()) + 2, _NAME * metrics.averageCharWidth())
        return QSize(room, super().minimumSizeHint().height())
