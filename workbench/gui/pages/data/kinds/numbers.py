"""A number for each picture: a small histogram."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import figure
from workbench.gui.pages.data.facts import Report
from workbench.gui.pages.data.kinds.base import KindView, Loaders
from workbench.gui.pages.data.words import part_figures
from workbench.gui.widgets.histogram import Histogram
from workbench.gui.widgets.label import Label


class NumbersView(KindView):
    """How the numbers are spread."""

    def __init__(self, loaders: Loaders, parent: QWidget | None = None) -> None:
        super().__init__(loaders, parent)
        self.histogram = Histogram(self)
        self.parts = Label("", "caption", "secondary", figures=True)
        self.column.addWidget(self.histogram)
        self.column.addWidget(self.parts)

    def show_report(self, report: Report) -> None:
        super().show_report(report)
        self.histogram.set_numbers(report.get("numbers"))
        self.histogram.setVisible(bool(report.get("numbers")))
        self.parts.setText(part_figures(report["parts"]))

    def set_colour(self, colour: QColor) -> None:
        self.histogram.set_colour(colour)

    def figures(self, report: Report) -> str:
        numbers = report.get("numbers")
        if not numbers:
            return self._pictures(report)
        words = self.tr("numbers from {0} to {1}").format(figure(numbers["minimum"]), figure(numbers["maximum"]))
        return f"{words} · {self._pictures(report)}"
