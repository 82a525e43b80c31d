"""How a whole is made up, as one bar of pieces side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from workbench.gui.numbers import percent
from workbench.gui.theme import grown
from workbench.gui.widgets.track import track_painter

_HEIGHT = 14  # px
_GAP = 1  # px between two pieces


@dataclass(frozen=True)
class Share:
    """A piece of the whole; `share` is in [0, 1], `help` stands in its tooltip."""

    name: str
    share: float
    colour: QColor
    help: str = ""

    @property
    def words(self) -> str:
        """Its name with its share in whole per cent."""
        return f"{self.name} {percent(self.share, 0)}"


class SharesBar(QWidget):
    """The pieces in their order, from the left."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[Share, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def set_shares(self, shares: Sequence[Share]) -> None:
        """Show these, which add up to 1."""
        self._shares = tuple(shares)
        self.setAccessibleDescription(", ".join(share.words for share in self._shares))
        self.update()

    def share_at(self, x: float) -> Share | None:
        """The piece at a place, in px from the left."""
        for share, left, width in self._places():
            if left <= x < left + width:
                return share
        return None

    def sizeHint(self) -> QSize:
        return QSize(240, grown(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, grown(_HEIGHT))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            share = self.share_at(event.pos().x())
            words = [share.words, share.help] if share else []
            QToolTip.showText(event.globalPos(), "\n".join(word for word in words if word), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = track_painter(self)
        for share, left, width in self._places():
            painter.fillRect(QRectF(left, 0, max(0.0, width - _GAP), self.height()), share.colour)

    def _places(self) -> list[tuple[Share, float, float]]:
        """Each piece with its left edge and its width, in px."""
        places, left = [], 0.0
        for share in self._shares:
            width = share.share * self.width()
            places.append((share, left, width))
            left += width
        return places
