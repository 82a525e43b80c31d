"""What the colours of a picture mean: a small square and a name each, in lines that wrap."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.score_card import Chip

_MOST = 12
_NAME = 24  # characters of a name; longer ones are cut


class LegendRow(FlowRow):
    """Names with their colours."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, GRID)
        self.setAccessibleName(self.tr("What the colours mean"))
        self._entries: list[_Entry] = []

    def set_legend(self, legend: Sequence[tuple[str, QColor]]) -> None:
        """Show these; beyond twelve, how many more there are."""
        shown: list[tuple[str, QColor | None]] = list(legend[:_MOST])
        if len(legend) > _MOST:
            shown.append((self.tr("{0} more").format(len(legend) - _MOST), None))
        while len(self._entries) < len(shown):
            self._entries.append(_Entry(self))
            self.flow.addWidget(self._entries[-1])
        for entry in self._entries[len(shown) :]:
            entry.hide()
        for entry, (name, colour) in zip(self._entries, shown, strict=False):
            entry.set(name, colour)
            entry.show()
        self.setAccessibleDescription(", ".join(name for name, _ in legend))
        self.refit()

    def names(self) -> list[str]:
        """The names that are shown."""
        return [entry.name.text() for entry in self._entries if not entry.isHidden()]


class _Entry(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.chip, self.name = Chip(), ElidedLabel("", "caption", "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        row.addWidget(self.chip)
        row.addWidget(self.name)

    def set(self, name: str, colour: QColor | None) -> None:
        self.name.setText(name)
        self.name.setMaximumWidth(_NAME * self.fontMetrics().averageCharWidth())
        self.chip.setVisible(colour is not None)
        if colour is not None:
            self.chip.set_colour(colour)
