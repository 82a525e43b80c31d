"""A form made from settings: one row for each, with its help."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.core.settings import Setting
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.setting_editors import make_editor, tip

_LETTERS = 18
"""The least width of an editor beside its label, in letters: an arrow and a word such as automatic."""

class SettingsForm(QWidget):
    """Rows of settings, of which the advanced ones can be hidden.

    Signals:
        changed(str, object): the user set the value of that key.
    """

    changed = Signal(str, object)

    def __init__(self, settings: Sequence[Setting], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, SettingRow] = {}
        self._advanced = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for setting in settings:
            row = SettingRow(setting)
            row.edited.connect(self.changed)
            layout.addWidget(row)
            self._rows[setting.key] = row
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.set_advanced(False)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values by key, passing over keys that have no row; `changed` is not emitted."""
        for key, value in values.items():
            if key in self._rows:
                self._rows[key].editor.set_value(value)
                self._rows[key].show_problem("")

    def values(self) -> dict[str, Any]:
        """Everything that is shown, by key."""
        return {key: row.editor.value() for key, row in self._rows.items()}

    def keys(self) -> list[str]:
        """The keys, in order."""
        return list(self._rows)

    def row(self, key: str) -> SettingRow:
        """The row of a setting."""
        return self._rows[key]

    @Slot(bool)
    def set_advanced(self, advanced: bool) -> None:
        """Show the advanced settings too, or only the basic ones."""
        self._advanced = advanced
        shown = [row for row in self._rows.values() if advanced or not row.setting.advanced]
        widest = max((row.label.sizeHint().width() for row in shown), default=0)
        for row in self._rows.values():
            row.setVisible(row in shown)
            row.set_label_width(widest)

    def set_locked(self, locked: bool) -> None:
        """While a run uses them, settings can be read but not changed."""
        for row in self._rows.values():
            row.editor.setEnabled(not locked)

    def show_problem(self, key: str, text: str) -> None:
        """Say under a setting what is wrong with it; an empty text takes that away."""
        self._rows[key].show_problem(text)


class SettingRow(QWidget):
    """Label and editor side by side, or above each other where it is narrow; the label opens the help under
    them.

    Signals:
        edited(str, object): the key and the value that the user set.
    """

    edited = Signal(str, object)

    def __init__(self, setting: Setting, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.editor = make_editor(setting)
        self.label = Button(setting.title, role="label", clicked=self._toggle_help)
        self.label.setToolTip(tip(setting))
        self.label.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.label.setAccessibleDescription(self.tr("Shows or hides what this setting does"))
        self._label_width = 0
        self._help = Label(setting.help, "caption", "secondary", wrap=True)
        self._problem = Label("", "caption", "bad", wrap=True)
        for text in (self._help, self._problem):
            text.setContentsMargins(4, 0, 0, 2)
        self._help.hide()
        self._problem.hide()
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(GRID // 2)
        self._line.addWidget(self.label)
        self._line.addWidget(self.editor, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._line)
        layout.addWidget(self._help)
        layout.addWidget(self._problem)
        if setting.default is not None:
            self.editor.set_value(setting.default)
        self.editor.edited.connect(self._on_edited)

    def set_label_width(self, width: int) -> None:
        """Line the editors up: px."""
        self._label_width = width
        self._arrange()

    def show_problem(self, text: str) -> None:
        """Say what is wrong."""
        self._problem.setText(text)
        self._problem.setVisible(bool(text))
        self.editor.setAccessibleDescription(text or self.setting.help)

    def minimumSizeHint(self) -> QSize:
        wide = max(self.label.minimumSizeHint().width(), self.editor.minimumSizeHint().width())
        return QSize(wide, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        least = max(self.editor.minimumSizeHint().width(), _LETTERS * self.fontMetrics().averageCharWidth())
        beside = self._label_width + GRID + least <= self.width()
        side, above = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._line.setDirection(side if beside else above)
        self.label.setMinimumWidth(self._label_width if beside else 0)

    @Slot()
    def _toggle_help(self) -> None:
        self._help.setVisible(self._help.isHidden())

    @Slot(object)
    def _on_edited(self, value: object) -> None:
        self.show_problem("")
        self.edited.emit(self.setting.key, value)
