"""A task with any number of labels for each picture: scores per label, and what another threshold would say."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.results.confidence import ConfidenceTab
from workbench.gui.pages.results.label_table import LabelTable
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.pictures_panel import PicturesPanel
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.labels import LabelsResult
from workbench.gui.pages.results.threshold_panel import ThresholdPanel
from workbench.gui.pages.results.views.base import KindView
from workbench.gui.theme import GRID, ROW_HEIGHT
from workbench.gui.widgets.inputs import ComboBox
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_LETTERS = 21  # of a caption such as "−WBC  +Platelets"
_ROWS = 6  # labels in sight, where there are as many
_CURVE = 230  # px: of the curve with its slider


class LabelsView(KindView):
    """The table of labels, the curve of the chosen ones, and pictures with a wrong label."""

    def __init__(self, loader: ThumbnailLoader, filters: PictureFilters, parent: QWidget | None = None) -> None:
        self.which = ComboBox(parent)
        pictures = PicturesPanel(loader, filters, letters=_LETTERS, choice=self.which)
        super().__init__(pictures, parent, lines=25, left=548)
        self._result: LabelsResult | None = None
        self._label = -1
        self.labels = LabelTable(self)
        self.threshold = ThresholdPanel(self)
        self.which.setAccessibleName(self.tr("Which pictures of the chosen label"))
        for key in ("wrong", "missed", "false alarm", "has"):
            self.which.addItem("", key)
        self._parts = QSplitter(Qt.Orientation.Vertical, self)
        self._parts.setChildrenCollapsible(False)
        self._parts.setHandleWidth(GRID)
        self._parts.addWidget(self.labels)
        self._parts.addWidget(self.threshold)
        self.tabs = QTabWidget(self)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self._parts, self.tr("Labels"))
        self.confidence = ConfidenceTab("multi-label", self.tabs)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Labels and confidence"))
        self.left.add(self.tabs, 1)
        self.confidence.calibrate_wanted.connect(self.calibrate_wanted)
        self.labels.labels_chosen.connect(self._on_labels)
        self.which.currentIndexChanged.connect(self._on_which)
        self.pictures.filter_cleared.connect(self._on_filter_cleared)

    def set_result(self, result: TaskResult, folder: Path, place: int) -> None:
        assert isinstance(result, LabelsResult)
        self._result, self._label = result, -1
        self.labels.set_result(result)
        rows = min(_ROWS, len(result.classes)) * ROW_HEIGHT
        self._parts.setSizes([rows + 2 * ROW_HEIGHT, _CURVE])
        self.threshold.set_result(result)
        self.confidence.set_result(result, place)
        self.pictures.set_result(result, folder)

    @Slot(list)
    def _on_labels(self, labels: list[int]) -> None:
        self.threshold.show_labels(labels)
        if self._result is None or not labels:
            return
        self._label = labels[-1]
        self.which.blockSignals(True)
        for place in range(self.which.count()):
            key = self.which.itemData(place)
            number = count(len(self._result.of_label(self._label, key)))
            self.which.setItemText(place, f"{self._words(key)} {number}")
        self.which.blockSignals(False)
        self._on_which()

    @Slot()
    def _on_which(self) -> None:
        if self._result is None or self._label < 0:
            return
        key = self.which.currentData()
        rows = self._result.of_label(self._label, key)
        self.pictures.show_rows(rows, f"{self._result.classes[self._label]}: {count(len(rows))}")

    @Slot()
    def _on_filter_cleared(self) -> None:
        self._label = -1
        self.labels.view.clearSelection()

    def _words(self, key: str) -> str:
        return {
            "wrong": self.tr("Wrong"),
            "missed": self.tr("Missed"),
            "false alarm": self.tr("False alarms"),
            "has": self.tr("All with it"),
        }[key]
