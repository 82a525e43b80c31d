"""How far a task's answers can be believed: one panel for each kind of task, loaded when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout

from workbench.gui.pages.scrolled import Column

if TYPE_CHECKING:
    from workbench.gui.pages.results.confidence.panel import ConfidencePanel
    from workbench.gui.pages.results.scored import TaskResult

PANELS: dict[str, tuple[str, str]] = {
    "single-label": ("classes", "ClassConfidence"),
    "multi-label": ("labels", "LabelsConfidence"),
    "number": ("number", "NumberConfidence"),
    "mask": ("mask", "MaskConfidence"),
}
"""The module and the class of each kind's panel."""


class ConfidenceTab(Column):
    """Room for a kind's panel, whose plot takes half a second to load: it is made when it is first wanted.

    Signals:
        calibrate_wanted(list): the run is to be calibrated, as `calibrate` takes it.
    """

    calibrate_wanted = Signal(list)

    def __init__(self, kind: str, tabs: QTabWidget) -> None:
        super().__init__(tabs)
        self._kind = kind
        self._shown: tuple[TaskResult, int] | None = None
        self._panel: ConfidencePanel | None = None
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)
        place = tabs.addTab(self, self.tr("Confidence"))
        tabs.setTabToolTip(place, self.tr("How far the model's answers can be believed"))

    def set_result(self, result: TaskResult, place: int) -> None:
        """Take another task; `place` gives its colour."""
        self._shown = (result, place)
        if self._panel is not None:
            self._panel.set_result(result, place)

    @property
    def panel(self) -> ConfidencePanel:
        """The panel of the kind."""
        if self._panel is None:
            module, name = PANELS[self._kind]
            self._panel = getattr(import_module(f"{__name__}.{module}"), name)(self)
            self._panel.calibrate_wanted.connect(self.calibrate_wanted)
            self.layout().addWidget(self._panel)
            if self._shown is not None:
                self._panel.set_result(*self._shown)
        return self._panel

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.panel.show()
