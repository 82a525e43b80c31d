"""The list above a plot of scores that says which metric it draws."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.results.metric_words import metric_axis, metric_help, metric_limits, metric_title
from workbench.gui.pages.train.linked_plot import LinkedPlot
from workbench.gui.widgets.inputs import ComboBox


class MetricChoice(ComboBox):
    """Keeps the plot's axis that of the metric; hidden while there is none.

    Attributes:
        drawn: the metric; "" while there is none.

    Signals:
        changed(): another one is chosen, and the plot is empty.
    """

    changed = Signal()

    def __init__(self, plot: LinkedPlot, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plot = plot
        self.drawn = ""
        self.setAccessibleName(accessible_name)
        self.hide()
        self.currentIndexChanged.connect(self._on_index)

    def offer(self, names: Sequence[str]) -> None:
        """Let people choose among metrics; the present one stays where it is among them."""
        if list(names) == [self.itemData(row) for row in range(self.count())]:
            return
        wanted = self.drawn if self.drawn in names else next(iter(names), "")
        self.set_choices([(metric_title(name), name) for name in names], wanted)
        self.setVisible(bool(names))
        self._take(wanted)

    def _take(self, name: str) -> None:
        if name != self.drawn:
            if self.drawn:
                self._plot.forget()
            self.drawn = name
            self._plot.set_vertical(metric_axis(name), metric_limits(name))
        self.setToolTip(metric_help(name))

    @Slot()
    def _on_index(self) -> None:
        self._take(self.currentData() or "")
        self.changed.emit()
