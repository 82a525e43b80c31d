"""The live curves of a run: loss, a metric, learning rates, and weights where they vary.

Importing this module loads pyqtgraph; the page does so when it is first shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication, QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.events import Relatedness
from workbench.gui.pages.results.metric_words import metric_help, metric_title
from workbench.gui.pages.train.curves import marks, metric_names, task_names, weights_vary
from workbench.gui.pages.train.legend import Legend
from workbench.gui.pages.train.pace import phase_words
from workbench.gui.theme import GRID
from workbench.gui.widgets.agreement_map import AgreementMap
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.curves import CurvePlot
from workbench.gui.widgets.inputs import ComboBox, Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.stacked_areas import StackedAreas
from workbench.gui.widgets.switch import Switch
from workbench.project.history import Curve, RunHistory

_BESIDE = 90  # characters: the width from which two plots lie side by side
_LINES, _CHIEF_LINES = 8, 14  # of text: the least height of a plot, and of loss and score
_SMOOTHEST = 0.98  # share of the average that a step keeps at the slider's end


class LinkedPlot(CurvePlot):
    """A plot whose cross-hair tells where it is, so that others follow.

    Signals:
        cursor_moved(object): the step under the cross-hair, a float, or None.
    """

    cursor_moved = Signal(object)

    def __init__(
        self, title: str, y_title: str, empty: str, y_limits: tuple[float, float] | None = None, *, quiet: bool = False
    ) -> None:
        self._following = False
        self._sent: dict[tuple[str, str], int] = {}
        self._phases_sent = 0
        step = QCoreApplication.translate("LinkedPlot", "step")  # no tr() before the object is there
        super().__init__(title, y_title, step, empty, y_limits, quiet=quiet)

    def sizeHint(self) -> QSize:
        """Content with its least height, so that a page scrolls only where there is truly no room."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def show_cursor(self, x: float) -> None:
        """Put the cross-hair at a place, here and in the linked plots."""
        super().show_cursor(x)
        if not self._following:
            self.cursor_moved.emit(x)

    def hide_cursor(self) -> None:
        """Take the cross-hair away, here and in the linked plots."""
        shown = self.cursor_x is not None
        super().hide_cursor()
        if shown and not self._following:
            self.cursor_moved.emit(None)

    @Slot(object)
    def follow(self, x: float | None) -> None:
        """Show the cross-hair where another plot has it."""
        self._following = True
        super().hide_cursor() if x is None else super().show_cursor(x)
        self._following = False

    def forget(self) -> None:
        """Begin anew with another run."""
        self._sent.clear()
        self._phases_sent = 0
        self.clear_curves()

    def feed(self, name: str, part: str, curve: Curve) -> None:
        """Take in what a curve has grown by since the last time."""
        done, size = self._sent.get((name, part), 0), len(curve.x)
        if size > done:
            self.append(name, part, np.array(curve.x[done:]), np.array(curve.y[done:]))
            self._sent[name, part] = size

    def mark(self, phases: Sequence[tuple[int, str]], best: int | None, *, named: bool) -> None:
        """Draw the hairlines of new phases, and the ring of the best checkpoint where it has moved."""
        for step, name in phases[self._phases_sent :]:
            if step > 0:
                self.mark_phase(step, phase_words(name) if named else "")
        self._phases_sent = len(phases)
        if best != self.best:
            self.set_best(best)


class _WeightPlot(StackedAreas, LinkedPlot):
    """The tasks' weights on top of each other."""


