"""How far a task's confidence can be believed, and what it would answer if it had to be surer."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.scored.confidence import answered
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.reliability_plot import ReliabilityPlot
from workbench.project.scores import reliability


class ConfidencePanel(QWidget):
    """The reliability plot, a slider for the confidence that an answer needs, and the button that calibrates the run.

    Signals:
        calibrate_wanted(str, float): the run is to be calibrated, this task to abstain below that confidence.
    """

    calibrate_wanted = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: ClassResult | None = None
        self.plot = ReliabilityPlot(self)
        self.slider = Slider(self)
        self.slider.setRange(0, 99)
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
        name = Label(self.tr("Answer from"), "body", "secondary")
        name.setBuddy(self.slider)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for widget, stretch in ((name, 0), (self.slider, 1), (self.value, 0), (self.button, 0)):
            row.addWidget(widget, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.plot, 1)
        layout.addLayout(row)
        layout.addWidget(self.words)
        self.slider.valueChanged.connect(self._on_slider)
        self._on_slider()

    def set_result(self, result: ClassResult, place: int) -> None:
        """Take another task."""
        self._result = result
        bins = reliability(result.confidence, ~result.wrong)
        self.plot.set_bins(bins.confidence, bins.right, bins.low, bins.high, bins.count.astype(float))
        self.plot.set_place(place)
        self._on_slider()

    @property
    def threshold(self) -> float:
        """Where the slider is, 0 to 1."""
        return self.slider.value() / 100

    @Slot()
    def _on_slider(self) -> None:
        self.value.setText(percent(self.threshold, 0))
        self.plot.set_threshold(self.threshold)
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

    @Slot()
    def _on_button(self) -> None:
        if self._result is not None:
            self.calibrate_wanted.emit(self._result.name, self.threshold)
