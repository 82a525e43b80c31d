"""A label for one line of any length: cut in the middle, whole in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import TextRole
from workbench.gui.widgets.label import Label


class ElidedLabel(Label):
    """A Label that elides in the middle when there is no room."""

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        tone: str = "text",
        *,
        bold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, role, tone, bold=bold, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._update_tip()

    def setText(self, text: str, /) -> None:
        """Show another text."""
        super().setText(text)
        self._update_tip()

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters; a short word is never cut."""
        letter, whole = self.fontMetrics().averageCharWidth(), self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(whole if whole <= 10 * letter else 6 * letter, super().minimumSizeHint().height())

    def is_elided(self) -> bool:
        """Whether not the whole text is seen."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tip()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._update_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        where = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, where.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        side = int(self.alignment() | Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextDontClip)
        painter.drawText(where, side, text)

    def _update_tip(self) -> None:
        self.setToolTip(self.text() if self.is_elided() else "")
