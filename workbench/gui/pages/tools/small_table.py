"""A table of a few rows that is as high as they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.results.tables import Cell, TableModel, TableView


class SmallTable(TableView):
    """Rows under titles, all of them in sight.

    Args:
        name: what the table is of, to a screen reader.
        model: of the rows, where it is to say more than texts.
    """

    def __init__(
        self, titles: Sequence[str], name: str, parent: QWidget | None = None, model: TableModel | None = None
    ) -> None:
        self._rows = model or TableModel(titles)
        super().__init__(self._rows, parent)
        self._rows.setParent(self)
        self.setSortingEnabled(False)
        self.setAccessibleName(name)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_rows(self, rows: list[list[Cell]], titles: Sequence[str] | None = None) -> None:
        """Show these rows."""
        self._rows.set_rows(rows, titles)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_rows"):
            self._fit()

    def _fit(self) -> None:
        self.fit_columns()
        row = self.verticalHeader().defaultSectionSize()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + row * self._rows.rowCount() + bar)
