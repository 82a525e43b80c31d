"""Where the backbone's weights come from: torchvision, a file, or nowhere."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from workbench.core.catalogue import BackboneFacts
from workbench.gui.pages.model.weight_files import on_this_computer, where_from
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.label import Label

_FILE = "file:"
_ASK = "ask"


class WeightsChooser(QWidget):
    """Signals:
    chosen(str): the value for `backbone.weights`.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.combo = ComboBox(self)
        self.combo.setAccessibleName(self.tr("Weights"))
        self.combo.setToolTip(self.tr("What the backbone knows before training begins"))
        self.combo.activated.connect(self._on_activated)
        self.where = ElidedLabel("", "caption", "secondary", parent=self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(Label(self.tr("Weights"), "caption", "secondary"))
        layout.addWidget(self.combo)
        layout.addWidget(self.where)

    def show_weights(self, facts: BackboneFacts | None, weights: str) -> None:
        """Show what is chosen for a backbone."""
        self._shown = weights
        choices = {"default": self.tr("pretrained on ImageNet"), "none": self.tr("random, nothing learned yet")}
        if weights.startswith(_FILE):
            choices[weights] = Path(weights.removeprefix(_FILE)).name
        elif weights not in choices:
            choices[weights] = weights
        with QSignalBlocker(self.combo):
            self.combo.clear()
            for value, text in choices.items():
                self.combo.addItem(text, value)
            self.combo.insertSeparator(self.combo.count())
            self.combo.addItem(self.tr("from a file…"), _ASK)
            self.combo.setCurrentIndex(self.combo.findData(weights))
        self.where.setText(self._where(facts, weights))

    def ask_file(self) -> None:
        """Let the user choose a file of weights."""
        title, kinds = self.tr("Weights of a backbone"), self.tr("Weights (*.pt *.pth *.safetensors)")
        path, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        if path:
            self.chosen.emit(_FILE + path)

    def _where(self, facts: BackboneFacts | None, weights: str) -> str:
        if weights.startswith(_FILE):
            return weights.removeprefix(_FILE)
        if weights == "none" or facts is None:
            return ""
        return where_from(facts, on_this_computer(facts))

    def _on_activated(self, index: int) -> None:
        value = self.combo.itemData(index)
        if value == _ASK:
            with QSignalBlocker(self.combo):
                self.combo.setCurrentIndex(self.combo.findData(self._shown))
            self.ask_file()
        elif value and value != self._shown:
            self.chosen.emit(value)
