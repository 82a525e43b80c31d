"""What scrolls sideways where it is wider than its place, such as a table with a large font in a small window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

_LEAST = 20  # letters that are always in sight


class Sideways(QScrollArea):
    """Holds a widget that is as high as it likes; it does not make its page wider."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setWidget(inside)
        for widget in (self.viewport(), inside):  # a scroll area fills what it is given
            widget.setAutoFillBackground(False)
        self.setAccessibleName(inside.accessibleName())
        inside.installEventFilter(self)
        self._fit()

    def sizeHint(self) -> QSize:
        inside = self.widget()
        height = inside.sizeHint().height() if inside is not None else 0
        scrolls = inside is not None and inside.minimumSizeHint().width() > self.width()
        bar = self.horizontalScrollBar().sizeHint().height() if scrolls else 0
        return QSize(inside.sizeHint().width() if inside is not None else 0, height + bar)

    def minimumSizeHint(self) -> QSize:
        inside = self.widget()  # none while Qt takes it apart
        wide = inside.minimumSizeHint().width() if inside is not None else 0
        return QSize(min(wide, _LEAST * self.fontMetrics().averageCharWidth()), self.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Take the height that is needed now; with something to scroll the arrow keys do."""
        inside = self.widget()
        scrolls = inside is not None and inside.minimumSizeHint().width() > self.width()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if scrolls else Qt.FocusPolicy.NoFocus)
        self.updateGeometry()