class PlotsPanel(QWidget):
    """All curves of one history, with their legend and their switches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history = RunHistory()
        self._places: Mapping[str, int] = {}
        self._metric = ""
        self._last_step = 0
        self._shown_agreement: Relatedness | None = None
        self.redraws = 0
        self.loss = LinkedPlot(self.tr("Loss"), self.tr("loss, nats"), self.tr("Loss of each task, step by step"))
        scores = self.tr("Validation score of each task, epoch by epoch")
        self.score = LinkedPlot(self.tr("Score"), self.tr("validation score"), scores, (0.0, 1.0))
        rates = self.tr("Learning rate of each group of stages")
        self.rate = LinkedPlot(self.tr("Learning rate"), self.tr("learning rate"), rates, quiet=True)
        self.weight = _WeightPlot(self.tr("Task weights"), self.tr("weight"), self.tr("Weight of each task"))
        self.agreement = AgreementMap()
        self.plots = (self.loss, self.score, self.rate, self.weight)
        self.legend = Legend(self)
        self.metrics = ComboBox(self)
        self.metrics.setAccessibleName(self.tr("Which metric is drawn"))
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
        for plot in (self.loss, self.score, self.weight):
            plot.set_tasks(padded)
        self.legend.set_tasks(ordered, {task: places.get(task, 0) for task in ordered})
        self._last_step = history.step
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
        for task in task_names(history):
            for plot, part, curves in (
                (self.loss, "train", history.train_loss),
                (self.loss, "validation", history.validation_loss),
            ):
                if task in curves:
                    plot.feed(task, part, curves[task])
        self._feed_metric()
        for group, curve in history.learning_rates.items():
            self.rate.feed(group, "", curve)
        self._feed_weights()
        self._show_agreement()
        for plot in self.plots:
            plot.mark(marked.phases, marked.best, named=plot is self.loss)

    def _feed_metric(self) -> None:
        names = metric_names(self._history)
        if names != [self.metrics.itemData(row) for row in range(self.metrics.count())]:
            self._offer(names)
        for task, by_name in self._history.metrics.items():
            if self._metric in by_name:
                self.score.feed(task, "validation", by_name[self._metric])

    def _offer(self, names: Sequence[str]) -> None:
        wanted = self._metric if self._metric in names else next(iter(names), "")
        self.metrics.blockSignals(True)
        self.metrics.clear()
        for name in names:
            self.metrics.addItem(metric_title(name), name)
        self.metrics.setCurrentIndex(max(0, self.metrics.findData(wanted)))
        self.metrics.blockSignals(False)
        self.metrics.setToolTip(metric_help(wanted))
        self.metrics.setVisible(bool(names))
        self._metric = wanted

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
        self._metric = self.metrics.currentData() or ""
        self.metrics.setToolTip(metric_help(self._metric))
        self.score.forget()
        self._feed_metric()
        marked = marks(self._history)
        self.score.mark(marked.phases, marked.best, named=False)

    @Slot(int)
    def _on_smoothing(self, value: int) -> None:
        self.loss.set_smoothing(_SMOOTHEST * (value / 100) ** 0.5 if value else 0.0)

    @Slot(object)
    def _on_lifted(self, task: str | None) -> None:
        for plot in (self.loss, self.score, self.weight):
            plot.highlight(task)

    def _connect(self) -> None:
        self.log.toggled.connect(self.loss.set_log)
        self.smoothing.valueChanged.connect(self._on_smoothing)
        self.metrics.currentIndexChanged.connect(self._on_metric)
        self.legend.lifted.connect(self._on_lifted)
        for plot in self.plots:
            for other in self.plots:
                if other is not plot:
                    plot.cursor_moved.connect(other.follow)

    def _lay_out(self) -> None:
        smoothing = Label(self.tr("Smoothing"), "body", "secondary")
        smoothing.setBuddy(self.smoothing)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self.legend, 1)
        loss = _plot_card(self.tr("Loss"), self.loss, [smoothing, self.smoothing, self.log])
        metric = _plot_card(self.tr("Score"), self.score, [self.metrics])
        rate = _plot_card(self.tr("Learning rate"), self.rate, [])
        self._weights_card = _plot_card(self.tr("Task weights"), self.weight, [])
        self._weights_card.hide()
        self.metrics.hide()
        rows = QVBoxLayout()
        rows.setSpacing(GRID)
        for row, cards, share in zip(self._rows, ((loss, metric), (rate, self._weights_card)), (5, 3), strict=True):
            row.setSpacing(GRID)
            for card in cards:
                row.addWidget(card, 1)
            rows.addLayout(row, share)
        self._agreement_card = _agreement_card(self.agreement)
        self._agreement_card.hide()
        rows.addWidget(self._agreement_card)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(top)
        layout.addLayout(rows, 1)


def _plot_card(title: str, plot: CurvePlot, actions: Sequence[QWidget]) -> Card:
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
