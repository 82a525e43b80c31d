"""A label in one of the sizes and tones of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from workbench.gui.theme import TextRole, font, theme


class Label(QLabel):
    """Text in a role (size) and a tone (a colour of the theme); it follows the theme and the system's font.

    Args:
        text: plain text; nothing in it is read as markup.
        role: "caption", "body", "title", "page" or "score".
        tone: a colour of `Colours`, such as "text", "secondary", "bad".
        bold: heavier.
        figures: figures of equal width, for numbers that change.
        wrap: break long text into lines.
    """

    def __init__(
        self,
        text: str = "",
        role: TextRole = "body",
        tone: str = "text",
        *,
        bold: bool = False,
        figures: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role, self._tone, self._bold, self._figures = role, tone, bold, figures
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setText(text)
        self.refresh()
        theme().changed.connect(self.refresh)

    def set_tone(self, tone: str) -> None:
        """Take another colour of the theme."""
        self._tone = tone
        self.refresh()

    def refresh(self) -> None:
        """Take the theme's colour and the application's font again."""
        self.setFont(font(self._role, bold=self._bold, figures=self._figures))
        self.setContentsMargins(0, _above_line(self.fontMetrics()), 0, 0)
        own = QPalette(self.palette())
        own.setColor(QPalette.ColorRole.WindowText, theme().colours().colour(self._tone))
        self.setPalette(own)


def _above_line(metrics: QFontMetrics) -> int:
    """px by which capitals with an accent rise above a line of the font: a label as high as the line would cut them."""
    return max(0, -metrics.tightBoundingRect("ÄÅÉÖÜ").top() - metrics.ascent())
