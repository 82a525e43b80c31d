"""What a run that has ended can be followed by: more epochs, or a new run that begins with its weights."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.inputs import SpinBox

_EPOCHS = 5
_MOST = 10_000


class GoOn(FlowRow):
    """Buttons in a line.

    Signals:
        more_requested(int): train the run for so many epochs more.
        from_requested(): begin a new run with its weights.
    """

    more_requested = Signal(int)
    from_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.epochs = SpinBox(self)
        self.epochs.setRange(1, _MOST)
        self.epochs.setValue(_EPOCHS)
        self.epochs.valueChanged.connect(self._on_epochs)
        self._on_epochs(_EPOCHS)
        self.epochs.setAccessibleName(self.tr("More epochs"))
        self.more = Button(self.tr("Train longer"), "play", clicked=self._on_more, parent=self)
        self.more.setToolTip(self.tr("The same run goes on from where it ended, in a phase of its own"))
        self.anew = Button(self.tr("New run from these weights"), clicked=self.from_requested.emit, parent=self)
        self.anew.setToolTip(self.tr("A new run with the project's settings begins with what this one has learned"))
        for widget in (self.epochs, self.more, self.anew):
            self.flow.addWidget(widget)
        for button in (self.more, self.anew):
            button.setAccessibleName(button.text())

    def set_trains(self, trains: bool) -> None:
        """Whether anything in the run could be trained longer; heads that are worked out at once could not."""
        for widget in (self.epochs, self.more):
            widget.setVisible(trains)

    @Slot(int)
    def _on_epochs(self, epochs: int) -> None:
        self.epochs.setSuffix(self.tr(" epoch") if epochs == 1 else self.tr(" epochs"))

    @Slot()
    def _on_more(self) -> None:
        self.more_requested.emit(self.epochs.value())
