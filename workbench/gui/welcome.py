"""What the window shows while no project is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from workbench.gui.preferences import Preferences
from workbench.gui.theme import CORNER, GRID, GROUP_GAP, PAGE_EDGE, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.label import Label

_WIDTH = 720  # px
_SHOWN = 6


class Welcome(QScrollArea):
    """New project, open, demo, and the projects opened before.

    Signals:
        chosen(object): the folder (Path) of a recent project.
    """

    chosen = Signal(object)

    def __init__(
        self, preferences: Preferences, new: QAction, open_: QAction, demo: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget(self)
        inner.setProperty("page", True)
        column = QVBoxLayout()
        column.setSpacing(GROUP_GAP)
        column.addStretch(1)
        column.addWidget(Label(self.tr("What do your pictures show?"), "page", bold=True, wrap=True))
        promise = self.tr(
            "Each folder of pictures becomes a task, and one model learns all of them together. "
            "Nothing leaves this computer."
        )
        column.addWidget(Label(promise, tone="secondary", wrap=True))
        column.addWidget(_DropHint(self))
        column.addLayout(_buttons(new, open_, demo))
        column.addSpacing(GRID)
        self.recent = Card(self.tr("Opened before"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.recent.add(self._rows)
        column.addWidget(self.recent)
        column.addStretch(2)
        middle = QWidget(inner)
        middle.setMaximumWidth(_WIDTH)
        middle.setLayout(column)
        outer = QHBoxLayout(inner)
        outer.setContentsMargins(PAGE_EDGE, PAGE_EDGE, PAGE_EDGE, PAGE_EDGE)
        outer.addStretch(1)
        outer.addWidget(middle, 100)
        outer.addStretch(1)
        self.setWidget(inner)
        preferences.recent_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the recent projects that are still there."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        folders = self._preferences.recent()[:_SHOWN]
        for folder in folders:
            self._rows.addWidget(self._row(folder))
        self.recent.setVisible(bool(folders))

    def _row(self, folder: Path) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        text = self.fontMetrics().elidedText(folder.name, Qt.TextElideMode.ElideMiddle, 280)
        button = Button(text, "folder", "flat", lambda: self.chosen.emit(folder))
        button.setAccessibleName(self.tr("Open {0}").format(folder.name))
        button.setToolTip(str(folder))
        layout.addWidget(button)
        where = ElidedLabel(str(folder.parent), "caption", "secondary")
        where.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(where, 1)
        return row


class _DropHint(QWidget):
    """Shows that something can be dropped; the whole window takes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 5 * GRID, 2 * GRID, 5 * GRID)
        for label in (
            Label(self.tr("Drop folders or CSV files here"), "title", wrap=True),
            Label(
                self.tr("For example a folder waste with the folders glass, metal and paper in it"),
                "caption",
                "secondary",
            ),
        ):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            layout.addWidget(label)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme().colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.colour("control_border"), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)


def _buttons(new: QAction, open_: QAction, demo: QAction) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setSpacing(GRID)
    for action, icon, role in ((new, "plus", "primary"), (open_, "folder", ""), (demo, "try", "")):
        layout.addWidget(Button(action.text(), icon, role, action.trigger))  # type: ignore[arg-type]
    layout.addStretch(1)
    return layout
