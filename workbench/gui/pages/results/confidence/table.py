"""Per class or label: what is left, and how good it is, if the model had to be as sure as the slider says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.gui.numbers import count, percent
from workbench.gui.pages.results.scored.confidence import Answered
from workbench.gui.pages.results.tables import Cell, TableModel, TableView
from workbench.gui.theme import GRID
from workbench.gui.widgets.label import Label


class ThresholdTable(QWidget):
    """How much there is, how precise it is and how much is found, at one threshold.

    Args:
        named: what the table is.
        titles: of its four columns; helps: of each.
        of, said: what the shares are of: the pictures of a row, and those that are answered with it.
        means: what the means are called, with two places.
    """

    def __init__(
        self, named: str, titles: Sequence[str], helps: Sequence[str], of: str, said: str, means: str
    ) -> None:
        super().__init__()
        self._of, self._said, self._means = of, said, means
        self.model = TableModel(titles, helps, self)
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(named)
        self.means = Label("", "caption", "secondary", figures=True, wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.means)

    @classmethod
    def of_classes(cls) -> ThresholdTable:
        """Of one class for each picture."""
        return cls(
            _tr("What would be answered of each class, and how well"),
            [_tr("Class"), _tr("Answered"), _tr("Precise"), _tr("Found")],
            [
                "",
                _tr("Coverage: of the pictures of this class, the share that is answered"),
                _tr("Precision: of the pictures answered with this class, the share that is of it"),
                _tr("Recall: of all pictures of this class, answered or not, the share that is answered rightly"),
            ],
            of=_tr("Of {0} pictures of this class"),
            said=_tr("Of {0} pictures answered with this class"),
            means=_tr("Mean over classes: {0} precise, {1} found."),
        )

    @classmethod
    def of_labels(cls) -> ThresholdTable:
        """Of several labels for each picture."""
        return cls(
            _tr("How often each label would be said, and how well"),
            [_tr("Label"), _tr("Said"), _tr("Precise"), _tr("Found")],
            [
                "",
                _tr("Of all pictures, the share of which the label is said"),
                _tr("Precision: of the pictures said to have the label, the share that has it"),
                _tr("Recall: of the pictures that have the label, the share that is said to"),
            ],
            of=_tr("Of {0} pictures with this label"),
            said=_tr("Of {0} pictures said to have this label"),
            means=_tr("Mean over labels: {0} precise, {1} found."),
        )

    def set_answered(self, names: list[str], found: Answered) -> None:
        """Show what would be answered of classes or labels."""
        self.model.set_rows([self._row(name, found, at) for at, name in enumerate(names)])
        self.view.fit_names()
        shares = (found.macro_precision, found.macro_recall)
        self.means.setText(self._means.format(*(percent(each) for each in shares)))

    def _row(self, name: str, found: Answered, at: int) -> list[Cell]:
        of, said = self._of.format(count(int(found.count[at]))), self._said.format(count(int(found.said[at])))
        cells = (
            _share(share[at], words)
            for share, words in ((found.coverage, of), (found.precision, said), (found.recall, of))
        )
        return [Cell(name, name.casefold()), *cells]


def _share(share: np.float64, words: str) -> Cell:
    value = float(share)
    return Cell(percent(value, 0), value, help=words if value == value else _tr("There is nothing to divide by"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("ThresholdTable", text)
