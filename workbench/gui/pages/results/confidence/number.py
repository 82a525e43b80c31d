"""A number for each picture: whether its intervals hold as many of the true numbers as they promise."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.results.confidence.panel import PlotPanel
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.number import NumberResult
from workbench.project.scores import interval_reliability


class NumberConfidence(PlotPanel):
    """Intervals of every width against what they hold."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot.set_words(
            self.tr("promised"),
            self.tr("share held"),
            self.tr("{0} promised: {1} held of {2} numbers"),
            self.tr("Below the dashed line intervals are too narrow; above it, too wide."),
        )
        self.button.setToolTip(
            self.tr("Tell unknown pictures, by the validation pictures. No answer changes, nothing is trained.")
        )
        self.column.addWidget(self.plot, 1)
        self.column.addWidget(self.words)
        self.column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignRight)
        self.column.addWidget(self.state)

    def set_result(self, result: TaskResult, place: int) -> None:
        assert isinstance(result, NumberResult)
        self.show_bins(interval_reliability(result.residual, result.spread), place)
        held = result.metrics.get("coverage")
        words = self.tr("A number has its interval in place of a confidence: calibrating leaves it as it is.")
        if held is not None:
            words = f"{self.tr('The 90 % interval holds {0} of the true numbers.').format(percent(held))} {words}"
        self.words.setText(words)
        self.show_state(result, None)
