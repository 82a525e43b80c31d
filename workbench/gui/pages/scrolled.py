"""What scrolls up and down where there is truly no room, such as with a large font in a small window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Scrolls a column of widgets, and is never narrower than they are."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside.setProperty("page", True)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def minimumSizeHint(self) -> QSize:
        inside = self.widget()  # none while Qt takes the page apart
        wide = inside.minimumSizeHint().width() if inside is not None else 0
        bar = self.verticalScrollBar().sizeHint().width() if self.verticalScrollBar().maximum() else 0
        return QSize(wide + bar, super().minimumSizeHint().height())


class Column(QWidget):
    """A column as low as it can be: what scrolls inside is not asked how high it would like to be."""

    def heightForWidth(self, width: int, /) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)
