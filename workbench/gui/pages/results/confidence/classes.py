"""One class for each picture: how sure answers are, what is left if they had to be surer, and sets of classes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from workbench.core.specs import COVERAGE
from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.confidence.panel import SliderPanel, row
from workbench.gui.pages.results.confidence.table import ThresholdTable
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.scored.confidence import Calibration, answered, answered_by_class
from workbench.gui.widgets.inputs import DoubleSpinBox
from workbench.project.scores import reliability


class ClassConfidence(SliderPanel):
    """The confidence that an answer needs, below which the task can be made to abstain, and the coverage of sets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._result: ClassResult | None = None
        super().__init__(
            needs=self.tr("Answer from"),
            sure=self.tr("Confidence that an answer needs"),
            table=ThresholdTable.of_classes(),
            rows=self.tr("Per class"),
            parent=parent,
        )
        self.button.setToolTip(
            self.tr(
                "Make confidence come true on the validation pictures, tell unknown pictures, "
                "and abstain below the confidence that is set here. No answer changes, nothing is trained."
            )
        )
        self.coverage = DoubleSpinBox(self)
        self.coverage.setDecimals(2)
        self.coverage.setRange(1, 99.99)
        self.coverage.setSuffix(self.tr(" %"))
        self.coverage.setAccessibleName(self.tr("How often the set of classes is to hold the true one"))
        self.coverage.setToolTip(
            self.tr("Coverage: how often the true class is among those that the model names as possible for a picture")
        )
        self.column.addLayout(row(self.tr("True class in the set"), self.coverage, self.button))
        self.column.addWidget(self.state)
        self.refresh()

    def set_result(self, result: TaskResult, place: int) -> None:
        assert isinstance(result, ClassResult)
        self._result = result
        self.show_bins(reliability(result.confidence, ~result.wrong), place)
        fitted = result.calibration
        self.slider.setValue(round(100 * self._in_force))
        self.coverage.setValue(100 * (COVERAGE if fitted is None or fitted.coverage is None else fitted.coverage))
        self.show_state(result, fitted, self._fitted(fitted))
        self.refresh()

    @property
    def threshold(self) -> float:
        """Where the slider is, 0 to 1, or exactly that which is in force."""
        at = self.slider.value()
        return self._in_force if at == round(100 * self._in_force) else at / 100

    def asked(self) -> list[str]:
        name = "" if self._result is None else self._result.name
        coverage = round(self.coverage.value() / 100, 4)
        return ["--abstain", f"{name}={self.threshold}", "--coverage", str(coverage)]

    @property
    def _in_force(self) -> float:
        """The confidence below which the task abstains."""
        fitted = self._result.calibration if self._result is not None else None
        return 0.0 if fitted is None else fitted.abstain_below

    def _fitted(self, fitted: Calibration | None) -> str:
        if fitted is None or fitted.coverage is None:
            return ""
        words = self.tr("Calibrated on {0} validation pictures: temperature {1}, true class in the set {2}, {3}.")
        below = self.tr("abstains below {0}").format(percent(fitted.abstain_below))
        share = below if fitted.abstain_below else self.tr("never abstains")
        covered = f"{100 * fitted.coverage:g} %"
        text = words.format(count(fitted.pictures), f"{fitted.temperature:.2f}", covered, share)
        if fitted.every_class:
            text += " " + self.tr("So few pictures cannot promise that: the set is every class. Ask for less.")
        return text

    def show_left(self) -> None:
        if self._result is None:
            return
        share, right = answered(self._result.confidence, ~self._result.wrong, self.threshold)
        if right != right:
            text = self.tr("No picture would be answered.")
        elif self.threshold:
            words = self.tr("{0} of the pictures would be answered, {1} of them rightly; the others would not.")
            text = words.format(percent(share, 0), percent(right))
        else:
            text = self.tr("Every picture is answered, {0} of them rightly.").format(percent(right))
        error = self._result.metrics.get("calibration_error")
        if error is not None:
            text += " " + self.tr("Confidence is off by {0} on average.").format(percent(error))
        self.words.setText(text)

    def show_rows(self) -> None:
        if self._result is not None:
            result, classes = self._result, self._result.classes
            found = answered_by_class(result.target, result.prediction, result.confidence, len(classes), self.threshold)
            self.table.set_answered(classes, found)
