"""Asking for a transfer report: how many seeds, on how many pictures, and what that takes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workbench.core.transfer_ways import FRACTIONS, MOST_SEEDS, SEEDS
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import ComboBox, SpinBox
from workbench.gui.widgets.label import Label


class TransferSetup(Card):
    """What is to be trained.

    Signals:
        changed(): another number of seeds, or other numbers of pictures are wanted.
        start_requested(): the button was pressed.
    """

    changed = Signal()
    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Does transfer help?"), parent=parent, wrap_title=True)
        self.set_caption(
            self.tr(
                "Trains the recipe from random weights, frozen, partly frozen and whole, on the same split, and says "
                "whether pretraining helps or harms, as far as chance allows."
            )
        )
        self.seeds = SpinBox(self)
        self.seeds.setRange(1, MOST_SEEDS)
        self.seeds.setValue(SEEDS)
        self.seeds.setAccessibleName(self.tr("Seeds"))
        self.seeds.setToolTip(self.tr("Runs of each way; more of them tell chance from effect more surely"))
        self.pictures = ComboBox(self)
        self.pictures.setAccessibleName(self.tr("On which numbers of pictures"))
        self.pictures.addItem(self.tr("fewer pictures too, where that is cheap"), "")
        self.pictures.addItem(
            self.tr("a quarter and half of the pictures too"), ",".join(f"{each:g}" for each in FRACTIONS)
        )
        self.pictures.addItem(self.tr("all pictures alone"), "none")
        self.plan = Label("", "body", "secondary", wrap=True)
        self.start = Button(self.tr("Start"), "play", "primary", clicked=self.start_requested.emit, parent=self)
        self.seeds.valueChanged.connect(self.changed)
        self.pictures.activated.connect(self.changed)
        row = FlowRow(self, gap=GROUP_GAP)
        for words, field in ((self.tr("Seeds"), self.seeds), (self.tr("On"), self.pictures)):
            row.flow.addWidget(_named(words, field))
        self.add_action(self.start)
        self.add(row)
        self.add(self.plan)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def fractions(self) -> str:
        """Which numbers of pictures are wanted, as the command takes them."""
        return str(self.pictures.currentData())

    @property
    def shares(self) -> list[float] | None:
        """The same as numbers; None for the usual ones."""
        chosen = self.fractions
        return [float(each) for each in chosen.split(",") if each != "none"] if chosen else None

    def set_plan(self, text: str, *, ready: bool, going_on: bool) -> None:
        """Say what a report takes, or why none can begin."""
        self.plan.setText(text)
        self.plan.setVisible(bool(text))
        self.start.setEnabled(ready)
        self.start.setText(self.tr("Go on") if going_on else self.tr("Start"))
        self.start.setAccessibleName(
            self.tr("Go on with the transfer report") if going_on else self.tr("Start the transfer report")
        )


def _named(words: str, field: QWidget) -> QWidget:
    """A field behind its name."""
    pair = QWidget()
    line = QHBoxLayout(pair)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(GRID)
    label = Label(words)
    label.setBuddy(field)
    line.addWidget(label)
    line.addWidget(field)
    return pair
