"""What validation said of points between the pretrained weights and the model (WiSE-FT), folded to one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.core.events import Interpolation
from workbench.gui.numbers import percent
from workbench.gui.theme import GRID
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.label import Label

if TYPE_CHECKING:
    from workbench.gui.widgets.line_plot import LinePlot

_LINES = 10  # of text: the height of the plot


class WayBack(QWidget):
    """A sentence, and the points as a line behind a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Interpolation | None = None
        self.sentence = Label("", "body", "secondary", wrap=True, figures=True)
        self.sentence.setToolTip(
            self.tr("WiSE-FT: weights between two models, nothing was trained for it. “Way back: keep” takes the best.")
        )
        self.fold = Button("", role="flat", clicked=self._on_fold, parent=self)
        self.fold.setAccessibleName(self.tr("Points on the way back to the pretrained weights"))
        self.plot: LinePlot | None = None
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(self.sentence, 1)
        line.addWidget(self.fold)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self._column.addLayout(line)

    def show_points(self, found: Interpolation) -> None:
        """Show what was found, the plot folded away."""
        self._found = found
        self.sentence.setText(way_back_words(found))
        self._fold(folded=True)
        self.show()

    @Slot()
    def _on_fold(self) -> None:
        self._fold(folded=self.plot is not None and not self.plot.isHidden())

    def _fold(self, *, folded: bool) -> None:
        self.fold.setText(self.tr("Show the way back") if folded else self.tr("Hide the way back"))
        if folded or self._found is None:
            if self.plot is not None:
                self.plot.hide()
            return
        if self.plot is None:
            from workbench.gui.widgets.line_plot import LinePlot

            self.plot = LinePlot(
                self.tr("Validation on the way back to the pretrained weights"),
                self.tr("share of the trained weights"),
                self.tr("validation score"),
                dots=True,
                words=_point_words,
                parent=self,
            )
            self.plot.setFixedHeight(_LINES * self.fontMetrics().height())
            self._column.addWidget(self.plot)
        points = [(x, y) for x, y in zip(self._found.shares, self._found.scores, strict=True) if y is not None]
        kept = next((at for at, (share, _) in enumerate(points) if share == self._found.kept), None)
        self.plot.set_points([x for x, _ in points], [y for _, y in points], kept)
        self.plot.show()


def way_back_words(found: Interpolation) -> str:
    """Such as: A blend with the pretrained weights (50 % trained) scores 91.2 % in validation, the model 90.5 %."""
    scores = {share: score for share, score in zip(found.shares, found.scores, strict=True) if score is not None}
    if 1.0 not in scores:
        return ""
    top = max(reversed(scores), key=scores.__getitem__)
    if found.kept < 1.0:
        text = _tr("Kept is a blend: {0} of the trained weights, the rest pretrained. It scores {1}, the trained {2}.")
        return text.format(percent(found.kept, 0), percent(scores[found.kept]), percent(scores[1.0]))
    if top == 1.0:
        return _tr("No point on the way back to the pretrained weights scores better in validation.")
    text = _tr("A blend with the pretrained weights ({0} trained) scores {1} in validation, the model {2}.")
    return text.format(percent(top, 0), percent(scores[top]), percent(scores[1.0]))


def _point_words(share: float, score: float) -> str:
    return _tr("{0} of the trained weights: {1}").format(percent(share, 0), percent(score))


def _tr(text: str) -> str:
    return QCoreApplication.translate("WayBack", text)
