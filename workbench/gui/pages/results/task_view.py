"""One task of an evaluation: its other metrics, confusion matrix, per-class table and pictures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from workbench.gui.pages.flow_row import FlowRow
from workbench.gui.pages.results.class_table import ClassTable
from workbench.gui.pages.results.document import TaskResult
from workbench.gui.pages.results.metric_words import metric_help, metric_text, metric_title
from workbench.gui.pages.results.pictures_panel import PicturesPanel
from workbench.gui.theme import GRID, GROUP_GAP
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.confusion_matrix import ConfusionMatrix
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.thumbnails import ThumbnailLoader

_BESIDE = 90  # characters: the width from which matrix and pictures lie side by side
_LINES = 16  # of text: the least height of each


class TaskView(QWidget):
    """Everything known of one task of a run on one part."""

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts = _MetricFacts(self)
        self.matrix = ConfusionMatrix(self)
        self.classes = ClassTable(self)
        self.pictures = PicturesPanel(loader, self)
        self.tabs = QTabWidget(self)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.matrix, self.tr("Confusions"))
        self.tabs.addTab(self.classes, self.tr("Classes"))
        self.tabs.setTabToolTip(0, self.tr("Confusion matrix: which classes are taken for which"))
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Confusions and classes"))
        left, right = Card(), Card()
        left.add(self.tabs, 1)
        right.add(self.pictures, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(GRID)
        for card in (left, right):
            self.splitter.addWidget(card)
        self.splitter.setSizes([480, 440])
        self._fit()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.facts)
        layout.addWidget(self.splitter, 1)
        self.matrix.cell_selected.connect(self.pictures.show_cell)
        self.matrix.selection_cleared.connect(self.pictures.show_ordered)
        self.classes.class_chosen.connect(self._on_class)
        self.pictures.filter_cleared.connect(self._on_filter_cleared)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Matrix and pictures side by side where both have room, else one below the other; never too low to use."""
        metrics = self.fontMetrics()
        beside = self.width() >= _BESIDE * metrics.averageCharWidth()
        wanted = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if wanted != self.splitter.orientation():
            self.splitter.setOrientation(wanted)
            self.splitter.setSizes([480, 440])
        for place in range(self.splitter.count()):
            self.splitter.widget(place).setMinimumHeight(_LINES * metrics.height())

    def set_result(self, result: TaskResult | None, folder: Path) -> None:
        """Show a task, or nothing."""
        self.facts.set_result(result)
        if result is None:
            self.matrix.set_matrix([], [])
        else:
            self.matrix.set_matrix(result.classes, result.confusion.tolist())
            self.classes.set_result(result)
        self.pictures.set_result(result, folder)

    @Slot(int)
    def _on_class(self, index: int) -> None:
        self.matrix.clear_selection()
        self.pictures.show_class(index)

    @Slot()
    def _on_filter_cleared(self) -> None:
        self.matrix.clear_selection()
        self.classes.view.clearSelection()


class _MetricFacts(FlowRow):
    """The metrics beside the accuracy, in a line that wraps; what each means stands in its tooltip."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, GROUP_GAP)
        self._labels: list[Label] = []

    def set_result(self, result: TaskResult | None) -> None:
        """Show the metrics of a task."""
        metrics = [] if result is None else [pair for pair in result.metrics.items() if pair[0] != "accuracy"]
        while len(self._labels) < len(metrics):
            self._labels.append(Label("", "body", "secondary", figures=True, parent=self))
            self.flow.addWidget(self._labels[-1])
        for label in self._labels:
            label.hide()
        for label, (name, value) in zip(self._labels, metrics, strict=False):
            label.setText(f"{metric_title(name)} {metric_text(name, value)}")
            label.setToolTip(metric_help(name))
            label.show()
        self.refit()
