"""Which classes are taken for which others; a cell opens the pictures behind it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.matrix_grid import MatrixGrid
from workbench.gui.widgets.pixel_grid import PixelGrid
from workbench.gui.widgets.switch import Switch


class ConfusionMatrix(QWidget):
    """Rows are true classes, columns what the model said.

    Args:
        pixels: it counts pixels, not pictures: shares are shown first, and nothing lies behind a cell.

    Signals:
        cell_selected(str, str): the true and the said class of a cell that was clicked or chosen with Enter.
        selection_cleared(): Escape was pressed, or the chosen cell was clicked again.
    """

    cell_selected = Signal(str, str)
    selection_cleared = Signal()

    def __init__(self, parent: QWidget | None = None, *, pixels: bool = False) -> None:
        super().__init__(parent)
        self.grid = PixelGrid(self) if pixels else MatrixGrid(self)
        self._classes: list[str] = []
        self.shares = Switch(self.tr("Share of row"))
        whole = self.tr("Show each count as a part of the pictures of its true class")
        if pixels:
            whole = self.tr("Show each count as a part of the pixels of its true class")
        self.shares.setToolTip(whole)
        self.shares.toggled.connect(self.grid.set_shares)
        self.shares.setChecked(pixels)
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("rows: true · columns: said"), "caption", "secondary"))
        head.addStretch(1)
        head.addWidget(self.shares)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addWidget(self.grid, 1)
        self.setFocusProxy(self.grid)
        self.setAccessibleName(self.grid.accessibleName())
        self.grid.chosen.connect(self._on_chosen)
        self.grid.cleared.connect(self.selection_cleared)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def set_matrix(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show counts[true][said], pictures; both in the order of `classes`.

        Raises:
            ValueError: it is not one row and one column for each class.
        """
        matrix = np.asarray(counts, dtype=np.int64) if classes else np.zeros((0, 0), dtype=np.int64)
        if matrix.shape != (len(classes), len(classes)):
            raise ValueError(f"{len(classes)} classes need a square matrix, not {matrix.shape}")
        self._classes = list(classes)
        self.grid.set_matrix(self._classes, matrix)

    def clear_selection(self) -> None:
        """Choose no cell; `selection_cleared` is not emitted."""
        self.grid.choose(None)

    def _on_chosen(self, true: int, said: int) -> None:
        self.cell_selected.emit(self._classes[true], self._classes[said])
