"""Several labels for each picture: pictures with each label as bars, which add up to more than the pictures."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.data.facts import Report, counts_by_part
from workbench.gui.pages.data.kinds.base import KindView, Loaders
from workbench.gui.widgets.class_bars import ClassBars
from workbench.gui.widgets.label import Label


class LabelsView(KindView):
    """Labels as bars."""

    def __init__(self, loaders: Loaders, parent: QWidget | None = None) -> None:
        super().__init__(loaders, parent)
        self.bars = ClassBars(self, labels=True)
        self.note = Label("", "caption", "secondary", figures=True, wrap=True)
        self.column.addWidget(self.bars)
        self.column.addWidget(self.note)

    def show_report(self, report: Report) -> None:
        super().show_report(report)
        self.bars.set_counts(counts_by_part(report), report["parts"])
        together = sum(report["classes"].values())
        words = self.tr("The bars add up to {0} labels on {1}: a picture can have several, or none.")
        self.note.setText(words.format(count(together), self._pictures(report)))

    def set_colour(self, colour: QColor) -> None:
        self.bars.set_colour(colour)

    def figures(self, report: Report) -> str:
        number = len(report["classes"])
        labels = self.tr("1 label") if number == 1 else self.tr("{0} labels").format(count(number))
        return f"{labels} · {self._pictures(report)}"
