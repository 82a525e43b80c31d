"""How much of something is taken: now, as a bar, and over the last minute, as areas. Both set one part apart."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.colours import mix
from workbench.gui.theme import grown, theme
from workbench.gui.widgets.track import track_painter

_HEIGHT = 14  # px
SHOWN = 60
"""Samples that are drawn."""


class Taken(NamedTuple):
    """Shares of the whole in [0, 1]: all that is taken, and the part of it that is set apart. None is not known."""

    all: float | None
    own: float | None = None


def own_colour() -> QColor:
    """What is set apart."""
    return theme().colours().colour("accent")


def all_colour() -> QColor:
    """All that is taken."""
    colours = theme().colours()
    return QColor(mix(colours.surface, colours.accent, 0.4))


class _Drawn(QWidget):
    """A track with rounded corners, on which what is taken is drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(160, grown(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(60, grown(_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        self._draw(track_painter(self))

    def _draw(self, painter: QPainter) -> None:
        raise NotImplementedError


class LoadBar(_Drawn):
    """What is taken now, from the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.taken = Taken(None)

    def take(self, taken: Taken) -> None:
        """Show another amount."""
        if taken != self.taken:
            self.taken = taken
            self.update()

    def clear(self) -> None:
        """Nothing is known."""
        self.take(Taken(None))

    def _draw(self, painter: QPainter) -> None:
        for share, colour in ((self.taken.all, all_colour()), (self.taken.own, own_colour())):
            painter.fillRect(QRectF(0, 0, (share or 0.0) * self.width(), self.height()), colour)


class LoadTrace(_Drawn):
    """What was taken in the last samples; the newest is at the right edge. A sample that is not known is a gap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples: deque[Taken] = deque(maxlen=SHOWN)

    def take(self, taken: Taken) -> None:
        """Add a sample."""
        self.samples.append(taken)
        self.update()

    def clear(self) -> None:
        """Forget all samples."""
        self.samples.clear()
        self.update()

    def _draw(self, painter: QPainter) -> None:
        for at, colour in ((0, all_colour()), (1, own_colour())):
            area = QPolygonF([QPointF(self.width(), self.height())])
            area.append([self._point(age, taken[at] or 0.0) for age, taken in enumerate(reversed(self.samples))])
            area.append(QPointF(area[area.count() - 1].x(), self.height()))
            painter.setPen(QColor(0, 0, 0, 0))
            painter.setBrush(colour)
            painter.drawPolygon(area)

    def _point(self, age: int, share: float) -> QPointF:
        return QPointF(self.width() * (1 - age / (SHOWN - 1)), self.height() * (1 - share))
