"""How far a task's confidence can be believed, and what it would answer if it had to be surer."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from workbench.core.specs import COVERAGE
from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.scored.confidence import Calibration, answered, answered_by_class
from workbench.gui.pages.results.threshold_table import ThresholdTable
from workbench.gui.pages.segments import Segments
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import DoubleSpinBox, Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.reliability_plot import ReliabilityPlot
from workbench.project.scores import reliability


class ConfidencePanel(QWidget):
    """The reliability plot, a slider for the confidence that an answer needs, and the button that calibrates the run.

    Signals:
        calibrate_wanted(str, float, float): the run is to be calibrated, this task to abstain below that confidence,
            and sets of classes to hold the true one that often.
    """

    calibrate_wanted = Signal(str, float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: ClassResult | None = None
        self.plot = ReliabilityPlot(self)
        self.table = ThresholdTable(self)
        self.shown = Segments(self.tr("What is shown of confidence"), self)
        self.shown.add(
            "plot", self.tr("All answers"), self.tr("Reliability: how often answers are right, by confidence")
        )
        self.shown.add("table", self.tr("Per class"), self.tr("What would be answered of each class, and how well"))
        self.shown.set_current("plot")
        self.slider = Slider(self)
        self.slider.setRange(0, 100)
        self.slider.setAccessibleName(self.tr("Confidence that an answer needs"))
        self.value = Label("", "body", figures=True)
        self.words = Label("", "body", "secondary", figures=True, wrap=True)
        self.button = Button(self.tr("Calibrate"), "check", clicked=self._on_button)
        self.button.setAccessibleName(self.tr("Calibrate this run"))
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
        self.state = Label("", "caption", "secondary", figures=True, wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID // 2, 0, 0)
        layout.setSpacing(GRID // 2)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.plot)
        self._stack.addWidget(self.table)
        layout.addWidget(self.shown, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._stack, 1)
        layout.addLayout(_row(self.tr("Answer from"), self.slider, self.value))
        layout.addWidget(self.words)
        layout.addLayout(_row(self.tr("True class in the set"), self.coverage, self.button))
        layout.addWidget(self.state)
        self.slider.valueChanged.connect(self._on_slider)
        self.shown.chosen.connect(self._on_shown)
        self._on_slider()

    def set_result(self, result: ClassResult, place: int) -> None:
        """Take another task."""
        self._result = result
        bins = reliability(result.confidence, ~result.wrong)
        self.plot.set_bins(bins.confidence, bins.right, bins.low, bins.high, bins.count.astype(float))
        self.plot.set_place(place)
        fitted = result.calibration
        self.slider.setValue(round(100 * self._in_force))
        self.coverage.setValue(100 * (COVERAGE if fitted is None else fitted.coverage))
        self.state.setText(self._state(fitted))
        self.state.set_tone("caution" if fitted is not None and fitted.worse else "secondary")
        self._on_slider()

    @property
    def threshold(self) -> float:
        """The confidence that an answer needs, 0 to 1: where the slider is, or exactly that which is in force."""
        at = self.slider.value()
        return self._in_force if at == round(100 * self._in_force) else at / 100

    @property
    def _in_force(self) -> float:
        """The confidence below which the task abstains."""
        fitted = self._result.calibration if self._result is not None else None
        return 0.0 if fitted is None else fitted.abstain_below

    def _state(self, fitted: Calibration | None) -> str:
        """What the run is calibrated to."""
        if fitted is None:
            return self.tr("This run is not calibrated.")
        words = self.tr("Calibrated on {0} validation pictures: temperature {1}, true class in the set {2}, {3}.")
        below = self.tr("abstains below {0}").format(percent(fitted.abstain_below))
        share = below if fitted.abstain_below else self.tr("never abstains")
        number = count(fitted.pictures)
        text = words.format(number, f"{fitted.temperature:.2f}", percent(fitted.coverage, 0), share)
        if fitted.error is None or fitted.error_before is None:
            return text
        change = self.tr("It made confidence worse there: off by {0} before, {1} after.")
        if not fitted.worse:
            change = self.tr("Confidence was off by {0} there before, {1} after.")
        return f"{text} {change.format(percent(fitted.error_before), percent(fitted.error))}"

    @Slot()
    def _on_slider(self) -> None:
        self.value.setText(percent(self.threshold, 0))
        self.plot.set_threshold(self.threshold)
        if self._result is None:
            return
        self._show_classes(self._result)
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

    def _show_classes(self, result: ClassResult) -> None:
        """The table, where it is in sight: of many classes it takes a moment."""
        if self._stack.currentWidget() is self.table:
            classes = result.classes
            found = answered_by_class(result.target, result.prediction, result.confidence, len(classes), self.threshold)
            self.table.set_answered(classes, found)

    @Slot(str)
    def _on_shown(self, what: str) -> None:
        self._stack.setCurrentWidget(self.table if what == "table" else self.plot)
        self._on_slider()

    @Slot()
    def _on_button(self) -> None:
        if self._result is not None:
            coverage = round(self.coverage.value() / 100, 4)
            self.calibrate_wanted.emit(self._result.name, self.threshold, coverage)


def _row(text: str, field: QWidget, beside: QWidget) -> QHBoxLayout:
    """A field with its name before it and something behind it."""
    name = Label(text, "body", "secondary")
    name.setBuddy(field)
    row = QHBoxLayout()
    row.setSpacing(GRID)
    for widget, stretch in ((name, 0), (field, 1), (beside, 0)):
        row.addWidget(widget, stretch)
    return row
