"""Several labels for each picture: how far the probability of each label comes true, and what a threshold leaves."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.confidence.panel import SliderPanel
from workbench.gui.pages.results.confidence.table import ThresholdTable
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.confidence import Calibration, said_by_label
from workbench.gui.pages.results.scored.labels import LabelsResult
from workbench.gui.theme import GRID
from workbench.gui.widgets.label import Label
from workbench.project.scores import reliability

_HALF = 50  # per cent: from where on labels are said


class LabelsConfidence(SliderPanel):
    """Every answer is a yes or no to one label of one picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._result: LabelsResult | None = None
        super().__init__(
            needs=self.tr("Say a label from"),
            sure=self.tr("Probability that a label needs"),
            table=ThresholdTable.of_labels(),
            rows=self.tr("Per label"),
            parent=parent,
        )
        self.plot.set_words(
            self.tr("probability"),
            self.tr("share true"),
            self.tr("{0} probable: {1} true of {2} labels"),
            self.tr("Below the dashed line labels are given too much probability; above it, too little."),
        )
        self.button.setToolTip(
            self.tr(
                "Make the probabilities of labels come true on the validation pictures, and tell unknown pictures. "
                "No answer changes, nothing is trained."
            )
        )
        note = Label(self.tr("Sets and abstaining are for one class alone."), "caption", "secondary", wrap=True)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(note, 1)
        line.addWidget(self.button)
        self.column.addLayout(line)
        self.column.addWidget(self.state)
        self.slider.setValue(_HALF)

    def set_result(self, result: TaskResult, place: int) -> None:
        assert isinstance(result, LabelsResult)
        self._result = result
        self.show_bins(reliability(result.probabilities.ravel(), result.target.ravel()), place)
        self.slider.setValue(_HALF)
        self.show_state(result, result.calibration, self._fitted(result.calibration))
        self.refresh()

    def _fitted(self, fitted: Calibration | None) -> str:
        if fitted is None:
            return ""
        words = self.tr("Calibrated on {0} validation pictures: temperature {1}.")
        return words.format(count(fitted.pictures), f"{fitted.temperature:.2f}")

    def show_left(self) -> None:
        if self._result is None:
            return
        said = self._result.probabilities >= self.threshold
        right, there = int((said & self._result.target).sum()), int(self._result.target.sum())
        if not said.any():
            text = self.tr("No label would be said.")
        else:
            words = self.tr(
                "Of the labels said {0} would be right, and {1} of those that are there found; "
                "{2} of the pictures would get a label."
            )
            found = percent(right / there, 0) if there else "–"
            text = words.format(percent(right / int(said.sum())), found, percent(float(said.any(axis=1).mean()), 0))
        error = self._result.metrics.get("calibration_error")
        if error is not None:
            text += " " + self.tr("Probabilities are off by {0} on average.").format(percent(error))
        self.words.setText(text)

    def show_rows(self) -> None:
        if self._result is not None:
            found = said_by_label(self._result.target, self._result.probabilities, self.threshold)
            self.table.set_answered(self._result.classes, found)
