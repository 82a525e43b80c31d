"""The settings that can be changed while a run trains; what is set holds from its next epoch on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.core.changes import CHANGEABLE, changeable, check_change, value_of
from workbench.core.errors import RequestError
from workbench.core.parsing import project_settings, task_settings
from workbench.core.project import Project
from workbench.core.settings import Setting
from workbench.gui.pages.train.change_words import setting_words
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.settings_form import SettingsForm


class ChangeCard(Card):
    """A button that unfolds the form; hidden until it is known what the run trains with.

    Signals:
        change_requested(object): the settings that the user wants otherwise, a dict by key; they are allowed.
    """

    change_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._project: Project | None = None
        self.form: SettingsForm | None = None
        self.unfold = Button(self.tr("Change while it trains"), "chevron-right", "flat", parent=self)
        self.unfold.setCheckable(True)
        self.unfold.setAccessibleName(self.unfold.text())
        self.unfold.setToolTip(self.tr("Learning rate, augmentation, freeze depth and task weights of this run"))
        self.unfold.toggled.connect(self._fold)
        self.hint = Label("", "caption", "secondary", wrap=True, parent=self)
        self.apply = Button(self.tr("Change from the next epoch on"), clicked=self._on_apply, parent=self)
        self.apply.setAccessibleName(self.apply.text())
        self.add(self.unfold)
        self._place = self.body.count()
        self.add(self.hint)
        self.add(self.apply)
        self._fold()

    def set_project(self, project: Project | None) -> None:
        """What the run trains with now; None where that is not known."""
        if project is None:
            self.forget()
            return
        self._project = project
        if self.form is None:
            self.form = self._made_form(project)
        self.form.set_values({key: value_of(project, key) for key in changeable(project)})
        self._say()

    def forget(self) -> None:
        """Begin anew with another run; nothing is known of it yet."""
        self._project = None
        if self.form is not None:
            self.body.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        self.unfold.setChecked(False)

    def wanted(self) -> dict[str, Any]:
        """What is set otherwise than the run has it."""
        if self.form is None or self._project is None:
            return {}
        return {key: value for key, value in self.form.values().items() if value != value_of(self._project, key)}

    def _made_form(self, project: Project) -> SettingsForm:
        form = SettingsForm([_setting(key) for key in changeable(project)], self)
        form.changed.connect(self._on_edited)
        form.setVisible(self.unfold.isChecked())
        self.body.insertWidget(self._place, form)
        return form

    @Slot()
    def _fold(self) -> None:
        shown = self.unfold.isChecked()
        self.unfold.set_icon("chevron-down" if shown else "chevron-right")
        for widget in (self.form, self.hint, self.apply):
            if widget is not None:
                widget.setVisible(shown)
        self._say()

    @Slot()
    def _on_edited(self) -> None:
        self._say()

    def _say(self, told: bool = False) -> None:
        problem = self._problem()
        self.apply.setEnabled(bool(self.wanted()) and not problem)
        words = self.tr("Told. It holds when the next epoch begins.") if told else ""
        self.hint.setText(problem or words or self.tr("What is changed is marked on the curves and kept with the run."))

    def _problem(self) -> str:
        """Why what is set cannot be told; empty where it can."""
        if self._project is None:
            return ""
        try:
            check_change(self._project, self.wanted())
        except RequestError as error:
            return f"{error.text} {error.fix}"
        return ""

    @Slot()
    def _on_apply(self) -> None:
        self.change_requested.emit(self.wanted())
        self._say(told=True)


def _setting(key: str) -> Setting:
    """The setting as the form shows it; nothing is advanced here."""
    known = project_settings()[key] if key in CHANGEABLE else task_settings()["weight"]
    return replace(known, key=key, title=setting_words(key), advanced=False)
