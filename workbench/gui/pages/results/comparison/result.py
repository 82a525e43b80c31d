"""A comparison that is there: what it comes to, the scores, and the differences with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from workbench.core.verdict import is_error
from workbench.gui.pages.results.comparison import words
from workbench.gui.pages.results.metric_words import metric_help, metric_title
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.difference_bar import DifferenceBar, DifferenceScale, Interval, limit_of
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label

_MOST = 100.0
"""Points: an interval cannot reach farther."""


class ComparisonResult(Card):
    """Shows one document of `compare`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.headline = Label("", "title", bold=True, wrap=True)
        self.sentence = Label("", wrap=True)
        self.settings = Label("", "body", "secondary", figures=True, wrap=True)
        self.basis = Label("", "caption", "secondary", wrap=True)
        self.table: ComparisonTable | None = None
        self._place = QVBoxLayout()
        for item in (self.headline, self.sentence, self.settings, self._place, self.basis):
            self.add(item)

    def set_document(self, document: Mapping[str, Any]) -> None:
        """Show a comparison."""
        self.headline.setText(words.headline(document))
        self.sentence.setText(words.explained(document))
        self.settings.setText(words.settings(document))
        self.settings.setVisible(bool(document["settings"]))
        self.basis.setText(words.basis(document))
        if self.table is not None:
            self._place.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = ComparisonTable(document, self)
        self._place.addWidget(self.table)
        self.setAccessibleName(f"{self.headline.text()}. {self.sentence.text()}")


class ComparisonTable(QWidget):
    """For each task the score of each recipe, and each difference as an interval around zero.

    Attributes:
        bars: the interval of each difference by task, first and second run; numbers, which have units of their own,
            have none.
    """

    def __init__(self, document: Mapping[str, Any], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Scores and differences, task by task"))
        self.bars: dict[tuple[str, str, str], DifferenceBar] = {}
        self._limit = limit_of([_interval(pair) for _, pair in self._drawn(document)], _MOST)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, GRID, 0, GRID)
        self._grid.setHorizontalSpacing(GROUP_GAP)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 4)
        for name, task in document["tasks"].items():
            self._add_task(name, task, document["groups"])
        if self.bars:
            scale = DifferenceScale(self._limit, self.tr("points"), self.tr("worse"), self.tr("better"), self)
            self._grid.addWidget(scale, self._grid.rowCount(), 1)

    def _drawn(self, document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        kinds = {name: task["kind"] for name, task in document["tasks"].items()}
        return [
            (name, pair)
            for name, pair in words.differences(document)
            if not is_error(kinds[name]) and pair["pictures"]
        ]

    def _add_task(self, name: str, task: Mapping[str, Any], groups: list[Mapping[str, Any]]) -> None:
        at = self._grid.rowCount()
        title = ElidedLabel(name, "body", bold=True)
        metric = Label(metric_title(task["metric"]), "caption", "secondary")
        metric.setToolTip(metric_help(task["metric"]))
        self._name(title, at)
        self._grid.addWidget(metric, at, 1)
        for group in groups:
            self._add_score(task, group)
        for pair in task["pairs"]:
            self._add_pair(name, task, pair)
        self._grid.setRowMinimumHeight(self._grid.rowCount(), GRID)

    def _name(self, label: ElidedLabel, at: int) -> None:
        """A row is never lower than the letters of its name."""
        label.setMinimumHeight(label.fontMetrics().height())
        self._grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)

    def _add_score(self, task: Mapping[str, Any], group: Mapping[str, Any]) -> None:
        at = self._grid.rowCount()
        value = Label(words.score(task, group), figures=True, wrap=True)
        value.setToolTip(words.score_help(group))
        self._name(ElidedLabel(words.group_name(group)), at)
        self._grid.addWidget(value, at, 1)

    def _add_pair(self, name: str, task: Mapping[str, Any], pair: Mapping[str, Any]) -> None:
        at = self._grid.rowCount()
        title = ElidedLabel(self.tr("{0} beside {1}").format(pair["second"], pair["first"]), "body", "secondary")
        said = Label(words.difference(task, pair), "caption", "secondary", figures=True, wrap=True)
        said.setToolTip(words.test_help(task, pair))
        self._name(title, at)
        if not is_error(task["kind"]) and pair["pictures"]:
            bar = DifferenceBar(_interval(pair), self._limit, parent=self)
            bar.setAccessibleName(f"{name}, {title.text()}: {said.text()}")
            bar.setToolTip(bar.accessibleName())
            self.bars[name, pair["first"], pair["second"]] = bar
            self._grid.addWidget(bar, at, 1)
            at += 1
        self._grid.addWidget(said, at, 1)


def _interval(pair: Mapping[str, Any]) -> Interval:
    """In points."""
    if not pair["interval"]:
        return Interval(100 * pair["difference"])
    low, high = (100 * float(end) for end in pair["interval"])
    return Interval(100 * pair["difference"], (low, high))
