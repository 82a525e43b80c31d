"""What the panels of all kinds have: what answers come to, and the button that calibrates the run."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.confidence.table import ThresholdTable
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.confidence import Calibration
from workbench.gui.pages.scrolled import Column
from workbench.gui.pages.segments import Segments
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.reliability_plot import ReliabilityPlot
from workbench.project.scores import Reliability


class ConfidencePanel(Column):
    """Words, a button and what the run is calibrated to; a kind lays them out with what it has.

    Signals:
        calibrate_wanted(list): the run is to be calibrated, as `calibrate` takes it.
    """

    calibrate_wanted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Label("", "body", "secondary", figures=True, wrap=True)
        self.button = Button(self.tr("Calibrate"), "check", clicked=self._on_button)
        self.button.setAccessibleName(self.tr("Calibrate this run"))
        self.state = Label("", "caption", "secondary", figures=True, wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, GRID // 2, 0, 0)
        self.column.setSpacing(GRID // 2)

    def set_result(self, result: TaskResult, place: int) -> None:
        """Take another task; `place` gives its colour."""
        raise NotImplementedError

    def asked(self) -> list[str]:
        """What `calibrate` is told beside the run."""
        return []

    def show_state(self, result: TaskResult, fitted: Calibration | None, words: str = "") -> None:
        """Say what the run is calibrated to: `words` of the head, and whether unknown pictures are told."""
        if fitted is None and not result.tells_unknown:
            words = self.tr("This run is not calibrated.")
        elif fitted is not None and fitted.error is not None and fitted.error_before is not None:
            change = self.tr("It made confidence worse there: off by {0} before, {1} after.")
            if not fitted.worse:
                change = self.tr("Confidence was off by {0} there before, {1} after.")
            words = f"{words} {change.format(percent(fitted.error_before), percent(fitted.error))}"
        if result.tells_unknown:
            marked = result.marks.get("unknown")
            unknown = self.tr("Unlike anything in training: {0} of {1} pictures.")
            words += " " + unknown.format(count(0 if marked is None else int(marked.sum())), count(len(result.images)))
        self.state.setText(words.strip())
        doubtful = fitted is not None and (fitted.worse or fitted.every_class)
        self.state.set_tone("caution" if doubtful else "secondary")

    @Slot()
    def _on_button(self) -> None:
        self.calibrate_wanted.emit(self.asked())


class PlotPanel(ConfidencePanel):
    """A panel with a reliability plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = ReliabilityPlot(self)

    def show_bins(self, bins: Reliability, place: int) -> None:
        """Show how far the answers come true."""
        self.plot.set_bins(bins.confidence, bins.right, bins.low, bins.high, bins.count.astype(float))
        self.plot.set_place(place)


class SliderPanel(PlotPanel):
    """A panel with a slider for how sure answers have to be, and a table of what it leaves.

    Args:
        needs: the slider's name in short; sure: at length.
        rows: what the table's rows are, in the plural.
    """

    def __init__(self, needs: str, sure: str, table: ThresholdTable, rows: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.table = table
        self.shown = Segments(self.tr("What is shown of confidence"), self)
        self.shown.add("plot", self.tr("All answers"), self.tr("Reliability: how often answers come true"))
        self.shown.add("table", rows, table.view.accessibleName())
        self.shown.set_current("plot")
        self.slider = Slider(self)
        self.slider.setRange(0, 100)
        self.slider.setAccessibleName(sure)
        self.value = Label("", "body", figures=True)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.plot)
        self._stack.addWidget(self.table)
        self.column.addWidget(self.shown, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(self._stack, 1)
        self.column.addLayout(row(needs, self.slider, self.value))
        self.column.addWidget(self.words)
        self.slider.valueChanged.connect(self.refresh)
        self.shown.chosen.connect(self._on_shown)

    @property
    def threshold(self) -> float:
        """How sure an answer has to be, 0 to 1."""
        return self.slider.value() / 100

    @Slot()
    def refresh(self) -> None:
        """Say what the threshold leaves."""
        self.value.setText(percent(self.threshold, 0))
        self.plot.set_threshold(self.threshold)
        self.show_left()
        if self._stack.currentWidget() is self.table:
            self.show_rows()

    def show_left(self) -> None:
        """Say in words what the threshold leaves."""
        raise NotImplementedError

    def show_rows(self) -> None:
        """Fill the table; only while it is in sight, since it takes a moment where there are many rows."""
        raise NotImplementedError

    @Slot(str)
    def _on_shown(self, what: str) -> None:
        self._stack.setCurrentWidget(self.table if what == "table" else self.plot)
        self.refresh()


def row(text: str, field: QWidget, beside: QWidget) -> QHBoxLayout:
    """A field with its name before it and something behind it."""
    name = Label(text, "body", "secondary")
    name.setBuddy(field)
    line = QHBoxLayout()
    line.setSpacing(GRID)
    for widget, stretch in ((name, 0), (field, 1), (beside, 0)):
        line.addWidget(widget, stretch)
    return line
