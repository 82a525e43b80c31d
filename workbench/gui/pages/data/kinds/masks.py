"""A mask for each picture: small pictures with their masks over them, and in how many each class of pixels occurs."""

from __future__ import annotations

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.data.facts import Report, counts_by_part
from workbench.gui.pages.data.kinds.base import KindView, Loaders
from workbench.gui.pages.data.kinds.pixel_legend import PixelLegend
from workbench.gui.widgets.class_bars import ClassBars
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.mask_strip import MaskStrip
from workbench.gui.widgets.thumbnail_strip import ThumbnailStrip


class MasksView(KindView):
    """Masks over pictures."""

    def __init__(self, loaders: Loaders, parent: QWidget | None = None) -> None:
        super().__init__(loaders, parent)
        self._classes: list[str] = []
        self.legend = PixelLegend(self)
        self.bars = ClassBars(self)
        self.bars.setAccessibleName(self.tr("Pictures in which each class of pixels occurs"))
        self.note = Label(
            self.tr("The bars count the pictures in which a class of pixels occurs."), "caption", "secondary", wrap=True
        )
        for widget in (self.legend, self.bars, self.note):
            self.column.addWidget(widget)

    def show_report(self, report: Report) -> None:
        self._classes = list(report["classes"])
        assert isinstance(self.strip, MaskStrip)
        self.strip.set_pairs(report.get("mask_samples", []), len(self._classes))
        self.strip.setVisible(bool(report.get("mask_samples")))
        self._show_legend()
        self.bars.set_counts(counts_by_part(report), report["parts"])

    def set_colour(self, colour: QColor) -> None:
        self.bars.set_colour(colour)

    def figures(self, report: Report) -> str:
        number = len(report["classes"])
        one, more = self.tr("1 class of pixels"), self.tr("{0} classes of pixels")
        return f"{one if number == 1 else more.format(count(number))} · {self._pictures(report)}"

    def _make_strip(self) -> ThumbnailStrip:
        strip = MaskStrip(self._loaders.pictures, self._loaders.masks, 64, self)
        strip.values_changed.connect(self._show_legend)
        return strip

    def _show_legend(self) -> None:
        """Say which colour is which class, once the masks that were read hold as many values as there are classes."""
        assert isinstance(self.strip, MaskStrip)
        known = len(self.strip.values()) == len(self._classes)
        self.legend.set_classes(self._classes if known else [])
