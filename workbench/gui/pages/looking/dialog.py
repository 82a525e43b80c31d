"""The window behind an answer: the picture under a map of what one head looked at, and a check of that map."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.saliency import COLOURS, OF_ANY_NETWORK, OPACITY
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.looking.words import checked_words, fineness, method_title
from workbench.gui.pages.question import Question
from workbench.gui.pages.temporary_folder import TemporaryFolder
from workbench.gui.theme import GRID, GROUP_GAP, theme
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.heat_image import heat_image
from workbench.gui.widgets.inputs import ComboBox, Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.mask_image import read_mask
from workbench.gui.widgets.overlay_view import OverlayView
from workbench.gui.widgets.thumbnails import ThumbnailLoader
from workbench.gui.workspace import Workspace


@dataclass(frozen=True)
class Asked:
    """Whose head is asked about which picture.

    Attributes:
        classes: that the head tells apart; none for a number.
    """

    run: str
    image: str
    task: str
    classes: Sequence[str] = ()


class LookingDialog(QDialog):
    """Asks for the map of a picture as soon as it is shown, and again when method or class changes.

    Signals:
        shown(): a map is drawn, or it was said why not.
    """

    shown = Signal()

    def __init__(self, workspace: Workspace, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._asked: Asked | None = None
        self._values: Any = None
        self._question = Question(workspace, self)
        self._folder = TemporaryFolder(self)
        self._reading = Loader(self)
        self.setWindowTitle(self.tr("Where did it look?"))
        self.view = OverlayView(loader, self)
        self.caption = ElidedLabel("", "title", bold=True)
        self.path = ElidedLabel("", "body", "secondary")
        self.classes, self.method, self.colours = ComboBox(self), ComboBox(self), ComboBox(self)
        self.strength = Slider(self)
        self.check = Button(self.tr("Check this map"), "check", clicked=self._on_check)
        self.state = Label("", "body", "secondary", wrap=True)
        self.figures = Label("", "body", "secondary", figures=True, wrap=True)
        self._fill_choices()
        self._lay_out()
        self._connect()
        self.resize(880, 720)

    def ask(self, asked: Asked, chosen: str = "") -> None:
        """Show where the head looked for a class, or for its own answer, and come to front."""
        if self._asked is None or asked.run != self._asked.run:
            self._offer(OF_ANY_NETWORK)
        self._asked = asked
        self.classes.set_choices([(self.tr("its answer"), ""), *asked.classes], chosen)
        for widget in (self.classes, self._class_label):
            widget.setVisible(bool(asked.classes))
        self.caption.setText(asked.task)
        self.path.setText(asked.image)
        self.view.set_path(asked.image)
        self._put(check=False)
        self.show()
        self.raise_()
        self.activateWindow()

    def done(self, result: int) -> None:
        """Closed: nothing more is wanted."""
        self._question.give_up()
        super().done(result)

    def _put(self, *, check: bool) -> None:
        """Put the question; what was drawn before goes unless it is only to be checked."""
        if self._asked is None or self._workspace.folder is None:
            return
        if not check:
            self._values = None
            self._draw()
            self.figures.setText("")
        self.check.setEnabled(False)
        self.state.set_tone("secondary")
        self.state.setText(self.tr("The map is checked…") if check else self.tr("The model looks again…"))
        words = ["explain", str(self._workspace.folder), self._asked.image, "--run", self._asked.run]
        words += ["--task", self._asked.task, "--method", str(self.method.currentData())]
        if of := str(self.classes.currentData() or ""):
            words += ["--class", of]
        words += ["--map", os.path.join(self._folder.fresh(), "map.png")]
        self._question.ask([*words, "--trust"] if check else words)

    @Slot(object)
    def _on_answered(self, document: dict[str, Any]) -> None:
        assert self._asked is not None
        of, method = document.get("class"), method_title(str(document.get("method")))
        name = self._asked.task if of is None else f"{self._asked.task} = {of}"
        self.caption.setText(self.tr("{0}, by {1}").format(name, method))
        self._offer(["auto", *document["methods"]])
        fine = fineness(document["places"])
        trust = document.get("trust")
        if trust:
            self.state.set_tone("good" if trust.get("trusted") else "caution")
            self.state.setText(str(trust.get("text", "")))
            self.figures.setText(f"{checked_words(trust)}\n{fine}".rstrip())
        else:
            self.figures.setText(fine)
            self.state.setText(self.tr("What is bright speaks for this answer."))
        self._reading.load(read_mask, str(document.get("map")))

    @Slot(object)
    def _on_read(self, values: Any) -> None:
        self._values = values
        if not values.any():
            self.state.set_tone("caution")
            self.state.setText(self.tr("Nothing in this picture speaks for this answer."))
        self.check.setEnabled(bool(values.any()))
        self._draw()
        self.shown.emit()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.state.set_tone("bad")
        self.state.setText(problem)
        self.check.setEnabled(self._values is not None)
        self.shown.emit()

    @Slot()
    def _draw(self) -> None:
        image = None if self._values is None else heat_image(self._values, str(self.colours.currentData()))
        self.view.set_overlay(image)

    @Slot()
    def _on_choice(self) -> None:
        self._put(check=False)

    @Slot()
    def _on_check(self) -> None:
        self._put(check=True)

    @Slot(int)
    def _on_strength(self, value: int) -> None:
        self.view.set_opacity(value / 100)
        self.strength.setToolTip(self.tr("How strongly the map is seen: {0} %").format(value))

    def _offer(self, methods: Sequence[str]) -> None:
        """Offer these methods; the chosen one stays where it is among them."""
        self.method.set_choices([(method_title(name), name) for name in methods])

    def _fill_choices(self) -> None:
        for name in COLOURS:
            self.colours.addItem(name, name)
        self.classes.setAccessibleName(self.tr("The answer that is traced"))
        self.method.setAccessibleName(self.tr("How the map is drawn"))
        self.colours.setAccessibleName(self.tr("Colours of the map"))
        self.strength.setAccessibleName(self.tr("How strongly the map is seen"))
        self.check.setAccessibleName(self.check.text())
        self.check.setAutoDefault(False)
        self.check.setToolTip(
            self.tr("Does the map change with the head, and does the answer fall when what it marks is taken away?")
        )
        self.strength.setRange(0, 100)

    def _connect(self) -> None:
        self._question.answered.connect(self._on_answered)
        self._question.failed.connect(self._on_failed)
        self._reading.loaded.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)
        self.classes.currentIndexChanged.connect(self._on_choice)
        self.method.currentIndexChanged.connect(self._on_choice)
        self.colours.currentIndexChanged.connect(self._draw)
        self.strength.valueChanged.connect(self._on_strength)
        self.strength.setValue(round(100 * OPACITY) + 20)
        theme().changed.connect(self._draw)

    def _lay_out(self) -> None:
        choices = QGridLayout()
        choices.setHorizontalSpacing(GRID)
        choices.setVerticalSpacing(GRID)
        self._class_label = self._named(self.tr("Answer"), self.classes)
        rows = (
            (self._class_label, self.classes, self._named(self.tr("Method"), self.method), self.method),
            (
                self._named(self.tr("Colours"), self.colours),
                self.colours,
                self._named(self.tr("Strength"), self.strength),
                self.strength,
            ),
        )
        for row, widgets in enumerate(rows):
            for column, widget in enumerate(widgets):
                choices.addWidget(widget, row, column)
        choices.setColumnStretch(1, 1)
        choices.setColumnStretch(3, 1)
        said = QVBoxLayout()
        said.setSpacing(GRID // 2)
        said.addWidget(self.state)
        said.addWidget(self.figures)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addLayout(said, 1)
        foot.addWidget(self.check)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        layout.setSpacing(GRID)
        layout.addWidget(self.caption)
        layout.addLayout(choices)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)
        layout.addWidget(self.path)

    def _named(self, text: str, of: QWidget) -> Label:
        label = Label(text, "body", "secondary")
        label.setBuddy(of)
        return label
