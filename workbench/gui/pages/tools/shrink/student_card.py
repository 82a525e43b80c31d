"""A smaller network that is to learn from a run: which, how, and from what more."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.core.project import BackboneChoice
from workbench.core.recipe import Recipe
from workbench.core.settings import all_settings
from workbench.core.transfer import Transfer
from workbench.gui.numbers import amount
from workbench.gui.pages.data.folder_field import FolderField
from workbench.gui.pages.model.installed import refusal
from workbench.gui.pages.model.weight_words import Here
from workbench.gui.pages.tools.fields import fields
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox, SpinBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.switch import Switch
from workbench.gui.workspace import Workspace
from workbench.project.students import Teacher

_WAYS = ("kd", "dkd")
_SETTINGS = {setting.key: setting for setting in all_settings(Transfer, "transfer.")}
_EPOCHS = next(setting for setting in all_settings(Recipe, "recipe.") if setting.key == "recipe.epochs")


class StudentCard(Card):
    """Signals:
    page_requested(str): the user should be sent to another page.
    """

    page_requested = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._teacher: Teacher | None = None
        self._here = Here()
        self.set_title(self.tr("Teach a smaller network"))
        self.set_caption(
            self.tr("It learns the run's answers to the same pictures beside their labels, for all tasks at once.")
        )
        self.backbone = ComboBox(self)
        self.method = ComboBox(self)
        self.features = Switch(self.tr("Match features as well"), self)
        self.features.setToolTip(_SETTINGS["transfer.features"].help)
        self.epochs = SpinBox(self)
        self.epochs.setRange(int(_EPOCHS.minimum or 1), int(_EPOCHS.maximum or 1000))
        self.epochs.setValue(int(_EPOCHS.default))
        self.folder = FolderField(
            self.tr("A folder of more pictures without labels"), self.tr("Choose a folder of more pictures"), self
        )
        self.folder.line.setPlaceholderText(self.tr("None. Pictures without labels help most."))
        self.start = Button(self.tr("Train the student"), "play", "primary", clicked=self._on_start, parent=self)
        self.download = Button(self.tr("Choose one to download"), "model", clicked=self._on_download, parent=self)
        self.hint = Label("", "body", "secondary", wrap=True)
        self._name_fields()
        self._lay_out()
        self.backbone.currentIndexChanged.connect(self._on_changed)
        self.folder.changed.connect(self._on_changed)
        workspace.run_state_changed.connect(self._on_changed)
        self.set_teacher(None)

    def set_teacher(self, teacher: Teacher | None) -> None:
        """The run that teaches; None where none is chosen or it cannot be read."""
        kept = self.backbone.currentData() or BackboneChoice().name
        self._teacher = teacher
        self._here.look_from(self._workspace.folder)
        self._here.forget()
        students = teacher.students(lambda each: not refusal(each) and self._here(each)) if teacher else []
        words = self.tr("{0} · {1} parameters")
        choices = [(words.format(facts.title, amount(facts.parameters)), facts.name) for facts in students]
        self.backbone.set_choices(choices, kept)
        self._on_changed()

    def forget(self) -> None:
        """Another project is open."""
        self.folder.set_path(None)

    def _name_fields(self) -> None:
        self.backbone.setAccessibleName(self.tr("The smaller network"))
        self.method.setAccessibleName(self.tr("How the answers are learned"))
        self.epochs.setAccessibleName(self.tr("Epochs of the student"))
        self.epochs.setToolTip(_EPOCHS.help)
        titles = {"kd": self.tr("All beliefs alike (KD)"), "dkd": self.tr("Right class and others apart (DKD)")}
        setting = _SETTINGS["transfer.distillation"]
        helps = dict(zip(setting.choices, setting.choice_help, strict=True))
        for at, way in enumerate(_WAYS):
            self.method.addItem(titles[way], way)
            self.method.setItemData(at, helps[way], Qt.ItemDataRole.ToolTipRole)

    def _lay_out(self) -> None:
        named = [
            (self.tr("Network"), self.backbone),
            (self.tr("Answers"), self.method),
            (self.tr("Epochs"), self.epochs),
            (self.tr("More pictures"), self.folder),
        ]
        last = QHBoxLayout()
        last.setSpacing(GRID)
        last.addWidget(self.hint, 1)
        last.addWidget(self.download)
        last.addWidget(self.start)
        self.add(fields(named))
        self.add(self.features)
        self.add(last)

    @Slot()
    def _on_changed(self) -> None:
        idle = self._workspace.run_state == "idle"
        folder = self.folder.path()
        there = folder is None or folder.is_dir()
        self.backbone.setEnabled(self.backbone.count() > 0)
        none_here = self._teacher is not None and self.backbone.currentIndex() < 0
        self.download.setVisible(none_here)
        self.start.setVisible(not none_here)
        self.start.setEnabled(idle and self.backbone.currentIndex() >= 0 and there)
        if self._teacher is None:
            text = self.tr("There is no run yet that can teach. Train one first.")
        elif none_here:
            text = self.tr("No smaller network is on this computer. Download one on the page Model.")
        elif not there:
            text = self.tr("There is no such folder: {0}").format(folder)
        elif not idle:
            text = self.tr("A run is training. This can begin when it has ended.")
        else:
            text = self.tr("The student is a new run; the project's settings stay as they are.")
        self.hint.setText(text)

    @Slot()
    def _on_download(self) -> None:
        self.page_requested.emit("model")

    @Slot()
    def _on_start(self) -> None:
        if self._teacher is None:
            return
        words = ["--run", self._teacher.run, "--backbone", self.backbone.currentData()]
        words += ["--method", self.method.currentData(), "--epochs", str(self.epochs.value())]
        words += ["--features"] if self.features.isChecked() else []
        folder: Path | None = self.folder.path()
        words += ["--unlabelled", str(folder)] if folder is not None else []
        if self._workspace.train_by("shrink", *words):
            self.page_requested.emit("train")
