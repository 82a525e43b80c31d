"""Which classes are taken for which others; a cell opens the pictures behind it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.matrix_grid import MatrixGrid
from workbench.gui.widgets.pixel_grid import PixelGrid
from workbench.gui.widgets.switch import Switch

_MANY = 8
"""Classes from which on they are ordered by similarity without being asked: fewer are taken in at a glance."""


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
        self._counts: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._similar: list[int] = []
        self._asked = False  # whether the user has said in which order the classes stand
        self._order: list[int] = []
        self.written = ComboBox(self)
        self.written.setAccessibleName(self.tr("What the cells show"))
        self.similar = Switch(self.tr("By similarity"))
        self.similar.setToolTip(self.tr("Order the classes so that those taken for each other are neighbours"))
        self.similar.setChecked(True)
        self._offer(self.tr("pixels") if pixels else self.tr("pictures"))
        self.written.currentIndexChanged.connect(self._on_written)
        self.written.setCurrentIndex(self.written.findData("rows" if pixels else "counts"))
        self.similar.toggled.connect(self._arrange)
        self.similar.clicked.connect(self._on_asked)
        axes = ElidedLabel(self.tr("rows: true · columns: said"), "caption", "secondary")
        head = QHBoxLayout()
        head.setSpacing(GRID)
        head.addWidget(axes, 1)
        for widget in (self.similar, self.written):
            head.addWidget(widget)
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

    def set_matrix(self, classes: Sequence[str], counts: Sequence[Sequence[int]], similar: Sequence[int] = ()) -> None:
        """Show counts[true][said], pictures; both in the order of `classes`.

        Args:
            similar: the places of the classes in an order by similarity, which is taken for many classes until the
                user chooses; none: there is no such choice.

        Raises:
            ValueError: it is not one row and one column for each class.
        """
        matrix = np.asarray(counts, dtype=np.int64) if classes else np.zeros((0, 0), dtype=np.int64)
        if matrix.shape != (len(classes), len(classes)):
            raise ValueError(f"{len(classes)} classes need a square matrix, not {matrix.shape}")
        self._classes, self._counts, self._similar = list(classes), matrix, list(similar)
        self.similar.setVisible(bool(self._similar))
        if not self._asked:
            with QSignalBlocker(self.similar):
                self.similar.setChecked(len(classes) >= _MANY)
        self._arrange()

    def clear_selection(self) -> None:
        """Choose no cell; `selection_cleared` is not emitted."""
        self.grid.choose(None)

    def _offer(self, counted: str) -> None:
        tip = self.tr("Each count as a part of the {0} {1}")
        for key, words, help_ in (
            ("counts", self.tr("Counts"), self.tr("How many {0}").format(counted)),
            ("rows", self.tr("% of row"), tip.format(counted, self.tr("of its true class"))),
            ("columns", self.tr("% of column"), tip.format(counted, self.tr("said to be of its class"))),
            ("nothing", self.tr("Colours only"), self.tr("No numbers, so that all classes have room")),
        ):
            self.written.addItem(words, key)
            self.written.setItemData(self.written.count() - 1, help_, Qt.ItemDataRole.ToolTipRole)

    @Slot()
    def _on_asked(self) -> None:
        self._asked = True

    @Slot()
    def _on_written(self) -> None:
        self.grid.write(self.written.currentData())

    @Slot()
    def _arrange(self) -> None:
        """Show the classes in the order that is chosen; a chosen cell stays chosen."""
        kept, before = self.grid.choice(), self._order
        as_given = list(range(len(self._classes)))
        self._order = self._similar if self._similar and self.similar.isChecked() else as_given
        self.grid.set_matrix([self._classes[at] for at in self._order], self._counts[np.ix_(self._order, self._order)])
        if kept is not None and sorted(before) == as_given and self.sender() is self.similar:
            true, said = (self._order.index(before[at]) for at in kept)
            self.grid.choose((true, said))

    def _on_chosen(self, true: int, said: int) -> None:
        self.cell_selected.emit(*(self._classes[self._order[at]] for at in (true, said)))
