"""Preset and settings of the next run; what merely follows the preset is told apart from what was set."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from workbench.core.parsing import project_settings
from workbench.core.presets import PRESETS
from workbench.core.project import Project
from workbench.gui.pages.train.between import BetweenTasks
from workbench.gui.pages.train.plan import training_pictures
from workbench.gui.pages.train.presets import PresetChooser
from workbench.gui.pages.train.timeline import Timeline
from workbench.gui.theme import GRID, font, grown, theme
from workbench.gui.widgets.button import IconButton
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.settings_form import SettingsForm
from workbench.gui.widgets.switch import Switch
from workbench.project.fit import preset_that_fits

_SECTION = "recipe."
_OF_PHASES = ("epochs", "head_epochs", "unfreeze")
"""What phases of one's own stand in place of."""
_LINES = 7  # of text: the least height of the settings
_NARROW = 88  # px: an editor beside its reset button, so that both stay beside their label


class RecipeCard(Card):
    """The recipe of the project.

    Signals:
        changed(str, object): the user set the recipe's value of that name.
        reset(str): the value of that name shall follow the preset again.
        weight_changed(str, float): the user set the weight of a task.
    """

    changed = Signal(str, object)
    reset = Signal(str)
    weight_changed = Signal(str, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Recipe"), parent=parent)
        known = [setting for key, setting in project_settings().items() if key.startswith(_SECTION)]
        settings = [setting for setting in known if setting.name != "preset" and setting.type != "tables"]
        self.presets = PresetChooser(self)
        self.timeline = Timeline(self)
        self.form = SettingsForm(settings, self)
        self.advanced = Switch(self.tr("All settings"))
        self.advanced.setAccessibleName(self.advanced.text())
        self.note = Label("", "caption", "secondary", wrap=True)
        self.between = BetweenTasks()
        self._resets = {setting.key: self._add_reset(setting.key) for setting in settings}
        inside = QWidget()
        inside.setProperty("page", True)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, GRID, 0)
        self._column.setSpacing(GRID)
        for widget in (self.presets, self.timeline, self.form, self.note, self.between):
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setAccessibleName(self.tr("Settings of the recipe"))
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidget(inside)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()
        self.add_action(self.advanced)
        self.add(self._scroll, 1)
        self.presets.chosen.connect(self._on_preset)
        self.form.changed.connect(self._on_changed)
        self.timeline.changed.connect(self._on_phases)
        self.timeline.reset.connect(self._on_phases_reset)
        self.between.weight_changed.connect(self.weight_changed)
        self.advanced.toggled.connect(self.form.set_advanced)
        theme().changed.connect(self._mark_own)

    def set_project(self, project: Project) -> None:
        """Show the recipe as it stands."""
        effective = project.effective().recipe
        written = project.written().get("recipe", {})
        self.presets.set_preset(effective.preset)
        self.form.set_values({f"{_SECTION}{name}": value for name, value in effective.model_dump().items()})
        self.timeline.set_project(project)
        for name in _OF_PHASES:
            self.form.row(f"{_SECTION}{name}").editor.setEnabled(not effective.phases)
        own = 0
        for key, button in self._resets.items():
            is_own = key.removeprefix(_SECTION) in written
            own += is_own
            button.setVisible(is_own)
        self._mark_own()
        self.note.setText(self._words(own, PRESETS[effective.preset].title))

    def add_finder(self, finder: QWidget) -> None:
        """Put what finds a learning rate under the settings."""
        self._column.insertWidget(self._column.indexOf(self.note), finder)

    def set_report(self, project: Project, report: dict[str, Any] | None) -> None:
        """Say what the recipe means between the project's tasks, with what is known of their data."""
        self.presets.set_fitting(*preset_that_fits(project, training_pictures(report)))
        self.between.set_project(project, report)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._mark_own()  # the style sheet takes the fonts away when it first meets the labels, and with each theme

    @Slot()
    def _mark_own(self) -> None:
        """Write the names of what the user has set in bold."""
        for key, button in self._resets.items():
            self.form.row(key).label.setFont(font(bold=not button.isHidden()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_scroll"):
            self._fit()

    def _fit(self) -> None:
        """Never narrower than the presets side by side, nor lower than they and their sentence."""
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        for key in self._resets:
            if (control := self.form.row(key).editor.focusProxy()) is not None:
                control.setMinimumWidth(grown(_NARROW))
        self._scroll.setMinimumHeight(_LINES * self.fontMetrics().height())
        self._scroll.setMinimumWidth(self.presets.segments.minimumSizeHint().width() + bar + GRID)

    def show_problem(self, name: str, text: str) -> None:
        """Say under a setting what is wrong with it."""
        self.form.show_problem(f"{_SECTION}{name}", text)

    def own(self) -> list[str]:
        """The names of the settings that are shown as set by the user."""
        return [key.removeprefix(_SECTION) for key, button in self._resets.items() if not button.isHidden()]

    def reset_button(self, name: str) -> IconButton:
        """The button that lets a setting follow the preset again."""
        return self._resets[f"{_SECTION}{name}"]

    def _words(self, own: int, preset: str) -> str:
        if not own:
            return self.tr("All values follow the preset {0} and the weights.").format(preset)
        return self.tr("Bold values are your own; the arrow lets one follow the preset {0} again.").format(preset)

    def _add_reset(self, key: str) -> IconButton:
        row = self.form.row(key)
        button = IconButton("undo", self.tr("{0}: follow the preset again").format(row.setting.title), tone="secondary")
        button.setProperty("setting", key.removeprefix(_SECTION))
        button.clicked.connect(self._on_reset)
        row.editor.row.addWidget(button)
        button.hide()
        return button

    @Slot()
    def _on_reset(self) -> None:
        self.reset.emit(str(self.sender().property("setting")))

    @Slot(list)
    def _on_phases(self, phases: list[dict[str, Any]]) -> None:
        self.changed.emit("phases", phases)

    @Slot()
    def _on_phases_reset(self) -> None:
        self.reset.emit("phases")

    @Slot(str)
    def _on_preset(self, name: str) -> None:
        self.changed.emit("preset", name)

    @Slot(str, object)
    def _on_changed(self, key: str, value: Any) -> None:
        self.changed.emit(key.removeprefix(_SECTION), value)
