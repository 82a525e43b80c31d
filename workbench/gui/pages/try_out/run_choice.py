"""Which run answers, and which other one beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label


class RunChoice(QWidget):
    """Two lists of runs; the second one is there where there is a second run.

    Signals:
        run_chosen(str): another run shall answer.
        other_chosen(str): this run shall answer beside it; empty for none.
    """

    run_chosen = Signal(str)
    other_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs, self.others = ComboBox(self), ComboBox(self)
        self.runs.setAccessibleName(self.tr("The run that answers"))
        self.others.setAccessibleName(self.tr("A second run that answers beside it"))
        self._beside = Label(self.tr("beside"), "body", "secondary")
        self._beside.setBuddy(self.others)
        name = Label(self.tr("Answers of"), "body", "secondary")
        name.setBuddy(self.runs)
        self.runs.activated.connect(self._on_run)
        self.others.activated.connect(self._on_other)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        for widget in (name, self.runs, self._beside, self.others):
            row.addWidget(widget)

    @property
    def other(self) -> str:
        """The run that answers beside the first one; empty for none."""
        return str(self.others.currentData() or "")

    def choose_other(self, name: str) -> None:
        """Let that run answer beside the first one, where it is offered; says nothing."""
        if self.others.findData(name) < 0:
            self.others.addItem(name, name)
        self.others.setCurrentIndex(self.others.findData(name))

    def set_runs(self, names: Sequence[str], current: str) -> None:
        """The runs that can answer, newest first; the second choice stays where it can."""
        offered = [name for name in names if name != current]
        self.runs.set_choices(names, current)
        self.others.set_choices([(self.tr("none"), ""), *offered])
        for widget in (self._beside, self.others):
            widget.setVisible(bool(offered))

    @Slot()
    def _on_run(self) -> None:
        self.run_chosen.emit(self.runs.currentText())

    @Slot()
    def _on_other(self) -> None:
        self.other_chosen.emit(self.other)
