"""Precision against recall of the labels that are chosen, and what would be said at another threshold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.legend_row import LegendRow
from workbench.gui.pages.results.scored.labels import LabelsResult
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.inputs import Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.precision_recall_plot import MOST, PrecisionRecallPlot


class ThresholdPanel(QWidget):
    """The curve, a slider for the threshold, and a sentence for each chosen label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._result: LabelsResult | None = None
        self._labels: list[int] = []
        self.plot = PrecisionRecallPlot(self)
        self.legend = LegendRow(self)
        self.slider = Slider(self)
        self.slider.setRange(0, 100)
        self.slider.setValue(50)
        self.slider.setAccessibleName(self.tr("Threshold"))
        self.slider.setToolTip(self.tr("Threshold: how probable a label must be to be said; answers are given at 0.50"))
        self.value = Label("", "body", figures=True)
        self.words = Label("", "body", "secondary", figures=True, wrap=True)
        name = Label(self.tr("Threshold"), "body", "secondary")
        name.setBuddy(self.slider)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.legend)
        layout.addLayout(row)
        layout.addWidget(self.words)
        self.slider.valueChanged.connect(self._on_slider)
        self.plot.threshold_wished.connect(self._on_wish)
        theme().changed.connect(self._colour)

    def set_result(self, result: LabelsResult) -> None:
        """Take another task; no label is chosen yet."""
        self._result = result
        self.slider.setValue(50)
        self.show_labels([])

    def show_labels(self, labels: Sequence[int]) -> None:
        """Show the curves of some labels, the last ones where there are more than can be told apart."""
        self._labels = list(labels)[-MOST:]
        if self._result is not None:
            names, curves = self._result.classes, self._result.curves
            shown = [(names[at], curves[at]) for at in self._labels]
            self.plot.set_curves([(name, each.threshold, each.precision, each.recall) for name, each in shown])
        self._colour()
        self._on_slider()

    @property
    def threshold(self) -> float:
        """Where the slider is, 0 to 1."""
        return self.slider.value() / 100

    @Slot()
    def _on_slider(self) -> None:
        self.value.setText(f"{self.threshold:.2f}")
        self.plot.set_threshold(self.threshold)
        self.words.setText("\n".join(self._sentence(label) for label in self._labels[-3:]))
        self.words.setVisible(bool(self._labels))

    @Slot(float)
    def _on_wish(self, threshold: float) -> None:
        self.slider.setValue(int(100 * threshold + 1e-6))  # not above it, where its point is no longer said

    @Slot()
    def _colour(self) -> None:
        names = self._result.classes if self._result is not None else []
        legend = [(names[label], theme().task_colour(place)) for place, label in enumerate(self._labels)]
        self.legend.set_legend(legend if len(legend) > 1 else [])

    def _sentence(self, label: int) -> str:
        assert self._result is not None
        at = self._result.at(label, self.threshold)
        words = self.tr("{0}: said of {1} pictures, {2} of them rightly (precision); found {3} of {4} (recall)")
        shares = (percent(at.precision, 0), percent(at.recall, 0))
        return words.format(self._result.classes[label], count(at.said), shares[0], shares[1], count(at.true))
