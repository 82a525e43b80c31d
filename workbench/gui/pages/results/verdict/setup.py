"""Asking for a verdict: which tasks, how many seeds, what that takes; and the verdict that is under way."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from workbench.core.events import Trial
from workbench.core.verdict import FEWEST_SEEDS, MOST_SEEDS, SEEDS
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.trial_progress import TrialProgress
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.inputs import SpinBox
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace

_LETTERS = 40  # of a task's name in its box


class VerdictSetup(Card):
    """What is to be trained.

    Signals:
        changed(): other tasks or another number of seeds are wanted.
        start_requested(): the button was pressed.
    """

    changed = Signal()
    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        what = Label(
            self.tr(
                "Trains the same recipe for all tasks together and for each task alone, on the same split and with "
                "several seeds, and says which is better, as far as chance allows."
            ),
            wrap=True,
        )
        self.boxes: dict[str, QCheckBox] = {}
        self.row = FlowRow(self)
        self.seeds = SpinBox(self)
        self.seeds.setRange(FEWEST_SEEDS, MOST_SEEDS)
        self.seeds.setValue(SEEDS)
        self.seeds.setAccessibleName(self.tr("Seeds"))
        self.seeds.setToolTip(self.tr("Runs of each way of training; more of them tell chance from effect more surely"))
        self.seeds.valueChanged.connect(self.changed)
        self.plan = Label("", "body", "secondary", wrap=True)
        self.start = Button(self.tr("Start"), "play", "primary", clicked=self.start_requested.emit, parent=self)
        label = Label(self.tr("Seeds"))
        label.setBuddy(self.seeds)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(label)
        line.addWidget(self.seeds)
        line.addStretch(1)
        line.addWidget(self.start)
        for item in (what, self.row, line, self.plan):
            self.add(item)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def set_tasks(self, names: Sequence[str]) -> None:
        """Offer these tasks, all of them chosen; two need no choice."""
        if list(self.boxes) == list(names):
            return
        for box in self.boxes.values():
            self.row.flow.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for name in names:
            short = self.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideMiddle, _LETTERS * self.fontMetrics().averageCharWidth()
            )
            box = QCheckBox(short.replace("&", "&&"), self.row)
            box.setChecked(True)
            box.setToolTip(name)
            box.setAccessibleName(self.tr("Compare {0}").format(name))
            box.toggled.connect(self.changed)
            self.boxes[name] = box
            self.row.flow.addWidget(box)
            box.show()
        self.row.setVisible(len(names) > 2)
        self.row.refit()

    def tasks(self) -> list[str]:
        """The tasks that are chosen."""
        return [name for name, box in self.boxes.items() if box.isChecked()]

    def set_plan(self, text: str, ready: bool, going_on: bool) -> None:
        """Say what a verdict takes, or why none can begin."""
        self.plan.setText(text)
        self.start.setEnabled(ready)
        self.start.setText(self.tr("Go on") if going_on else self.tr("Start"))
        self.start.setAccessibleName(self.tr("Go on with the verdict") if going_on else self.tr("Start the verdict"))


class VerdictProgress(TrialProgress):
    """The verdict that is under way."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        bar = QCoreApplication.translate("VerdictProgress", "How much of the verdict is done")
        stop = QCoreApplication.translate("VerdictProgress", "Stop the verdict")
        super().__init__(workspace, "verdict", _title, bar=bar, stop=stop, parent=parent)


def _title(trial: Trial) -> str:
    together = QCoreApplication.translate("VerdictProgress", "Together")
    alone = QCoreApplication.translate("VerdictProgress", "{0} alone")
    what = together if len(trial.tasks) > 1 else alone.format(trial.tasks[0])
    return QCoreApplication.translate("VerdictProgress", "{0}, seed {1}").format(what, trial.seed)
