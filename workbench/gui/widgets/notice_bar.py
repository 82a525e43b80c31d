"""One line that says something worth knowing, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from workbench.gui.colours import mix
from workbench.gui.icons import pixmap
from workbench.gui.theme import CORNER, GRID, theme
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.label import Label

Level = Literal["info", "good", "caution", "bad"]
_LEAST_HEIGHT = 42  # px: as high with buttons as without
_LEAST_LINE = 32  # characters that the text has beside the buttons, at least
_LOOKS: dict[str, tuple[str, str]] = {
    "info": ("info", "accent"),
    "good": ("check", "good"),
    "caution": ("warning", "caution"),
    "bad": ("error", "bad"),
}


class NoticeBar(QWidget):
    """A notice: icon, text, buttons, and a cross if it can be closed.

    Signals:
        closed(): the user closed it (it hides itself).
    """

    closed = Signal()

    def __init__(
        self,
        level: Level = "info",
        text: str = "",
        *,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._level: Level = level
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._text = Label("", wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close = IconButton("close", self.tr("Close this notice"), self._on_close, tone="secondary")
        if not closable:  # made visible before it stands in the bar, it would be a window for a moment
            self._close.hide()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GRID + 4, 5, GRID, 5)
        self._row.setSpacing(GRID)
        self._row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._said.setSpacing(GRID)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(GRID)
        self._actions.addStretch(1)
        self._said.addWidget(self._text, 1)
        self._said.addLayout(self._actions)
        self._row.addLayout(self._said, 1)
        self._row.addWidget(self._close)
        self._buttons: list[Button] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.set_notice(level, text)
        theme().changed.connect(self._refresh)

    def set_notice(self, level: Level, text: str) -> None:
        """Say something else; the buttons stay."""
        self._level = level
        self._text.setText(text)
        self.setAccessibleName(text)
        self._refresh()

    @Slot(str)
    def show_problem(self, text: str) -> None:
        """Come into sight, and say what went wrong."""
        self.set_notice("bad", text)
        self.show()

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def add_action(self, text: str, clicked: Callable[[], object]) -> Button:
        """Add a button that says what it does; `clicked` is a method of a QObject."""
        button = Button(text, role="flat", clicked=clicked)
        self._actions.insertWidget(len(self._buttons), button)
        self._buttons.append(button)
        self._fit()
        return button

    def clear_actions(self) -> None:
        """Take all buttons away."""
        for button in self._buttons:
            self._actions.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """As narrow as it is with its buttons below the text."""
        rest = super().minimumSizeHint()
        text, buttons = self._text.minimumSizeHint().width(), self._actions.minimumSize().width()
        return QSize(rest.width() - self._said.minimumSize().width() + max(text, buttons), rest.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The buttons stand beside the text where it has room for a few words there, else below it."""
        metrics = self.fontMetrics()
        words = min(_LEAST_LINE * metrics.averageCharWidth(), metrics.horizontalAdvance(self._text.text()))
        frame = super().minimumSizeHint().width() - self._said.minimumSize().width() + GRID
        beside = not self._buttons or frame + words + self._actions.sizeHint().width() <= self.width()
        wanted = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if wanted != self._said.direction():
            self._said.setDirection(wanted)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        tone = getattr(colours, _LOOKS[self._level][1])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(mix(colours.surface, tone, 0.45)), 1))
        painter.setBrush(QColor(mix(colours.surface, tone, 0.10)))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)

    def _refresh(self) -> None:
        name, role = _LOOKS[self._level]
        self._icon.setPixmap(pixmap(name, role, 20, self.devicePixelRatioF()))
        self.update()

    def _on_close(self) -> None:
        self.hide()
        self.closed.emit()
