"""Per class of a mask: how well what was said covers what is true, and how many of the pixels are of it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.numbers import percent
from workbench.gui.pages.results.scored.mask import MaskResult
from workbench.gui.pages.results.tables import Cell, TableModel, TableView


class MaskTable(QWidget):
    """The per-class table of a mask task."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TableModel(
            [self.tr("Class"), self.tr("Overlap"), self.tr("Share of pixels")],
            [
                "",
                self.tr("IoU, intersection over union: pixels that are and were said, divided by either"),
                self.tr("Share of the true pixels that are of this class"),
            ],
            self,
        )
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(self.tr("Overlap per class"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def set_result(self, result: MaskResult) -> None:
        """Show the classes of a task."""
        nothing = self.tr("No pixel is of this class, and none was said to be")
        rows = []
        for name, iou, share in zip(result.classes, result.iou.tolist(), result.share.tolist(), strict=True):
            overlap = Cell(percent(iou), iou, help="" if iou == iou else nothing)
            rows.append([Cell(name, name.casefold()), overlap, Cell(percent(share), share)])
        self.model.set_rows(rows)
        self.view.fit_columns(widest=220)
