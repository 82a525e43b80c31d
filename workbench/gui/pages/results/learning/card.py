"""The learning curve of a run's tasks: a sentence, and the points behind it.

Importing this module loads pyqtgraph.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.results.asked_card import AskedCard
from workbench.gui.pages.results.learning.document import LearningCurves, Point, TaskCurve, parse_curves, read_curves
from workbench.gui.pages.results.metric_words import metric_text, metric_title
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.learning_plot import LearningPlot
from workbench.gui.workspace import Workspace

_HEIGHT = 260  # px of the plot


class LearningCard(AskedCard[LearningCurves]):
    """Whether more pictures would help, one task at a time."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            "curve",
            ask=self.tr("Would more pictures help?"),
            working=self.tr("How much of the learning curve is done"),
            cancel=self.tr("Cancel the learning curve"),
            parse=parse_curves,
            read=read_curves,
            parent=parent,
        )
        self.set_title(self.tr("Learning curve"))
        self.set_caption(
            self.tr(
                "A simple probe on frozen features, fitted to more and more of the training pictures. It is no "
                "training run: a network that trains may do better and gain more."
            )
        )
        self.ask.setToolTip(self.tr("Fits probes to a part of the training pictures; the run stays as it is"))
        self._found: LearningCurves | None = None
        self._places: Mapping[str, int] = {}
        self.task = ComboBox(self)
        self.task.setAccessibleName(self.tr("Task of the learning curve"))
        self.sentence = Label("", bold=True, wrap=True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.plot = LearningPlot(self)
        self.plot.setMinimumHeight(_HEIGHT)
        self.told = Label("", "body", "secondary", figures=True, wrap=True)
        self.basis = Label("", "caption", "secondary", wrap=True)
        self.body.addWidget(self.task, 0, Qt.AlignmentFlag.AlignLeft)
        self.task.hide()
        for widget in (self.sentence, self.plot, self.told, self.basis):
            self.add(widget)
            widget.hide()
        self.task.currentIndexChanged.connect(self._on_task)
        self.plot.chosen.connect(self._on_point)

    def show_places(self, run: str, folder: Path, places: Mapping[str, int]) -> None:
        """Show what is stored of a run; `places`: of the tasks in the order of colours."""
        self._places = places
        self.show_run(run, folder)

    def show_found(self, found: LearningCurves | None) -> None:
        self._found = found
        self.task.set_choices(found.tasks if found is not None else ())
        self.task.setVisible(self.task.count() > 1)
        for widget in (self.sentence, self.plot, self.told, self.basis):
            widget.setVisible(found is not None)
        if found is not None:
            self._on_task()

    @Slot()
    def _on_task(self) -> None:
        name = str(self.task.currentData())
        if self._found is None or name not in self._found.tasks:
            return
        curve = self._found.tasks[name]
        self.sentence.setText(self._sentence(curve))
        self.plot.set_curve(
            [(each.pictures, each.score, each.low, each.high) for each in curve.measured],
            [(each.pictures, each.score, each.low, each.high) for each in curve.projected],
            metric_title(curve.score),
            self._places.get(name, 0),
        )
        words = self.tr("Features of {0}. Judged on {1} pictures of validation and test; bars and band hold 95 %.")
        left = "".join(f" {task}: {reason}." for task, reason in self._found.left_out.items())
        self.basis.setText(words.format(self._found.backbone, count(curve.judged_on)) + left)

    @Slot(int)
    def _on_point(self, index: int) -> None:
        curve = self._found.tasks.get(str(self.task.currentData())) if self._found is not None else None
        points = [] if curve is None else [*curve.measured, *curve.projected]
        if curve is not None and 0 <= index < len(points):
            self.told.setText(self._point(curve, points[index], projected=index >= len(curve.measured)))
            self.plot.setAccessibleDescription(self.told.text())

    def _sentence(self, curve: TaskCurve) -> str:
        low, high = (f"{100 * end:.1f}" for end in curve.gain)
        largest, twice = count(curve.measured[-1].pictures), count(curve.projected[0].pictures)
        words = {
            "help": self.tr("More pictures would help: {0} of them in place of {1} should bring {2} to {3} points."),
            "hardly": self.tr("More pictures would hardly help: {0} in place of {1} should bring {2} to {3} points."),
        }.get(curve.conclusion, self.tr("It cannot be told yet: {0} in place of {1} should bring {2} to {3} points."))
        return words.format(twice, largest, low, high)

    def _point(self, curve: TaskCurve, point: Point, *, projected: bool) -> str:
        measured = self.tr("{0} training pictures: {1} {2}, between {3} and {4}")
        expected = self.tr("{0} training pictures, projected: {1} {2}, between {3} and {4}")
        numbers = (metric_text(curve.score, each) for each in (point.score, point.low, point.high))
        title = metric_title(curve.score).lower()
        return (expected if projected else measured).format(count(point.pictures), title, *numbers)
