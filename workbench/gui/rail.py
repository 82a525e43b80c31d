"""The rail: the pages in the order of the work."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.gui.icons import set_icon
from workbench.gui.theme import GRID

_BACK = (Qt.Key.Key_Up, Qt.Key.Key_Left)
_ON = (Qt.Key.Key_Down, Qt.Key.Key_Right)


class Rail(QWidget):
    """One button a page; Up and Down go from page to page.

    Signals:
        chosen(str): the user wants that page.
    """

    chosen = Signal(str)

    def __init__(self, pages: dict[str, tuple[QAction, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Pages"))
        self._group = QButtonGroup(self)
        self._names = list(pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        layout.setSpacing(GRID // 2)
        for index, (action, icon) in enumerate(pages.values()):
            button = _RailButton(action, icon, self)
            self._group.addButton(button, index)
            layout.addWidget(button)
        layout.addStretch(1)
        self._group.idClicked.connect(self._on_clicked)

    def button(self, page: str) -> QToolButton:
        """The button of a page."""
        button = self._group.button(self._names.index(page))
        assert isinstance(button, QToolButton)
        return button

    def set_current(self, page: str) -> None:
        """Mark the page that is shown."""
        for name in self._names:
            self.button(name).setFocusPolicy(Qt.FocusPolicy.TabFocus if name == page else Qt.FocusPolicy.ClickFocus)
        self.button(page).setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = -1 if event.key() in _BACK else 1 if event.key() in _ON else 0
        if not step:
            super().keyPressEvent(event)
            return
        index = (self._group.checkedId() + step) % len(self._names)
        self._group.button(index).setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(self._names[index])

    def _on_clicked(self, index: int) -> None:
        self.chosen.emit(self._names[index])


class _RailButton(QToolButton):
    """An icon with its name below it."""

    def __init__(self, action: QAction, icon: str, parent: QWidget) -> None:
        super().__init__(parent)
        name = action.text()
        self.setText(name)
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        self.setProperty("rail", True)
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_icon(self, icon)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(max(64, hint.width()), max(56, hint.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*_BACK, *_ON):
            event.ignore()  # the rail moves on
        else:
            super().keyPressEvent(event)
