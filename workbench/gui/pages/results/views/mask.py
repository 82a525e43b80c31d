"""A task that says of every pixel what it is: overlap per class, pixels confused, and masks over their pictures."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtWidgets import QTabWidget, QWidget

from workbench.gui.pages.results.confidence import ConfidenceTab
from workbench.gui.pages.results.mask_dialog import MaskDialog
from workbench.gui.pages.results.mask_table import MaskTable
from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.pictures_panel import PicturesPanel
from workbench.gui.pages.results.scored import TaskResult
from workbench.gui.pages.results.scored.mask import MaskResult
from workbench.gui.pages.results.views.base import KindView
from workbench.gui.widgets.confusion_matrix import ConfusionMatrix
from workbench.gui.widgets.thumbnails import ThumbnailLoader


class MaskView(KindView):
    """Overlap per class, the confusion matrix of pixels, and the pictures, each with its masks."""

    def __init__(self, loader: ThumbnailLoader, filters: PictureFilters, parent: QWidget | None = None) -> None:
        self.dialog = MaskDialog(loader, parent)
        super().__init__(PicturesPanel(loader, filters, dialog=self.dialog), parent)
        self.classes = MaskTable(self)
        self.matrix = ConfusionMatrix(self, pixels=True)
        self.tabs = QTabWidget(self)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.classes, self.tr("Classes"))
        self.tabs.addTab(self.matrix, self.tr("Confusions"))
        self.confidence = ConfidenceTab("mask", self.tabs)
        self.confidence.calibrate_wanted.connect(self.calibrate_wanted)
        self.tabs.setTabToolTip(1, self.tr("Confusion matrix of pixels: which classes are taken for which"))
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(self.tr("Classes, confusions and confidence"))
        self.left.add(self.tabs, 1)
        self.dialog.mask_wanted.connect(self.mask_wanted)

    def set_result(self, result: TaskResult, folder: Path, place: int) -> None:
        assert isinstance(result, MaskResult)
        self.classes.set_result(result)
        self.matrix.set_matrix(result.classes, result.confusion.tolist(), result.similar)
        self.confidence.set_result(result, place)
        base = str(folder)
        masks = {
            os.path.join(base, image): os.path.join(base, mask) if mask else ""
            for image, mask in zip(result.images, result.masks, strict=True)
        }
        self.dialog.set_masks(result.classes, result.values, masks)
        self.pictures.set_result(result, folder)

    def show_said(self, image: str, mask: str) -> None:
        self.dialog.show_said(image, mask)

    def show_failure(self, image: str, problem: str) -> None:
        self.dialog.show_failure(image, problem)
