"""One class for each picture: pictures of each class as bars."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.data.facts import Report, counts_by_part
from workbench.gui.pages.data.kinds.base import KindView, Loaders
from workbench.gui.widgets.class_bars import ClassBars


class ClassesView(KindView):
    """Classes as bars."""

    def __init__(self, loaders: Loaders, parent: QWidget | None = None) -> None:
        super().__init__(loaders, parent)
        self.bars = ClassBars(self)
        self.column.addWidget(self.bars)

    def show_report(self, report: Report) -> None:
        super().show_report(report)
        self.bars.set_counts(counts_by_part(report))

    def set_colour(self, colour: QColor) -> None:
        self.bars.set_colour(colour)

    def figures(self, report: Report) -> str:
        number = len(report["classes"])
        classes = self.tr("1 class") if number == 1 else self.tr("{0} classes").format(count(number))
        return f"{classes} · {self._pictures(report)}"
