"""Both domains as points on one map: coloured by domain, label or answer, and pointed at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.results.map.card import PointCard
from workbench.gui.pages.results.map.colouring import Kinds, kinds
from workbench.gui.pages.results.map.document import PictureMap
from workbench.gui.pages.results.map.legend import PointLegend, entries
from workbench.gui.pages.results.map.words import PictureWords
from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.point_map import PointMap
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_LINES = 16  # of text: the height


class DomainMap(QWidget):
    """A map with its legend."""

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: PictureMap | None = None
        self._kinds: Kinds | None = None
        self._folder = Path()
        self.colour = ComboBox(self)
        self.colour.setAccessibleName(self.tr("What the points are coloured by"))
        self.plane = PointMap(self)
        self.card = PointCard(loader, self.plane)
        self.legend = PointLegend(self)
        self.said = Label("", "caption", "secondary", figures=True, wrap=True)
        name = Label(self.tr("Coloured by"), "body", "secondary")
        name.setBuddy(self.colour)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(name)
        row.addWidget(self.colour)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(row)
        for widget in (self.plane, self.legend, self.said):
            layout.addWidget(widget)
        self.colour.activated.connect(self._recolour)
        self.legend.hidden_changed.connect(self._draw)
        self.plane.point_shown.connect(self._on_shown)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "plane"):
            self._fit()

    def set_map(self, found: PictureMap, folder: Path) -> None:
        """Show a map; `folder` is the project's."""
        self._map, self._folder = found, folder
        colours = [(self.tr("Domain"), ("part", ""))]
        for name, task in found.tasks.items():
            colours.append((self.tr("Said: {0}").format(name), ("answer", name)))
            colours.append((self.tr("Label: {0}").format(name), ("label", name)))
            if task.kind != "number":
                colours.append((self.tr("Right or wrong: {0}").format(name), ("right", name)))
        self.colour.set_choices(colours)
        self.plane.set_points(found.x, found.y)
        if found.explained:
            words = self.tr("These two directions hold {0} of how the pictures differ, others the rest.")
            self.said.setText(words.format(percent(sum(found.explained))))
        self._recolour()

    @Slot()
    def _recolour(self) -> None:
        if self._map is None:
            return
        way, task = self.colour.currentData()
        self._kinds = kinds(self._map, way, task)
        self.legend.set_entries(entries(self._kinds))
        self._draw()

    @Slot()
    def _draw(self) -> None:
        if self._kinds is None:
            return
        turn = np.arange(len(self._kinds.names) + 1)
        turn[-1] = -1
        turn[list(self.legend.hidden())] = -1
        self.plane.set_kinds(turn[self._kinds.of], self._kinds.marks)

    @Slot(int)
    def _on_shown(self, row: int) -> None:
        if row < 0 or self._map is None:
            self.card.hide()
            return
        words = PictureWords(self._map, self._folder)
        self.card.tell(words.path(row), words.lines(row), self.plane.place_of(row))
        self.plane.setAccessibleDescription(self.card.text())

    def _fit(self) -> None:
        self.plane.setMinimumHeight(_LINES * self.fontMetrics().height())
