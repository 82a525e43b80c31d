"""One task's head, and behind a button the settings that fit its kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.core.fitting import finer_settings
from workbench.core.kinds import HEADS
from workbench.core.project import Task
from workbench.core.settings import Setting
from workbench.gui.pages.data.task_controls import offer_heads
from workbench.gui.pages.data.words import head_help, head_title
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.settings_form import SettingsForm

_SWATCH = 10  # px
_PREFIX = "tasks."


class TaskHead(QWidget):
    """Says what the user wants; decides nothing.

    Signals:
        set_requested(str, str, object): task, setting, value.
    """

    set_requested = Signal(str, str, object)

    def __init__(self, task: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.task = task
        self._fitting: list[Setting] = []
        self.form: SettingsForm | None = None
        self._swatch = QLabel(self)
        self.head = ComboBox(self)
        self.head.setAccessibleName(self.tr("Head of {0}").format(task))
        self.head.currentIndexChanged.connect(self._on_head)
        self.only = Label("", "caption", "secondary")
        self.more = IconButton("chevron-down", self.tr("Settings of {0}").format(task), self._toggle, self)
        self.more.setCheckable(True)
        self.sentence = Label("", "caption", "secondary", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(GRID)
        top.addWidget(self._swatch)
        top.addWidget(ElidedLabel(task), 1)
        top.addWidget(self.head)
        top.addWidget(self.only)
        top.addWidget(self.more)
        self._inside = QWidget(self)
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(_SWATCH + GRID, 0, 0, GRID)
        self._column.setSpacing(GRID)
        self._column.addWidget(self.sentence)
        self._inside.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(top)
        layout.addWidget(self._inside)

    def show_task(self, task: Task, place: int, stages: int) -> None:
        """Show how a task, the `place`-th of the project, is answered from a backbone of that many stages."""
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(theme().task_colour(place))
        self._swatch.setPixmap(swatch)
        self._show_head(task)
        fitting = [_limited(setting, stages) for setting in finer_settings(task.kind, task.head)]
        if fitting != self._fitting:
            self._build_form(fitting)
        assert self.form is not None
        self.form.set_values({f"{_PREFIX}{name}": value for name, value in task.model_dump().items()})

    def open_settings(self, opened: bool = True) -> None:
        """Show the settings, or hide them."""
        self.more.setChecked(opened)
        self._toggle()

    def is_open(self) -> bool:
        """Whether the settings are shown."""
        return self.more.isChecked()

    def _show_head(self, task: Task) -> None:
        heads = HEADS[task.kind]
        offer_heads(self.head, heads, task.head)
        self.head.setVisible(len(heads) > 1)
        self.only.setVisible(len(heads) == 1)
        self.only.setText(head_title(task.head))
        self.only.setToolTip(head_help(task.head))
        self.head.setToolTip(head_help(task.head))
        self.head.setAccessibleDescription(head_help(task.head))
        self.sentence.setText(head_help(task.head).partition("\n")[0])

    def _build_form(self, fitting: list[Setting]) -> None:
        if self.form is not None:
            self._column.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
        self._fitting = fitting
        self.form = SettingsForm(fitting, self._inside)
        self.form.set_advanced(True)
        for setting in fitting:
            control = self.form.row(setting.key).editor.focusProxy()
            control.setAccessibleName(self.tr("{0} of {1}").format(setting.title, self.task))
        self.form.changed.connect(self._on_changed)
        self._column.addWidget(self.form)
        self.form.show()  # where the settings are open, not only at the next event

    def _toggle(self) -> None:
        self._inside.setVisible(self.more.isChecked())
        self.more.set_icon("chevron-up" if self.more.isChecked() else "chevron-down")

    def _on_head(self, index: int) -> None:
        self.set_requested.emit(self.task, "head", self.head.itemData(index))

    def _on_changed(self, key: str, value: Any) -> None:
        self.set_requested.emit(self.task, key.removeprefix(_PREFIX), value)


def _limited(setting: Setting, stages: int) -> Setting:
    """A setting with the range that the backbone leaves it."""
    return replace(setting, maximum=stages) if setting.name == "own_stages" else setting
