"""What went wrong, or is worth an answer, at the top of the page area; never a dialog in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.theme import GRID, PAGE_EDGE
from workbench.gui.widgets.notice_bar import Level, NoticeBar

MOST = 3


class Notices(QWidget):
    """A small stack of notices, the newest at the top; it takes no room while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: list[NoticeBar] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(PAGE_EDGE, GRID, PAGE_EDGE, 0)
        self._layout.setSpacing(GRID // 2)
        self.hide()

    def failed(self, text: str, fix: str = "") -> None:
        """Tell what could not be done, and how to mend it."""
        self.tell("bad", f"{text} {fix}".strip())

    def tell(self, level: Level, text: str, button: str = "", do: Callable[[], object] | None = None) -> NoticeBar:
        """Show a notice, with a button where there is something to do; the same text is never shown twice."""
        for bar in [bar for bar in self._bars if bar.text() == text]:
            self.withdraw(bar)
        bar = NoticeBar(level, text, closable=True, parent=self)
        bar.closed.connect(lambda: self.withdraw(bar))
        if button and do is not None:
            bar.add_action(button, do).clicked.connect(lambda: self.withdraw(bar))
        self._bars.insert(0, bar)
        self._layout.insertWidget(0, bar)
        for old in self._bars[MOST:]:
            self.withdraw(old)
        self.show()
        return bar

    def texts(self) -> list[str]:
        """What is shown, the newest first."""
        return [bar.text() for bar in self._bars]

    def clear(self) -> None:
        """Take all away."""
        for bar in list(self._bars):
            self.withdraw(bar)

    def withdraw(self, bar: NoticeBar) -> None:
        """Take one away, where it is still there."""
        if bar in self._bars:
            self._bars.remove(bar)
            self._layout.removeWidget(bar)
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self._bars))
