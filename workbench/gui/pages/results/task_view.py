"""One task of an evaluation: its other metrics, and the view of its kind."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.metric_words import (
    interval_words,
    metric_help,
    metric_text,
    metric_title,
    metric_with_doubt,
    shown_metric,
)
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.views import make_view
from workbench.gui.pages.results.views.base import KindView
from workbench.gui.pages.scrolled import Column
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class TaskView(Column):
    """Everything known of one task of a run on one part.

    Attributes:
        filters: of the pictures of all tasks.
        view: that of the kind of the task that is shown; None until there is one.

    Signals:
        mask_wanted(str): the mask that the model gives a picture is to be shown; `show_masks` or `show_failure` answer.
        looking_wanted(object, str): it is asked where the head of this TaskResult looked in a picture.
        neighbours_wanted(object, str): the training pictures most like a picture of this TaskResult are wanted.
        calibrate_wanted(list): the run is to be calibrated, as `calibrate` takes it.
    """

    mask_wanted = Signal(str)
    looking_wanted = Signal(object, str)
    neighbours_wanted = Signal(object, str)
    calibrate_wanted = Signal(list)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self.filters = PictureFilters(self)
        self._result: TaskResult | None = None
        self._views: dict[str, KindView] = {}
        self.view: KindView | None = None
        self.facts = _MetricFacts(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._column.addWidget(self.facts)

    def set_result(self, result: TaskResult | None, folder: Path, place: int = 0) -> None:
        """Show a task, or nothing; `place` is the task's, which gives its colour."""
        self.facts.set_result(result)
        for kind, view in self._views.items():  # hidden ones take no room, however high they are
            view.setVisible(result is not None and kind == result.kind)
        if result is None:
            self.view = self._result = None
            return
        self._result = result
        if result.kind not in self._views:
            made = self._views[result.kind] = make_view(result.kind, self._loader, self.filters, self)
            self._column.addWidget(made, 1)
            made.mask_wanted.connect(self.mask_wanted)
            made.looking_wanted.connect(self._on_looking_wanted)
            made.neighbours_wanted.connect(self._on_neighbours_wanted)
            made.calibrate_wanted.connect(self.calibrate_wanted)
        self.view = self._views[result.kind]
        self.view.set_result(result, folder, place)
        self.view.show()

    def show_masks(self, image: str, masks: dict[str, str]) -> None:
        """The masks that the model gives a picture, task by task."""
        if self.view is not None and self._result is not None and self._result.name in masks:
            self.view.show_said(image, masks[self._result.name])

    def show_failure(self, image: str, problem: str) -> None:
        """The model gave a picture no mask."""
        if self.view is not None:
            self.view.show_failure(image, problem)

    @Slot(str)
    def _on_looking_wanted(self, image: str) -> None:
        if self._result is not None:
            self.looking_wanted.emit(self._result, image)

    @Slot(str)
    def _on_neighbours_wanted(self, image: str) -> None:
        if self._result is not None:
            self.neighbours_wanted.emit(self._result, image)


_ELSEWHERE = ("macro_precision", "macro_recall")
"""Metrics that stand below their table in the tab of confidence."""


class _MetricFacts(FlowRow):
    """The metrics beside the one on the score card, in a line that wraps; what each means stands in its tooltip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, GROUP_GAP)
        self._labels: list[Label] = []

    def set_result(self, result: TaskResult | None) -> None:
        """Show the metrics of a task."""
        metrics = {} if result is None else dict(result.metrics)
        metrics.pop(shown_metric(metrics), None)
        for name in _ELSEWHERE:
            metrics.pop(name, None)
        while len(self._labels) < len(metrics):
            self._labels.append(Label("", "body", "secondary", figures=True, parent=self))
            self.flow.addWidget(self._labels[-1])
        for label in self._labels:
            label.hide()
        for label, (name, value) in zip(self._labels, metrics.items(), strict=False):
            interval = result.interval(name) if result is not None else None
            label.setText(f"{metric_title(name)} {metric_with_doubt(name, value, interval)}")
            label.setToolTip(metric_help(name) + interval_words(interval, partial(metric_text, name)))
            label.show()
        self.refit()
