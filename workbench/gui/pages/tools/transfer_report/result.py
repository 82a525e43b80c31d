"""A transfer report that is there: the sentence in large, the curves of each way, and a table with their differences.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.kinds import KINDS
from workbench.core.transfer_ways import WAYS
from workbench.gui.numbers import count
from workbench.gui.pages.results.metric_words import metric_title
from workbench.gui.pages.results.verdict.words import score_name
from workbench.gui.pages.sideways import Sideways
from workbench.gui.pages.tools.domain.score_grid import Said, ScoreGrid
from workbench.gui.pages.tools.transfer_report import words
from workbench.gui.theme import GROUP_GAP, grown
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
from workbench.gui.widgets.series_plot import Series, SeriesPlot
from workbench.gui.widgets.task_legend import TaskLegend

_HEIGHT = 220  # px of a plot beside text of the usual size
_MOST_TICKS = 12  # of epochs


class TransferResult(Card):
    """Shows one report's document.

    Signals:
        advice_requested(): the user wants to see which other backbones there are.
    """

    advice_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._document: Mapping[str, Any] | None = None
        self.headline = Label("", "page", bold=True, wrap=True)
        self.warning = NoticeBar("caution", "", parent=self)
        self.warning.add_action(self.tr("Compare backbones"), self._on_advice)
        self.sentence = Label("", wrap=True)
        self.task = ComboBox(self)
        self.task.setAccessibleName(self.tr("The task that is shown"))
        self.legend = TaskLegend(self)
        self.curves = SeriesPlot(
            self.tr("Validation after each epoch"),
            self.tr("epoch"),
            "",
            self.tr("No epoch was validated."),
            parent=self,
        )
        self.sizes = SeriesPlot(
            self.tr("Scores by number of training pictures"),
            self.tr("training pictures"),
            "",
            self.tr("Only all pictures were tried."),
            logarithmic=True,
            parent=self,
        )
        self.scored = Label("", "caption", "secondary", wrap=True)
        self.table = ScoreGrid(self.tr("Every way beside random weights"), self)
        self.basis = Label("", "caption", "secondary", wrap=True)
        self._lay_out()
        self.task.currentIndexChanged.connect(self._show_task)
        self.legend.hovered.connect(self._on_lit)

    def set_document(self, document: Mapping[str, Any]) -> None:
        """Show a report."""
        self._document = document
        self.headline.setText(words.headline(document))
        self.headline.set_tone(words.tone(document))
        said = words.explained(document)
        harmed = bool(document["harmed"])
        self.sentence.setText(said)
        self.sentence.setVisible(not harmed)
        self.warning.set_notice("caution", said)
        self.warning.setVisible(harmed)
        self.task.set_choices(document["tasks"])
        self.task.setVisible(self.task.count() > 1)
        self.legend.set_tasks([words.way_title(way, document["freeze"]) for way in WAYS])
        self.basis.setText(words.basis(document))
        self.setAccessibleName(f"{self.headline.text()}. {said}")
        self._show_task()

    @Slot()
    def _show_task(self) -> None:
        document, name = self._document, self.task.currentText()
        if document is None or name not in document["tasks"]:
            return
        task, freeze = document["tasks"][name], document["freeze"]
        self.scored.setText(self.tr("{0}, with 95 % intervals.").format(words.scored_on(task)))
        self._show_curves(document, name)
        self._show_sizes(task, freeze)
        rows = []
        for way in WAYS:
            found = task["ways"][way]
            rows.append(
                [
                    Said(words.way_title(way, freeze)),
                    Said(words.with_interval(task["kind"], found)),
                    words.difference(task["kind"], found),
                ]
            )
        self.table.set_rows([self.tr("Way"), self.tr("Score"), self.tr("Beside random weights")], rows)

    def _show_curves(self, document: Mapping[str, Any], name: str) -> None:
        series = []
        for place, way in enumerate(WAYS):
            points = [
                (float(point["epoch"]), float(point["tasks"][name]), None)
                for point in document["curves"][way]
                if point["tasks"].get(name) is not None
            ]
            series.append(Series(words.way_title(way, document["freeze"]), place, points))
        self.curves.set_series(series, marks=_epochs(document["epochs"]))
        metric = KINDS[document["tasks"][name]["kind"]].metric
        self.curves.set_titles(self.tr("epoch"), self.tr("{0}, validation").format(metric_title(metric)))

    def _show_sizes(self, task: Mapping[str, Any], freeze: int) -> None:
        several = len(task["sizes"]) > 1
        self.sizes.setVisible(several)
        if not several:
            return
        series = []
        for place, way in enumerate(WAYS):
            points = [
                (float(size["pictures"]), size["ways"][way]["score"], _ends(size["ways"][way]["interval"]))
                for size in task["sizes"]
                if way in size["ways"] and size["ways"][way]["score"] is not None
            ]
            series.append(Series(words.way_title(way, freeze), place, points))
        marks = {float(size["pictures"]): count(size["pictures"]) for size in task["sizes"]}
        self.sizes.set_series(series, marks=marks)
        self.sizes.set_titles(self.tr("training pictures"), score_name(task["kind"]))

    @Slot(str)
    def _on_lit(self, title: str) -> None:
        for plot in (self.curves, self.sizes):
            plot.light(title)

    @Slot()
    def _on_advice(self) -> None:
        self.advice_requested.emit()

    def _lay_out(self) -> None:
        tasks = QHBoxLayout()
        tasks.addWidget(self.task)
        tasks.addStretch(1)
        plots = QHBoxLayout()
        plots.setSpacing(GROUP_GAP)
        for plot in (self.curves, self.sizes):
            plot.setMinimumHeight(grown(_HEIGHT))
            plots.addWidget(plot, 1)
        below = QVBoxLayout()
        below.addWidget(self.scored)
        below.addWidget(Sideways(self.table, self))
        for item in (self.headline, self.sentence, self.warning, tasks, self.legend, plots, below, self.basis):
            self.add(item)


def _epochs(last: int) -> dict[float, str]:
    """Ticks at whole epochs, a dozen at most."""
    step = -(-last // _MOST_TICKS)
    return {float(epoch): str(epoch) for epoch in range(1, last + 1) if epoch == 1 or epoch % step == 0}


def _ends(interval: list[float] | None) -> tuple[float, float] | None:
    return None if not interval else (interval[0], interval[1])
