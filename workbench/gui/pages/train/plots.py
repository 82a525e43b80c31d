"""The live curves of a run: loss and a metric of all tasks or of each, learning rates, and weights where they vary.

Importing this module loads pyqtgraph; the page does so when it is first shown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.events import Relatedness
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.metric_words import metric_axis, metric_limits
from workbench.gui.pages.segments import Segments
from workbench.gui.pages.train.curves import (
    is_number,
    marks,
    metric_curve,
    metric_names,
    one_unit,
    task_names,
    together,
    weights_vary,
)
from workbench.gui.pages.train.legend import Legend
from workbench.gui.pages.train.linked_plot import LinkedPlot
from workbench.gui.pages.train.metric_choice import MetricChoice
from workbench.gui.pages.train.task_plots import TaskPlots, loss_title
from workbench.gui.theme import GRID
from workbench.gui.widgets.agreement_map import AgreementMap
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.stacked_areas import StackedAreas
from workbench.gui.widgets.switch import Switch
from workbench.project.history import RunHistory

_BESIDE = 90  # characters: the width from which two plots lie side by side
_LINES, _CHIEF_LINES = 8, 14  # of text: the least height of a plot, and of loss and score
_SMOOTHEST = 0.98  # share of the average that a step keeps at the slider's end


class _WeightPlot(StackedAreas, LinkedPlot):
    """The tasks' weights on top of each other."""


