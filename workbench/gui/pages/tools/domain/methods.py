"""The choice of a way to adapt, with the sentence and the settings of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.adaptation import ADABN, METHODS, PRIOR, SHARE
from workbench.core.kinds import CLOSED_FORM
from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.segments import Segments
from workbench.gui.pages.tools.domain.words import tr
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.inputs import SpinBox
from workbench.gui.widgets.label import Label

_MOST_PRIOR = 100_000
_EPOCHS, _MOST_EPOCHS = 5, 1000


class MethodChoice(QWidget):
    """Signals:
    changed(): another method is chosen, or one can or cannot be used any more.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._against: dict[str, str] = {}
        self.segments = Segments(self.tr("How to adapt"), self, wraps=True)
        for key, method in METHODS.items():
            self.segments.add(key, tr(method.title), tr(method.sentence))
        self.sentence = Label("", "body", "secondary", wrap=True)
        self.share, self.prior, self.epochs = SpinBox(self), SpinBox(self), SpinBox(self)
        self.share.setRange(0, 100)
        self.share.setSuffix(" %")
        self.share.setValue(round(100 * SHARE))
        self.prior.setRange(0, _MOST_PRIOR)
        self.prior.setValue(PRIOR)
        self.prior.setSuffix(self.tr(" pictures"))
        self.epochs.setRange(1, _MOST_EPOCHS)
        self.epochs.setValue(_EPOCHS)
        self._settings = FlowRow(self, gap=GROUP_GAP)
        self._training = FlowRow(self)
        self._row(
            self._settings,
            (self.tr("Share of the new statistics"), self.share, self.tr("0 %: the model as it is")),
            (
                self.tr("Old ones count as"),
                self.prior,
                self.tr("The fewer new pictures there are, the more the old statistics are needed"),
            ),
        )
        self._row(self._training, (self.tr("Epochs"), self.epochs, self.tr("Passes over the labelled pictures")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in (self.segments, self.sentence, self._settings, self._training):
            layout.addWidget(widget)
        self.segments.chosen.connect(self.set_method)
        self.set_method(ADABN)

    @property
    def method(self) -> str:
        """The key of the method that is chosen."""
        return self.segments.current()

    def words(self) -> list[str]:
        """What the command line holds of it."""
        if METHODS[self.method].trains:
            return ["--method", self.method, "--set", f"recipe.epochs={self.epochs.value()}"]
        share = f"{self.share.value() / 100:g}"
        return ["--method", self.method, "--share", share, "--prior", str(self.prior.value())]

    @Slot(str)
    def set_method(self, key: str) -> None:
        """Choose a method."""
        self.segments.set_current(key)
        self.sentence.setText(tr(METHODS[key].sentence))
        self._settings.setVisible(not METHODS[key].trains)
        self._training.setVisible(METHODS[key].trains)
        self.changed.emit()

    @property
    def against(self) -> str:
        """Why the method that is chosen cannot be used; empty where it can."""
        return self._against.get(self.method, "")

    def set_batch_norm(self, layers: int) -> None:
        """Offer the method that needs batch norm only where the model has some."""
        reason = self.tr("This model has no batch norm, so there are no statistics to work out.")
        self._set_against([ADABN], "" if layers else reason)

    def set_tasks(self, tasks: Sequence[Mapping[str, Any]]) -> None:
        """Offer the methods that train only where every head can be trained, and one answers with a class.

        Args:
            tasks: of a run, as its settings hold them.
        """
        closed = next((task["name"] for task in tasks if task.get("head") in CLOSED_FORM), "")
        kinds = {task.get("kind", "single-label") for task in tasks}
        reason = ""
        if closed:
            reason = self.tr("The head of {0} is worked out at once and cannot be trained further.").format(closed)
        elif tasks and "single-label" not in kinds:
            reason = self.tr("No task of this run asks for one class a picture, which this way needs.")
        self._set_against([key for key, method in METHODS.items() if method.trains], reason)

    def _set_against(self, keys: Sequence[str], reason: str) -> None:
        for key in keys:
            self._against[key] = reason
            self.segments.set_available(key, not reason, reason or tr(METHODS[key].sentence))
        if not self.against:
            self.changed.emit()
        else:
            self.set_method(next((key for key in METHODS if not self._against.get(key)), self.method))

    def _row(self, place: FlowRow, *settings: tuple[str, SpinBox, str]) -> None:
        for words, box, tip in settings:
            pair = QWidget(place)
            row = QHBoxLayout(pair)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(GRID)
            name = Label(words, "body", "secondary")
            name.setBuddy(box)
            box.setAccessibleName(words)
            box.setToolTip(tip)
            row.addWidget(name)
            row.addWidget(box)
            place.flow.addWidget(pair)
