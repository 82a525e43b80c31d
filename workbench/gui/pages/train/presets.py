"""The preset chooser: three words side by side, and the sentence of the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.core.presets import PRESETS
from workbench.gui.pages.segments import Segments
from workbench.gui.theme import GRID
from workbench.gui.widgets.label import Label


class PresetChooser(QWidget):
    """Choose a preset.

    Signals:
        chosen(str): a preset was chosen by the user.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.segments = Segments(self.tr("Preset"), self)
        for name, preset in PRESETS.items():
            self.segments.add(name, _said(preset.title), _said(preset.sentence))
        self.sentence = Label("", "body", "secondary", wrap=True, parent=self)
        self.fits = Label("", "caption", "secondary", wrap=True, parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.segments)
        layout.addWidget(self.sentence)
        layout.addWidget(self.fits)
        self.segments.chosen.connect(self._on_chosen)

    def set_preset(self, name: str) -> None:
        """Show which preset is in force."""
        self.segments.set_current(name)
        self.sentence.setText(_said(PRESETS[name].sentence))

    def set_fitting(self, name: str, why: str) -> None:
        """Say which preset fits this computer, and why."""
        title = _said(PRESETS[name].title)
        self.fits.setText(self.tr("Fits this computer: {0}. {1}").format(title, _said(why)))

    @Slot(str)
    def _on_chosen(self, name: str) -> None:
        self.set_preset(name)
        self.chosen.emit(name)


def _said(text: str) -> str:
    return QCoreApplication.translate("settings", text)
