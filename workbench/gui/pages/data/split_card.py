"""How pictures are parted: shares, what is kept together, and another draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from workbench.core.project import Split
from workbench.gui.pages.data.facts import split_sentence
from workbench.gui.pages.data.task_controls import labelled
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.flow_layout import FlowLayout
from workbench.gui.widgets.inputs import ComboBox, SpinBox
from workbench.gui.widgets.label import Label

_LARGEST = 2**31 - 1


class SplitCard(Card):
    """The split of all tasks together.

    Signals:
        set_requested(str, object): setting and value.
    """

    set_requested = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("Split"))
        self.sentence = Label("", "body", "secondary", figures=True, wrap=True)
        self.validation = self._share(self.tr("Share kept aside to choose the best state of the model"))
        self.test = self._share(self.tr("Share never looked at before the end"))
        self.validation.valueChanged.connect(self._on_validation)
        self.test.valueChanged.connect(self._on_test)
        self.seed = SpinBox(self)
        self.seed.setRange(0, _LARGEST)
        self.seed.setFixedWidth(110)
        self.seed.setAccessibleName(self.tr("Number of the draw"))
        self.seed.setToolTip(self.tr("Seed: the same number always gives the same split."))
        self.seed.valueChanged.connect(self._on_seed)
        self.again = Button(self.tr("Another split"), "refresh", clicked=self._draw_again, parent=self)
        self.group = ComboBox(self)
        self.group.setAccessibleName(self.tr("What is kept together"))
        self.group.setToolTip(
            self.tr("Pictures of one group share a part, such as frames of one video or one patient.")
        )
        self.group.currentIndexChanged.connect(self._on_group)
        self.add(self.sentence)
        fields = FlowLayout(gap=GRID)
        for text, field in (
            (self.tr("Validation"), self.validation),
            (self.tr("Test"), self.test),
            (self.tr("Keep together"), self.group),
            (self.tr("Draw"), self.seed),
        ):
            fields.addWidget(labelled(text, field))
        fields.addWidget(self.again)
        self.add(fields)

    def show_split(self, split: Split, report: dict[str, Any] | None, columns: Sequence[str]) -> None:
        """Show the settings, and what they did; `columns` are those that can hold groups."""
        self.sentence.setText(split_sentence(report, split.validation_share, split.test))
        with QSignalBlocker(self.validation), QSignalBlocker(self.test), QSignalBlocker(self.seed):
            self.validation.setValue(round(split.validation * 100))
            self.test.setValue(round(split.test * 100))
            self.seed.setValue(split.seed)
        self._fill_groups(split.group, columns)

    def _fill_groups(self, chosen: str, columns: Sequence[str]) -> None:
        choices = {
            "": self.tr("copies only"),
            "folder": self.tr("pictures of one folder"),
            "near-duplicates": self.tr("pictures that look alike"),
        }
        choices |= {column: self.tr("same {0}").format(column) for column in columns if column not in choices}
        choices.setdefault(chosen, chosen)
        self.group.set_choices([(text, value) for value, text in choices.items()], chosen)

    def _share(self, meaning: str) -> SpinBox:
        field = SpinBox(self)
        field.setRange(0, 90)
        field.setSingleStep(5)
        field.setSuffix(" %")
        field.setFixedWidth(96)
        field.setAccessibleName(meaning)
        field.setToolTip(meaning)
        return field

    def _on_validation(self, percent: int) -> None:
        self.set_requested.emit("validation", percent / 100)

    def _on_test(self, percent: int) -> None:
        self.set_requested.emit("test", percent / 100)

    def _on_seed(self, seed: int) -> None:
        self.set_requested.emit("seed", seed)

    def _on_group(self, index: int) -> None:
        self.set_requested.emit("group", self.group.itemData(index))

    def _draw_again(self) -> None:
        self.set_requested.emit("seed", (self.seed.value() + 1) % _LARGEST)
