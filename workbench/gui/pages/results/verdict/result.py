"""A verdict that is there: the sentence in large, a row for each task with its interval, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.core.verdict import is_error
from workbench.gui.pages.results.verdict import words
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.difference_bar import DifferenceBar, DifferenceScale, Interval, limit_of
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label

_MOST = 200.0  # %: an interval that reaches beyond, as with two seeds it can, tells no more
_TONES = {"together": "good", "apart": "bad", "no difference": "text"}


class VerdictResult(Card):
    """Shows one verdict's document."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.headline = Label("", "page", bold=True, wrap=True)
        self.sentence = Label("", wrap=True)
        self.cost = Label("", wrap=True)
        self.basis = Label("", "caption", "secondary", wrap=True)
        self.table: VerdictTable | None = None
        self._place = QVBoxLayout()
        for item in (self.headline, self.sentence, self._place, self.cost, self.basis):
            self.add(item)

    def set_document(self, document: Mapping[str, Any]) -> None:
        """Show a verdict."""
        self.headline.setText(words.headline(document))
        self.headline.set_tone(_TONES[document["conclusion"]])
        self.sentence.setText(words.explained(document))
        self.cost.setText(words.cost(document))
        self.cost.setVisible(bool(self.cost.text()))
        self.basis.setText(words.basis(document))
        if self.table is not None:
            self._place.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = VerdictTable(document, self)
        self._place.addWidget(self.table)
        self.setAccessibleName(f"{self.headline.text()}. {self.sentence.text()}")


class VerdictTable(QWidget):
    """A row for each task and one for all: alone, together, and the relative change as an interval around zero.

    Attributes:
        bars: the interval of each task by its name; that of Δm under an empty name.
    """

    def __init__(self, document: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Alone and together, task by task"))
        self.bars: dict[str, DifferenceBar] = {}
        rows: Mapping[str, Any] = document["tasks"]
        found = {name: _relative(row) for name, row in rows.items()}
        overall = document["delta_m"]
        if overall is not None:
            found[""] = Interval(overall["value"], _ends(overall["interval"]))
        limit = limit_of([each for each in found.values() if each is not None], _MOST)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, GRID, 0, GRID)
        self._grid.setHorizontalSpacing(GROUP_GAP)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(3, 5)
        self._titles()
        for name, row in rows.items():
            self._add_task(name, row, found[name], limit)
        scale = DifferenceScale(limit, "%", self.tr("better alone"), self.tr("better together"), self)
        if overall is not None:
            self._add_overall(overall, found[""], limit)
        self._grid.addWidget(scale, self._grid.rowCount(), 3)

    def _titles(self) -> None:
        right = Qt.AlignmentFlag.AlignRight
        titles = (
            (self.tr("Task"), "", Qt.AlignmentFlag.AlignLeft),
            (self.tr("Alone"), self.tr("Mean over seeds of the runs that trained this task alone"), right),
            (self.tr("Together"), self.tr("Mean over seeds of the runs that trained all tasks"), right),
            (
                self.tr("Change"),
                self.tr("Relative to the score alone, in per cent; right of zero together is better"),
                Qt.AlignmentFlag.AlignHCenter,
            ),
        )
        for column, (text, tip, side) in enumerate(titles):
            label = Label(text, "caption", "secondary")
            label.setToolTip(tip)
            self._grid.addWidget(label, 0, column, side)

    def _add_task(self, name: str, row: Mapping[str, Any], interval: Interval | None, limit: float) -> None:
        at = self._grid.rowCount()
        title = ElidedLabel(name)
        kind = Label(words.score_name(row["kind"]), "caption", "secondary", wrap=True)
        kind.setToolTip(self.tr("The mean absolute error, in the column's unit") if is_error(row["kind"]) else "")
        kind.setContentsMargins(0, 0, 0, GRID)
        self._grid.addWidget(title, at, 0)
        self._grid.addWidget(kind, at + 1, 0, Qt.AlignmentFlag.AlignTop)
        for column, side in ((1, "alone"), (2, "together")):
            label = Label(words.score(row, side), figures=True)
            label.setToolTip(_seeds(row, side))
            self._grid.addWidget(label, at, column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        said = f"{words.difference(row)}, {words.conclusion(row)}"
        self._add_bar(name, interval, limit, said, at)
        self.bars_described(name, f"{name}: {words.score(row, 'alone')}, {words.score(row, 'together')}. {said}")

    def _add_overall(self, overall: Mapping[str, Any], interval: Interval | None, limit: float) -> None:
        at = self._grid.rowCount()
        self._grid.setRowMinimumHeight(at, GRID)
        title = Label(self.tr("All tasks, Δm"), bold=True)
        title.setToolTip(self.tr("The mean of the tasks' relative changes; positive where together is better"))
        self._grid.addWidget(title, at + 1, 0)
        said = words.change(overall["value"], overall["interval"])
        self._add_bar("", interval, limit, said, at + 1)
        self.bars_described("", f"{title.text()}: {said}")

    def _add_bar(self, name: str, interval: Interval | None, limit: float, said: str, at: int) -> None:
        if interval is not None:
            bar = DifferenceBar(interval, limit, strong=not name, parent=self)
            self.bars[name] = bar
            self._grid.addWidget(bar, at, 3)
        text = Label(said, "caption", "secondary", figures=True, wrap=True)
        text.setContentsMargins(0, 0, 0, GRID)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._grid.addWidget(text, at + 1, 3, Qt.AlignmentFlag.AlignTop)

    def bars_described(self, name: str, text: str) -> None:
        """Say to a screen reader, and in the tooltip, what a bar shows."""
        if name in self.bars:
            self.bars[name].setAccessibleName(text)
            self.bars[name].setToolTip(text)


def _relative(row: Mapping[str, Any]) -> Interval | None:
    return None if row["relative"] is None else Interval(row["relative"], _ends(row["relative_interval"]))


def _ends(interval: Any) -> tuple[float, float] | None:
    return None if not interval else (float(interval[0]), float(interval[1]))


def _seeds(row: Mapping[str, Any], side: str) -> str:
    """Each seed's score."""
    values = row["by_seed"][side]
    return " · ".join(f"{value:.4g}" if is_error(row["kind"]) else f"{100 * value:.1f} %" for value in values)
