"""The head of the data page: its title, and where pictures come in."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.theme import CORNER, GRID, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label


class PageHeader(QWidget):
    """Title, a line, and the way on."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = Label("", "body", "secondary", figures=True)
        self.next = Button(self.tr("Choose a model"), "chevron-right", parent=self)
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addWidget(Label(title, "page", bold=True))
        layout.addWidget(self._line, 1)
        layout.addWidget(self.next)

    def say(self, text: str) -> None:
        """Show a line beside the title."""
        self._line.setText(text)


class AddRow(QWidget):
    """Says that folders and tables can be dropped anywhere, and has a button for each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = Label(self.tr("Drop folders or CSV files anywhere on the window"), "body")
        hint = self.tr(
            "A folder that holds one folder per class becomes a task; so does a column of a table, or pictures with "
            "masks."
        )
        self._hint = Label(hint, "caption", "secondary", wrap=True)
        self.browse = Button(self.tr("Browse…"), "folder", parent=self)
        self.browse.setAccessibleName(self.tr("Add a folder of pictures"))
        self.table = Button(self.tr("Table…"), "table", parent=self)
        self.table.setAccessibleName(self.tr("Add tasks from a CSV file"))
        self.masks = Button(self.tr("Pictures with masks…"), "picture", parent=self)
        self.masks.setAccessibleName(self.tr("Add pictures with masks"))
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        words.addWidget(self._title)
        words.addWidget(self._hint)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GRID)
        for button in (self.browse, self.table, self.masks):
            self._buttons.addWidget(button)
        self._large = False
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setSpacing(2 * GRID)
        self._box.addLayout(words, 1)
        self._box.addLayout(self._buttons)
        self._arrange()

    def set_large(self, large: bool) -> None:
        """Take much room while there is nothing else, and little later."""
        self._large = large
        self.browse.set_role("primary" if large else "")
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """As narrow as the buttons above each other's words: the page must not be wider than the window."""
        return QSize(self._buttons.minimumSize().width() + 4 * GRID, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Words beside the buttons, or above them where it is narrow or where there is much room."""
        beside = self._buttons.sizeHint().width() + self._title.sizeHint().width() + 8 * GRID <= self.width()
        upright = self._large or not beside
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)
        centre, left = Qt.AlignmentFlag.AlignCenter, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for label in (self._title, self._hint):
            label.setAlignment(centre if self._large else left)
        edge = 8 * GRID if self._large else GRID + 4
        self._box.setContentsMargins(2 * GRID, edge, 2 * GRID, edge)
        self._box.setAlignment(self._buttons, centre if self._large else left)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.colour("control_border"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
