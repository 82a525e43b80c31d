"""A task with one class for each picture: which classes are taken for which others, and scores per class."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.results.class_table import ClassTable
from workbench.gui.pages.results.confidence import ConfidenceTab
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.pictures_panel import PicturesPanel
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.classes import ClassResult
from workbench.gui.pages.results.views.base import KindView
from workbench.gui.widgets.confusion_matrix import ConfusionMatrix
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class ClassView(KindView):
    """Confusion matrix, per-class table and confidence; a cell or a class opens its pictures."""

    def __init__(self, loader: ThumbnailLoader, filters: PictureFilters, parent: QWidget | None = None) -> None:
        super().__init__(PicturesPanel(loader, filters), parent, lines=20)  # the tab of confidence has most
        self._result: ClassResult | None = None
        self.matrix = ConfusionMatrix(self)
        self.classes = ClassTable(self)
        self.tabs = QTabWidget(self)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.matrix, self.tr("Confusions"))
        self.tabs.addTab(self.classes, self.tr("Classes"))
        self.confidence = ConfidenceTab("single-label", self.tabs)
        self.tabs.setTabToolTip(0, self.tr("Confusion matrix: which classes are taken for which"))
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Confusions, classes and confidence"))
        self.left.add(self.tabs, 1)
        self.confidence.calibrate_wanted.connect(self.calibrate_wanted)
        self.matrix.cell_selected.connect(self._on_cell)
        self.matrix.selection_cleared.connect(self.pictures.show_ordered)
        self.classes.class_chosen.connect(self._on_class)
        self.pictures.filter_cleared.connect(self._on_filter_cleared)

    def set_result(self, result: TaskResult, folder: Path, place: int) -> None:
        assert isinstance(result, ClassResult)
        self._result = result
        self.matrix.set_matrix(result.classes, result.confusion.tolist(), result.similar)
        self.classes.set_result(result)
        self.confidence.set_result(result, place)
        self.pictures.set_result(result, folder)

    @Slot(str, str)
    def _on_cell(self, true: str, said: str) -> None:
        if self._result is None:
            return
        classes = self._result.classes
        rows = self._result.in_cell(classes.index(true), classes.index(said))
        words = self.tr("{0}, said {1}: {2}") if true != said else self.tr("{0}, said so: {2}")
        self.pictures.show_rows(rows, words.format(true, said, count(len(rows))))

    @Slot(int)
    def _on_class(self, index: int) -> None:
        if self._result is None:
            return
        self.matrix.clear_selection()
        rows = self._result.of_class(index)
        words = self.tr("{0}: {1}, errors first")
        self.pictures.show_rows(rows, words.format(self._result.classes[index], count(len(rows))))

    @Slot()
    def _on_filter_cleared(self) -> None:
        self.matrix.clear_selection()
        self.classes.view.clearSelection()
