"""A mask for each picture: nothing is kept of how sure each pixel is, so only unknown pictures can be told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.results.confidence.panel import ConfidencePanel
from workbench.gui.pages.results.scored import TaskResult


class MaskConfidence(ConfidencePanel):
    """A sentence in place of a plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words.setText(
            self.tr(
                "How sure the model is of each pixel is not kept, so there is no reliability to draw. The overlap "
                "under each picture says how far masks can be believed. Calibrating tells pictures unlike anything in "
                "training."
            )
        )
        self.button.setToolTip(
            self.tr("Tell unknown pictures, by the validation pictures. No mask changes, nothing is trained.")
        )
        self.column.addWidget(self.words)
        self.column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.state)
        self.column.addStretch(1)

    def set_result(self, result: TaskResult, place: int) -> None:
        self.show_state(result, None)
