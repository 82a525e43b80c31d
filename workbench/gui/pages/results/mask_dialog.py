"""One picture of a mask task, large, with the true mask, the one that the model says, or where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workbench.gui.pages.legend_row import LegendRow
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.results.picture_dialog import PictureDialog
from workbench.gui.pages.segments import Segments
from workbench.gui.theme import GRID, theme
from workbench.gui.widgets.inputs import Slider
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.mask_image import (
    UNKNOWN,
    Classes,
    Layer,
    class_values,
    coloured,
    differences,
    enlarged,
    read_mask,
    to_classes,
)
from workbench.gui.widgets.overlay_view import OverlayView
from workbench.gui.widgets.thumbnails import ThumbnailLoader

Raw = NDArray[np.uint8]
_KEYS = {
    Qt.Key.Key_D: "differences",
    Qt.Key.Key_T: "true",
    Qt.Key.Key_S: "said",
    Qt.Key.Key_P: "picture",
}
_STEPS = {Qt.Key.Key_BracketLeft: -10, Qt.Key.Key_BracketRight: 10}


class MaskDialog(PictureDialog):
    """A picture with masks over it. Keys: D, T, S, P for what lies over it; [ and ] for how strongly.

    Signals:
        mask_wanted(str): what the model says of a picture is to be shown; `show_said` or `show_failure` answer.
    """

    mask_wanted = Signal(str)

    def __init__(self, loader: ThumbnailLoader, parent: QWidget | None = None) -> None:
        self._classes: list[str] = []
        self._values: list[int] = []
        self._masks: Mapping[str, str] = {}
        self._true: Raw | None = None
        self._said: Raw | None = None
        self._waiting = self._problem = self._true_problem = ""
        self.layers = Segments("", parent)
        self.opacity = Slider(parent)
        self.legend = LegendRow(parent)
        self.state = Label("", "body", "secondary", wrap=True, parent=parent)
        super().__init__(loader, parent)
        self.look.hide()  # the mask itself says it
        self._name_controls()
        self._reading_true, self._reading_said = Loader(self), Loader(self)
        self._reading_true.loaded.connect(self._on_true)
        self._reading_true.failed.connect(self._on_true_failed)
        self._reading_said.loaded.connect(self._on_said)
        self._reading_said.failed.connect(self._on_said_failed)
        self.layers.chosen.connect(self._show_layer)
        self.opacity.valueChanged.connect(self._on_opacity)
        self.view.pointed.connect(self._on_pointed)
        theme().changed.connect(self._show_layer)
        self.opacity.setValue(55)
        self.resize(920, 760)

    def set_masks(self, classes: Sequence[str], values: Sequence[int], masks: Mapping[str, str]) -> None:
        """Take a task: its classes, their pixel values (empty where they are not told), and picture → true mask."""
        self._classes, self._values, self._masks = list(classes), list(values), masks

    def show_said(self, image: str, mask: str) -> None:
        """The mask that the model gives a picture lies in that file."""
        if self._items and image == self.item().path:
            self._reading_said.load(read_mask, mask)

    def show_failure(self, image: str, problem: str) -> None:
        """The model gave no mask for a picture."""
        if self._items and image == self.item().path:
            self._on_said_failed(problem)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            self.layers.set_current(_KEYS[key])
            self._show_layer()
        elif key in _STEPS:
            self.opacity.setValue(self.opacity.value() + _STEPS[key])
        else:
            super().keyPressEvent(event)

    def _go(self, row: int) -> None:
        before = self._items[self._row].path if self._items and self._row < len(self._items) else ""
        super()._go(row)
        path = self.item().path
        if path == before and self._true is not None and self._said is not None:
            return
        self._true = self._said = None
        self._problem = self._true_problem = ""
        self._reading_true.drop()
        self._reading_said.drop()
        self._waiting = self.tr("The model draws its mask…")
        mask = self._masks.get(path, "")
        if mask:
            self._reading_true.load(read_mask, mask)
        else:
            self._true_problem = self.tr("This picture has no true mask.")
        self._show_layer()
        self.mask_wanted.emit(path)

    @Slot(object)
    def _on_true(self, mask: Raw) -> None:
        self._true = mask
        self._show_layer()

    @Slot(str)
    def _on_true_failed(self, problem: str) -> None:
        self._true_problem = self.tr("The true mask cannot be read: {0}").format(problem)
        self._show_layer()

    @Slot(object)
    def _on_said(self, mask: Raw) -> None:
        self._said, self._waiting = mask, ""
        self._show_layer()

    @Slot(str)
    def _on_said_failed(self, problem: str) -> None:
        self._problem, self._waiting = problem, ""
        self._show_layer()

    @Slot()
    def _show_layer(self) -> None:
        """Lay what is chosen over the picture, or say why it is not there."""
        layer = self._layer()
        self.view.set_overlay(layer.image if layer else None)
        self.legend.set_legend(layer.legend if layer else ())
        self._say()

    def _layer(self) -> Layer | None:
        true, said = self._as_classes()
        wanted = self.layers.current()
        if wanted == "true" and true is not None:
            return coloured(true, self._classes)
        if wanted == "said" and said is not None:
            return coloured(said, self._classes)
        if wanted == "differences" and true is not None and said is not None:
            words = (self.tr("{0} missed"), self.tr("{0} too much"), self.tr("another class said"))
            return differences(true, said, self._classes, words)
        return None

    def _as_classes(self) -> tuple[Classes | None, Classes | None]:
        """Both masks as classes, the said one at the size of the true one."""
        there = [mask for mask in (self._true, self._said) if mask is not None]
        values = class_values(self._classes, self._values, *there)
        true = None if self._true is None else to_classes(self._true, values)
        said = None if self._said is None else to_classes(self._said, values)
        if true is not None and said is not None and true.shape != said.shape:
            said = enlarged(said, (true.shape[0], true.shape[1]))
        return true, said

    def _say(self, here: str = "") -> None:
        wanted = self.layers.current()
        needs_true, needs_said = wanted in ("true", "differences"), wanted in ("said", "differences")
        problem = self._true_problem if needs_true and self._true is None else ""
        if needs_said and self._said is None:
            problem = problem or self._problem or self._waiting
        bad = bool(problem) and problem != self._waiting
        self.state.set_tone("bad" if bad else "secondary")
        self.state.setText(problem or here or self.tr("Point at the picture to read its classes."))

    @Slot(int)
    def _on_opacity(self, value: int) -> None:
        self.view.set_opacity(value / 100)
        self.opacity.setToolTip(self.tr("How strongly the mask is seen: {0} %").format(value))

    @Slot(float, float)
    def _on_pointed(self, x: float, y: float) -> None:
        if x < 0:
            self._say()
            return
        words = []
        for name, mask in zip((self.tr("true"), self.tr("said")), self._as_classes(), strict=True):
            if mask is not None:
                height, width = mask.shape
                place = int(mask[min(height - 1, int(y * height)), min(width - 1, int(x * width))])
                known = place != UNKNOWN and place < len(self._classes)
                words.append(f"{name} {self._classes[place] if known else self.tr('ignored')}")
        self._say(", ".join(words))

    def _make_view(self, loader: ThumbnailLoader) -> OverlayView:
        return OverlayView(loader, self)

    def _name_controls(self) -> None:
        self.layers.setAccessibleName(self.tr("What lies over the picture"))
        for key, text, tip in (
            ("differences", self.tr("Differences"), self.tr("Where the model's mask differs from the true one (D)")),
            ("true", self.tr("True"), self.tr("The true mask (T)")),
            ("said", self.tr("Said"), self.tr("The mask that the model says (S)")),
            ("picture", self.tr("Picture"), self.tr("The picture alone (P)")),
        ):
            self.layers.add(key, text, tip).setAutoDefault(False)
        self.layers.set_current("differences")
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(self.tr("How strongly the mask is seen"))

    def _lay_out(self) -> None:
        super()._lay_out()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self.layers)
        strength = Label(self.tr("Strength"), "body", "secondary")
        strength.setBuddy(self.opacity)
        row.addWidget(strength)
        row.addWidget(self.opacity, 1)
        layout.insertLayout(1, row)
        layout.insertWidget(3, self.legend)
        layout.insertWidget(4, self.state)
