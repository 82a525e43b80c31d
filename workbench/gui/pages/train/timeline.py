"""The phases of the next run: as preset and settings mean them, or a timeline of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from workbench.core import catalogue
from workbench.core.errors import RequestError
from workbench.core.project import Project
from workbench.core.recipe import PhaseChoice
from workbench.core.timeline import timeline
from workbench.gui.theme import GRID, grown
from workbench.gui.widgets.button import Button, IconButton
from workbench.gui.widgets.inputs import ComboBox, DoubleSpinBox, SpinBox
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.timeline_strip import Span, TimelineStrip

_MOST_EPOCHS, _HIGHEST_RATE = 10000, 10.0
_NARROW = 88  # px


class Timeline(QWidget):
    """Draws the phases; a change of any makes the timeline one's own, whose phases stand below it.

    Signals:
        changed(list[dict]): the user's own phases, as `project.toml` holds them.
        reset(): the phases shall follow preset and settings again.
    """

    changed = Signal(list)
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phases: list[PhaseChoice] = []
        self._stages = 0
        self.rows: list[PhaseRow] = []
        self.title = Label(self.tr("Phases"), bold=True)
        self.edit = Button(self.tr("Edit"), "edit", "flat", clicked=self._on_edit, parent=self)
        self.edit.setAccessibleName(self.tr("Edit the phases"))
        self.follow = IconButton(
            "undo", self.tr("Phases: follow the preset again"), self.reset.emit, parent=self, tone="secondary"
        )
        self.strip = TimelineStrip(self)
        words = self.tr("These phases stand in place of epochs, head epochs, freeze depth and unfreezing.")
        self.caption = Label(words, "caption", "secondary", wrap=True)
        self.add = Button(self.tr("Add a phase"), "plus", "flat", clicked=self._on_add, parent=self)
        self._below = QVBoxLayout()
        self._below.setSpacing(GRID)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.edit)
        head.addWidget(self.follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(head)
        layout.addWidget(self.strip)
        layout.addWidget(self.caption)
        layout.addLayout(self._below)
        layout.addWidget(self.add)
        self.strip.depth_wished.connect(self._on_depth)
        self.strip.epochs_wished.connect(self._on_epochs)

    def set_project(self, project: Project) -> None:
        """Show the phases of a project; nothing where its backbone is not known, or freezes more than it has."""
        try:
            facts = catalogue.get(project.backbone.name)
            self._phases = timeline(project.effective())
        except RequestError:
            self.hide()
            return
        self.show()
        self._stages, own = len(facts.stages), bool(project.recipe.phases)
        spans = [Span(min(self._depth(phase), self._stages), phase.epochs) for phase in self._phases]
        self.strip.set_timeline(spans, [stage.title for stage in facts.stages])
        self.edit.setVisible(not own)
        self.follow.setVisible(own)
        self.add.setVisible(own)
        self.caption.setVisible(own)
        self._show_rows(self._phases if own else [])

    def _show_rows(self, phases: Sequence[PhaseChoice]) -> None:
        while len(self.rows) > len(phases):
            row = self.rows.pop()
            self._below.removeWidget(row)
            row.hide()
            row.deleteLater()
        while len(self.rows) < len(phases):
            row = PhaseRow(len(self.rows), self)
            row.changed.connect(self._on_row)
            row.removed.connect(self._on_removed)
            self._below.addWidget(row)
            self.rows.append(row)
        for row, phase in zip(self.rows, phases, strict=True):
            row.set_phase(phase, self._stages, removable=len(phases) > 1)

    def _depth(self, phase: PhaseChoice) -> int:
        return self._stages if phase.freeze == "all" else phase.freeze

    def _replace(self, at: int, **values: Any) -> None:
        phases = [phase.model_dump(exclude_unset=True) for phase in self._phases]
        phases[at] |= values
        self.changed.emit(phases)

    @Slot()
    def _on_edit(self) -> None:
        self.changed.emit([phase.model_dump(exclude_unset=True) for phase in self._phases])
        if self.rows:
            self.rows[0].trains.setFocus()

    @Slot()
    def _on_add(self) -> None:
        """One more phase, in which one more stage trains than in the last."""
        depth = max(0, min(self._depth(self._phases[-1]), self._stages) - 1)
        phases = [phase.model_dump(exclude_unset=True) for phase in self._phases]
        self.changed.emit([*phases, {"freeze": depth, "epochs": self._phases[-1].epochs}])

    @Slot(int, int)
    def _on_depth(self, at: int, depth: int) -> None:
        self._replace(at, freeze=depth if depth < self._stages else "all")

    @Slot(int, int)
    def _on_epochs(self, at: int, epochs: int) -> None:
        self._replace(at, epochs=epochs)

    @Slot(int, str, object)
    def _on_row(self, at: int, name: str, value: object) -> None:
        self._replace(at, **{name: value})

    @Slot(int)
    def _on_removed(self, at: int) -> None:
        phases = [phase.model_dump(exclude_unset=True) for phase in self._phases]
        self.changed.emit(phases[:at] + phases[at + 1 :])


class PhaseRow(QWidget):
    """What trains in one phase, for how long, and at which rate.

    Signals:
        changed(int, str, object): the phase's number (from 0), the key, and the value that the user set.
        removed(int): the phase of that number shall go.
    """

    changed = Signal(int, str, object)
    removed = Signal(int)

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.trains = ComboBox(self)
        self.epochs = SpinBox(self)
        self.epochs.setRange(1, _MOST_EPOCHS)
        self.rate = DoubleSpinBox(self)
        self.rate.setRange(0.0, _HIGHEST_RATE)
        self.rate.setSpecialValueText(self.tr("automatic"))
        self.remove = IconButton("trash", self.tr("Remove phase {0}").format(number + 1), self._on_remove, self)
        names = (self.tr("What trains in phase {0}"), self.tr("Epochs of phase {0}"), self.tr("Rate of phase {0}"))
        for widget, name in zip((self.trains, self.epochs, self.rate), names, strict=True):
            widget.setAccessibleName(name.format(number + 1))
            widget.setToolTip(name.format(number + 1))
            widget.setMinimumWidth(grown(_NARROW))
            widget.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GRID // 2)
        grid.addWidget(Label(f"{number + 1}", figures=True), 0, 0)
        grid.addWidget(self.trains, 0, 1, 1, 2)
        grid.addWidget(self.remove, 0, 3)
        grid.addWidget(self.epochs, 1, 1)
        grid.addWidget(self.rate, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        self.trains.activated.connect(self._on_trains)
        self.epochs.valueChanged.connect(self._on_epochs)
        self.rate.valueChanged.connect(self._on_rate)

    def set_phase(self, phase: PhaseChoice, stages: int, *, removable: bool) -> None:
        """Show a phase over a backbone of that many stages."""
        if self.trains.count() != stages + 1:
            self.trains.clear()
            for trained in range(stages + 1):
                self.trains.addItem(_trains_words(trained, stages), "all" if not trained else stages - trained)
        self.trains.setCurrentIndex(self.trains.findData(phase.freeze))  # none where it freezes more than there are
        with QSignalBlocker(self.epochs), QSignalBlocker(self.rate):
            self.epochs.setValue(phase.epochs)
            self.rate.setValue(0.0 if phase.learning_rate == "auto" else phase.learning_rate)
        self.epochs.setSuffix(self.tr(" epoch") if phase.epochs == 1 else self.tr(" epochs"))
        self.remove.setVisible(removable)

    @Slot(int)
    def _on_trains(self, _row: int) -> None:
        self.changed.emit(self._number, "freeze", self.trains.currentData())

    @Slot(int)
    def _on_epochs(self, epochs: int) -> None:
        self.changed.emit(self._number, "epochs", epochs)

    @Slot(float)
    def _on_rate(self, rate: float) -> None:
        self.changed.emit(self._number, "learning_rate", rate or "auto")

    @Slot()
    def _on_remove(self) -> None:
        self.removed.emit(self._number)


def _trains_words(trained: int, stages: int) -> str:
    if not trained:
        return _tr("heads alone")
    if trained == stages:
        return _tr("heads and the whole backbone")
    return _tr("heads and the last stage") if trained == 1 else _tr("heads and the last {0} stages").format(trained)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PhaseRow", text)
