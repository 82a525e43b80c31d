"""One card for each task: its loss and one of its metrics, each on an axis of its own with its unit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.train.curves import Marks, is_number, marks, metric_curve, metrics_of
from workbench.gui.pages.train.linked_plot import LinkedPlot
from workbench.gui.pages.train.metric_choice import MetricChoice
from workbench.gui.theme import GRID
from workbench.gui.widgets.card import Card
from workbench.project.history import RunHistory

_BESIDE = 80  # characters: the width from which loss and metric lie side by side
_LINES = 13  # of text: the least height of a plot


def loss_title(number: bool) -> str:
    """The axis of a loss, with its unit."""
    return _tr("error, column's unit") if number else _tr("loss, nats")


class TaskCard(Card):
    """Loss and metric of one task."""

    def __init__(self, task: str, number: bool, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(task, parent=parent)
        self.task = task
        self.setAccessibleName(_tr("Curves of {0}").format(task))
        self.loss = LinkedPlot(
            _tr("Loss of {0}").format(task), loss_title(number), _tr("Loss of {0}, step by step").format(task)
        )
        self.score = LinkedPlot(
            _tr("Score of {0}").format(task),
            _tr("validation score"),
            _tr("Validation score of {0}, epoch by epoch").format(task),
            (0.0, 1.0),
        )
        self.metrics = MetricChoice(self.score, _tr("Which metric of {0} is drawn").format(task))
        self.metrics.changed.connect(self._on_metric)
        self.plots = (self.loss, self.score)
        for plot in self.plots:
            plot.set_tasks(names)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(GRID)
        for plot in self.plots:
            self._row.addWidget(plot, 1)
        self.add_action(self.metrics)
        self.add(self._row, 1)
        self._history = RunHistory()

    def set_smoothing(self, keep: float) -> None:
        """Smooth the training loss."""
        self.loss.set_smoothing(keep)

    def feed(self, history: RunHistory, marked: Marks) -> None:
        """Take in what the run has said since the last time."""
        self._history = history
        for part, curves in (("train", history.train_loss), ("validation", history.validation_loss)):
            if self.task in curves:
                self.loss.feed(self.task, part, curves[self.task])
        self.metrics.offer(metrics_of(history, self.task))
        self._feed_metric()
        resting = {self.task} & history.paused_tasks
        for plot in self.plots:
            plot.mark(marked, named=plot is self.loss, tasks=(self.task,))
            plot.set_resting(resting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE * self.fontMetrics().averageCharWidth()
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        for plot in self.plots:
            plot.setMinimumHeight(_LINES * self.fontMetrics().height())

    def _feed_metric(self) -> None:
        curve = metric_curve(self._history, self.task, self.metrics.drawn)
        if curve is not None:
            self.score.feed(self.task, "validation", curve)

    @Slot()
    def _on_metric(self) -> None:
        self._feed_metric()
        self.score.mark(marks(self._history), named=False, tasks=(self.task,))


class TaskPlots(QWidget):
    """The cards of all tasks, one below the other; the page scrolls them.

    Signals:
        made(list[LinkedPlot]): other plots are there now than before.
    """

    made = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, TaskCard] = {}
        self._keep = 0.0
        self._log = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)

    def set_tasks(self, tasks: Sequence[str], names: Sequence[str], history: RunHistory) -> None:
        """Make a card for each of these tasks; `names` has each at the place that gives its style."""
        for card in self.cards.values():
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {task: TaskCard(task, is_number(history, task), names, self) for task in tasks}
        for card in self.cards.values():
            self._column.addWidget(card, 1)
            card.set_smoothing(self._keep)
            card.loss.set_log(self._log)
        self.made.emit(self.plots)

    @property
    def plots(self) -> list[LinkedPlot]:
        """All plots."""
        return [plot for card in self.cards.values() for plot in card.plots]

    def feed(self, history: RunHistory) -> None:
        """Take in what the run has said since the last time."""
        marked = marks(history)
        for card in self.cards.values():
            card.feed(history, marked)

    def set_smoothing(self, keep: float) -> None:
        """Smooth the training losses."""
        self._keep = keep
        for card in self.cards.values():
            card.set_smoothing(keep)

    def set_log(self, log: bool) -> None:
        """Logarithmic axes for the losses."""
        self._log = log
        for card in self.cards.values():
            card.loss.set_log(log)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TaskPlots", text)