class PlotsPanel(QWidget):
    """All curves of one history, with their legend and their switches.

    Args:
        beside: lies beside the learning rate.

    Signals:
        pause_asked(str, bool): the user wants a task to be paused, or trained again.
    """

    pause_asked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None, *, beside: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beside = beside
        self._history = RunHistory()
        self._places: Mapping[str, int] = {}
        self._last_step = 0
        self._shown_agreement: Relatedness | None = None
        self.redraws = 0
        self.loss = LinkedPlot(self.tr("Loss"), self.tr("loss, nats"), self.tr("Loss of each task, step by step"))
        scores = self.tr("Validation score of each task, epoch by epoch")
        self.score = LinkedPlot(self.tr("Score"), metric_axis(""), scores, (0.0, 1.0))
        rates = self.tr("Learning rate of each group of stages")
        self.rate = LinkedPlot(self.tr("Learning rate"), self.tr("learning rate"), rates, quiet=True)
        self.weight = _WeightPlot(self.tr("Task weights"), self.tr("weight"), self.tr("Weight of each task"))
        self.agreement = AgreementMap()
        self.each = TaskPlots(self)
        self.plots = (self.loss, self.score, self.rate, self.weight)
        self.view = Segments(self.tr("Plots"), self)
        self.view.add("together", self.tr("Together"), self.tr("All tasks in one plot"))
        self.view.add("each", self.tr("Each task"), self.tr("A plot for each task, with its own axis and unit"))
        self._chosen_view = ""
        self.legend = Legend(self)
        self.metrics = MetricChoice(self.score, self.tr("Which metric is drawn"), self)
        self.log = Switch(self.tr("Log scale"))
        self.log.setAccessibleName(self.log.text())
        self.smoothing = Slider(self)
        self.smoothing.setRange(0, 100)
        self.smoothing.setFixedWidth(110)
        self.smoothing.setAccessibleName(self.tr("Smoothing of the training loss"))
        self.smoothing.setToolTip(self.tr("Moving average of the training loss; the raw values stay faint behind it"))
        self._rows = (QBoxLayout(QBoxLayout.Direction.LeftToRight), QBoxLayout(QBoxLayout.Direction.LeftToRight))
        self._lay_out()
        self._fit()
        self._connect()
        self.smoothing.setValue(60)

    def set_history(self, history: RunHistory, places: Mapping[str, int]) -> None:
        """Show another run, or the same one after it has gone back to a checkpoint."""
        self._history, self._places = history, places
        for plot in self.plots:
            plot.forget()
        ordered = _ordered(task_names(history), places)
        padded = _padded(ordered, places)
        self.each.set_tasks(ordered if len(ordered) > 1 else [], padded, history)
        for plot in (self.loss, self.score, self.weight):
            plot.set_tasks(padded)
        self.legend.set_tasks(ordered, {task: places.get(task, 0) for task in ordered})
        self._last_step = history.step
        self._show_view()
        self._take_in(history)

    def catch_up(self, history: RunHistory, places: Mapping[str, int]) -> None:
        """Draw what the run has said since the last time: at most one redraw a plot."""
        shrunk = history.step < self._last_step
        self._last_step = history.step
        new_tasks = list(self.legend.entries) != _ordered(task_names(history), places)
        if history is not self._history or shrunk or new_tasks or places != self._places:
            self.set_history(history, places)
        else:
            self._take_in(history)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Two plots side by side where there is room, else one below the other; as high as their text asks."""
        beside = self.width() >= _BESIDE * self.fontMetrics().averageCharWidth()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        for row in self._rows:
            row.setDirection(direction)
        for plot in self.plots:
            lines = _CHIEF_LINES if plot in (self.loss, self.score) else _LINES
            plot.setMinimumHeight(lines * self.fontMetrics().height())

    def _take_in(self, history: RunHistory) -> None:
        self.redraws += 1
        marked = marks(history)
        if self.view.current() == "each":
            self.each.feed(history)
        else:
            self._feed_together(history)
        for group, curve in history.learning_rates.items():
            self.rate.feed(group, "", curve)
        self._feed_weights()
        self._show_agreement()
        for plot in self.plots:
            plot.mark(marked, named=plot is self.loss)
        for plot in (self.loss, self.score):
            plot.set_resting(history.paused_tasks)

    def _feed_together(self, history: RunHistory) -> None:
        for task in together(history):
            for part, curves in (("train", history.train_loss), ("validation", history.validation_loss)):
                if task in curves:
                    self.loss.feed(task, part, curves[task])
        self._feed_metric()

    def _show_view(self) -> None:
        """One plot for all tasks or one for each: as was chosen, else by whether their losses share a unit."""
        tasks = task_names(self._history)
        several, shared = len(tasks) > 1, together(self._history)
        self.view.setVisible(several)
        self.view.set_available("together", bool(shared) or not several, self._words_apart(tasks, shared))
        wanted = self._chosen_view or ("together" if one_unit(self._history) else "each")
        if not several or (wanted == "together" and tasks and not shared):
            wanted = "each" if several else "together"
        self.view.set_current(wanted)
        numbers = bool(shared) and all(is_number(self._history, task) for task in shared)
        self.loss.set_vertical(loss_title(numbers), None)
        self._loss_card.set_caption(self._words_apart(tasks, shared) if len(shared) < len(tasks) else "")
        for card in (self._loss_card, self._score_card):
            card.setVisible(wanted == "together")
        self.each.setVisible(wanted == "each")

    def _words_apart(self, tasks: Sequence[str], shared: Sequence[str]) -> str:
        """Which tasks are not in the plot of all, and why."""
        apart = [task for task in tasks if task not in shared]
        if not apart:
            return self.tr("All tasks in one plot")
        one = self.tr("The loss of {0} is in its column's unit and has an axis of its own under “Each task”.")
        more = self.tr("The losses of {0} are in their columns' units and have axes of their own under “Each task”.")
        return (one if len(apart) == 1 else more).format(", ".join(apart))

    @Slot(str)
    def _on_view(self, name: str) -> None:
        self._chosen_view = name
        self._show_view()
        self._take_in(self._history)

    def _feed_metric(self) -> None:
        self.metrics.offer(metric_names(self._history))
        for task in self._history.metrics:
            curve = metric_curve(self._history, task, self.metrics.drawn)
            if curve is not None:
                limits = metric_limits(self.metrics.drawn)
                self.score.feed(task, "validation", curve, -math.inf if limits is None else limits[0])

    def _feed_weights(self) -> None:
        varied = weights_vary(self._history)
        self._weights_card.setVisible(varied)
        if varied:
            for task, curve in self._history.weight.items():
                self.weight.feed(task, "", curve)

    def _show_agreement(self) -> None:
        found = self._history.agreement
        self._agreement_card.setVisible(found is not None)
        if found is not None and found is not self._shown_agreement:
            self.agreement.set_agreement(found.tasks, found.matrix)
        self._shown_agreement = found

    @Slot()
    def _on_metric(self) -> None:
        self._feed_metric()
        self.score.mark(marks(self._history), named=False)

    @Slot(int)
    def _on_smoothing(self, value: int) -> None:
        keep = _SMOOTHEST * (value / 100) ** 0.5 if value else 0.0
        self.loss.set_smoothing(keep)
        self.each.set_smoothing(keep)

    @Slot(bool)
    def _on_log(self, log: bool) -> None:
        self.loss.set_log(log)
        self.each.set_log(log)

    @Slot(object)
    def _on_lifted(self, task: str | None) -> None:
        for plot in (self.loss, self.score, self.weight, *self.each.plots):
            plot.highlight(task)

    def _connect(self) -> None:
        self.log.toggled.connect(self._on_log)
        self.view.chosen.connect(self._on_view)
        self.legend.pause_asked.connect(self.pause_asked)
        self.each.made.connect(self._link)
        self.smoothing.valueChanged.connect(self._on_smoothing)
        self.metrics.changed.connect(self._on_metric)
        self.legend.lifted.connect(self._on_lifted)
        self._link(list(self.plots))

    @Slot(list)
    def _link(self, plots: Sequence[LinkedPlot]) -> None:
        """Let the cross-hair of these be followed by all."""
        for plot in plots:
            plot.cursor_moved.connect(self._on_cursor)

    @Slot(object)
    def _on_cursor(self, x: float | None) -> None:
        for plot in (*self.plots, *self.each.plots):
            if plot is not self.sender() and plot.isVisible():
                plot.follow(x)

    def _lay_out(self) -> None:
        self._loss_card = _plot_card(self.tr("Loss"), self.loss, [])
        self._score_card = _plot_card(self.tr("Score"), self.score, [self.metrics])
        rate = _plot_card(self.tr("Learning rate"), self.rate, [])
        self._weights_card = _plot_card(self.tr("Task weights"), self.weight, [])
        self._weights_card.hide()
        rows = QVBoxLayout()
        rows.setSpacing(GRID)
        quiet = (rate, *([self._beside] if self._beside else []))
        for row, cards, share in zip(self._rows, ((self._loss_card, self._score_card), quiet), (5, 3), strict=True):
            row.setSpacing(GRID)
            for card in cards:
                row.addWidget(card, 1)
            rows.addLayout(row, share)
        rows.insertWidget(1, self.each)
        self._agreement_card = _agreement_card(self.agreement)
        self._agreement_card.hide()
        rows.addWidget(self._weights_card, 3)
        rows.addWidget(self._agreement_card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.legend)
        layout.addWidget(self._tools())
        layout.addLayout(rows, 1)

    def _tools(self) -> FlowRow:
        """How the curves are drawn, in a line that wraps."""
        smoothing = Label(self.tr("Smoothing"), "body", "secondary")
        smoothing.setBuddy(self.smoothing)
        pair = QWidget(self)
        inside = QHBoxLayout(pair)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(GRID)
        inside.addWidget(smoothing)
        inside.addWidget(self.smoothing)
        row = FlowRow(self, 2 * GRID)
        for widget in (self.view, pair, self.log):
            row.flow.addWidget(widget)
        self.each.hide()
        return row


def _plot_card(title: str, plot: LinkedPlot, actions: Sequence[QWidget]) -> Card:
    card = Card(title)
    for action in actions:
        card.add_action(action)
    card.add(plot, 1)
    return card


def _agreement_card(shown: AgreementMap) -> Card:
    """The map with the sentence on what it is and what it is not."""
    title = QCoreApplication.translate("PlotsPanel", "Gradient agreement")
    sentence = QCoreApplication.translate(
        "PlotsPanel",
        "How far two tasks pull the shared weights the same way: 1 the same way, 0 unrelated, −1 against each other. "
        "It does not promise that tasks which agree do better together, nor that others do worse.",
    )
    card = Card(title, sentence)
    card.add(shown, 1)
    return card


def _ordered(tasks: Sequence[str], places: Mapping[str, int]) -> list[str]:
    return sorted(tasks, key=lambda task: places.get(task, 0))


def _padded(tasks: Sequence[str], places: Mapping[str, int]) -> list[str]:
    """The tasks at their places; places of tasks that the run does not have hold a name that no task has."""
    size = max((places.get(task, 0) for task in tasks), default=-1) + 1
    names = [f"\0{place}" for place in range(size)]
    for task in tasks:
        names[places.get(task, 0)] = task
    return names
