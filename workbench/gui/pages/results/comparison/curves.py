"""The curves of several runs in one plot: loss and score of a task.

Importing this module loads pyqtgraph; the panel does so when runs are first compared.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from workbench.core.kinds import KINDS
from workbench.gui.pages.results.metric_words import metric_axis, metric_limits
from workbench.gui.pages.train.curves import is_number, kind_of, task_names
from workbench.gui.pages.train.linked_plot import LinkedPlot
from workbench.gui.pages.train.task_plots import loss_title
from workbench.gui.theme import GRID
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.task_legend import TaskLegend
from workbench.project.history import RunHistory

_LINES = 12  # of text: the height of a plot
_BESIDE = 90  # characters: the width from which two plots lie side by side


class ComparedCurves(Card):
    """Loss and score of one task in every compared run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Curves"), parent=parent)
        self._histories: Mapping[str, RunHistory] = {}
        self.chooser = ComboBox(self)
        self.chooser.setAccessibleName(self.tr("Which task's curves"))
        self.legend = TaskLegend(self)
        self.legend.setAccessibleName(self.tr("Runs"))
        self.loss = LinkedPlot(self.tr("Loss"), self.tr("loss, nats"), self.tr("Loss of each run, step by step"))
        scores = self.tr("Validation score of each run, epoch by epoch")
        self.score = LinkedPlot(self.tr("Score"), metric_axis(""), scores, (0.0, 1.0))
        self.loss.set_smoothing(0.9)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GRID)
        self._row.addWidget(self.loss, 1)
        self._row.addWidget(self.score, 1)
        self.add_action(self.chooser)
        self.add(self.legend)
        self.add(self._row, 1)
        self.chooser.activated.connect(self._show)
        self.legend.hovered.connect(self._on_hovered)
        self.loss.cursor_moved.connect(self.score.follow)
        self.score.cursor_moved.connect(self.loss.follow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE * self.fontMetrics().averageCharWidth()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        for plot in (self.loss, self.score):
            plot.setMinimumHeight(_LINES * self.fontMetrics().height())

    def set_histories(self, histories: Mapping[str, RunHistory]) -> None:
        """Show runs by their names, in this order."""
        self._histories = histories
        self.chooser.set_choices(dict.fromkeys(task for each in histories.values() for task in task_names(each)))
        self.chooser.setVisible(self.chooser.count() > 1)
        self.legend.set_tasks(list(histories))
        self._show()

    @Slot()
    def _show(self) -> None:
        task, known = self.chooser.currentText(), list(self._histories.values())
        for plot in (self.loss, self.score):
            plot.forget()
            plot.set_tasks(list(self._histories))
        having = next((history for history in known if task in task_names(history)), None)
        if having is None:
            return
        metric = KINDS[kind_of(having, task)].metric
        self.loss.set_vertical(loss_title(is_number(having, task)), None)
        self.score.set_vertical(metric_axis(metric), metric_limits(metric))
        for run, history in self._histories.items():
            for part, curves in (("train", history.train_loss), ("validation", history.validation_loss)):
                if task in curves:
                    self.loss.feed(run, part, curves[task])
            score = history.metrics.get(task, {}).get(metric)
            if score is not None:
                self.score.feed(run, "validation", score)

    @Slot(str)
    def _on_hovered(self, run: str) -> None:
        for plot in (self.loss, self.score):
            plot.highlight(run or None)
