"""What the views of all kinds share: a row of pictures, and a line of figures."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.data.facts import Report
from workbench.gui.theme import GRID
from workbench.gui.widgets.thumbnail_strip import ThumbnailStrip
from workbench.gui.widgets.thumbnails import ThumbnailLoader


@dataclass(frozen=True)
class Loaders:
    """Of the page's small pictures, and of the values of its masks."""

    pictures: ThumbnailLoader
    masks: ThumbnailLoader


class KindView(QWidget):
    """Some of a task's pictures, and under them what is known of their answers.

    Signals:
        activated(str): a small picture was chosen.
    """

    activated = Signal(str)

    def __init__(self, loaders: Loaders, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._loaders = loaders
        self.strip = self._make_strip()
        self.strip.activated.connect(self.activated)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(GRID)
        self.column.addWidget(self.strip)

    def show_report(self, report: Report) -> None:
        """Show what `check` says of the task."""
        self.strip.set_paths(report.get("first", []))

    def set_colour(self, colour: QColor) -> None:
        """Draw in the colour of the task."""

    def figures(self, report: Report) -> str:
        """The task in figures, such as "3 classes · 240 pictures"."""
        raise NotImplementedError

    def _make_strip(self) -> ThumbnailStrip:
        return ThumbnailStrip(self._loaders.pictures, 64, self)

    def _pictures(self, report: Report) -> str:
        number = report["count"]
        return self.tr("1 picture") if number == 1 else self.tr("{0} pictures").format(count(number))
