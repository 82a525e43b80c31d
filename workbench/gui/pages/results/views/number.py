"""A task that answers with a number: what was said against what is true, and how far off it was."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from workbench.gui.pages.results.confidence import ConfidenceTab
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.pictures_panel import PicturesPanel
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.number import NumberResult
from workbench.gui.pages.results.views.base import KindView
from workbench.gui.theme import GRID
from workbench.gui.widgets.elided_label import ElidedLabel
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.residual_histogram import ResidualHistogram
from workbench.gui.widgets.scatter_plot import ScatterPlot
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_LETTERS = 24  # of a caption such as "true 41 → said 38.2 ± 2"
_NAME = 36  # characters of a picture's name beside its point
_FEW = 300  # points whose bars can be told apart


class NumberView(KindView):
    """A scatter plot of answers, the residuals below it, and the pictures; a point opens its picture."""

    def __init__(self, loader: ThumbnailLoader, filters: PictureFilters, parent: QWidget | None = None) -> None:
        super().__init__(PicturesPanel(loader, filters, letters=_LETTERS), parent, lines=24)
        self._result: NumberResult | None = None
        nothing = self.tr("Each picture becomes a point: the number that is true, and the one that was said.")
        self.scatter = ScatterPlot(self.tr("Said against true"), self.tr("true"), self.tr("said"), nothing, self)
        residual = self.tr("said − true")
        self.residuals = ScatterPlot(
            self.tr("Residuals against true"), self.tr("true"), residual, nothing, self, level=True
        )
        self.histogram = ResidualHistogram(
            self.tr("Histogram of residuals"), residual, self.tr("pictures"), self.tr("There is no number."), self
        )
        self.doubt = ComboBox(self)
        self.doubt.setAccessibleName(self.tr("How the 90 % interval is drawn"))
        tip = self.tr("Where the model expects 90 % of the true numbers to lie, by the spread that it predicts")
        self.doubt.setToolTip(tip)
        for name, words in (
            ("band", self.tr("90 % as a band")),
            ("bars", self.tr("90 % as bars")),
            ("none", self.tr("No interval")),
        ):
            self.doubt.addItem(words, name)
        self.below = ComboBox(self)
        self.below.setAccessibleName(self.tr("How the residuals are drawn"))
        self.below.addItem(self.tr("Against true"), "points")
        self.below.addItem(self.tr("Histogram"), "histogram")
        self._lay_out()
        self.doubt.currentIndexChanged.connect(self._on_doubt)
        self.below.currentIndexChanged.connect(self._on_below)
        for plot in (self.scatter, self.residuals):
            plot.point_chosen.connect(self.pictures.open_row)

    def set_result(self, result: TaskResult, folder: Path, place: int) -> None:
        assert isinstance(result, NumberResult)
        self._result = result
        self.pictures.set_result(result, folder)
        self.confidence.set_result(result, place)
        for plot in (self.scatter, self.residuals, self.histogram):
            plot.set_place(place)
        self.scatter.set_points(result.target, result.prediction, result.reach, self._tell)
        self.residuals.set_points(result.target, result.residual, result.reach, self._tell)
        self.histogram.set_values(result.residual)
        self.doubt.setCurrentIndex(self.doubt.findData("bars" if len(result.images) <= _FEW else "band"))
        self._on_doubt()

    @Slot()
    def _on_doubt(self) -> None:
        for plot in (self.scatter, self.residuals):
            plot.set_doubt(self.doubt.currentData())

    @Slot()
    def _on_below(self) -> None:
        points = self.below.currentData() == "points"
        self._stack.setCurrentWidget(self.residuals if points else self.histogram)

    def _tell(self, row: int) -> tuple[str, list[tuple[str, str]]]:
        """The picture's name, and what is true and was said of it."""
        assert self._result is not None
        result, name = self._result, self._result.images[row].rpartition("/")[2]
        if len(name) > _NAME:
            name = f"{name[: _NAME // 2]}…{name[-_NAME // 2 + 1 :]}"
        lines = [(self.tr("true"), result.text(float(result.target[row]))), (self.tr("said"), result.said(row))]
        return name, [*lines, (self.tr("off by"), result.text(float(result.residual[row])))]

    def _lay_out(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.residuals)
        self._stack.addWidget(self.histogram)
        plots = QSplitter(Qt.Orientation.Vertical, self)
        plots.setChildrenCollapsible(False)
        plots.setHandleWidth(GRID)
        plots.addWidget(_under(self.tr("Said against true"), self.doubt, self.scatter))
        plots.addWidget(_under(self.tr("Residuals: said − true"), self.below, self._stack))
        plots.setSizes([300, 200])
        self.tabs = QTabWidget(self)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(plots, self.tr("Answers"))
        self.confidence = ConfidenceTab("number", self.tabs)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Answers and confidence"))
        self.left.add(self.tabs, 1)
        self.confidence.calibrate_wanted.connect(self.calibrate_wanted)


def _under(title: str, choice: ComboBox, plot: QWidget) -> QWidget:
    """A plot under its title and a choice."""
    whole = QWidget()
    head = QHBoxLayout()
    head.setSpacing(GRID)
    head.addWidget(ElidedLabel(title, "body", bold=True), 1)
    head.addWidget(choice)
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(GRID // 2)
    column.addLayout(head)
    column.addWidget(plot, 1)
    return whole
