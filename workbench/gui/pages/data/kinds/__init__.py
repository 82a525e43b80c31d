"""What a card shows of a task's pictures: one file for each kind of task, one row in `VIEWS`."""

from __future__ import annotations

from workbench.gui.pages.data.kinds.base import KindView, Loaders
from workbench.gui.pages.data.kinds.classes import ClassesView
from workbench.gui.pages.data.kinds.labels import LabelsView
from workbench.gui.pages.data.kinds.masks import MasksView
from workbench.gui.pages.data.kinds.numbers import NumbersView

__all__ = ["VIEWS", "KindView", "Loaders"]

VIEWS: dict[str, type[KindView]] = {
    "single-label": ClassesView,
    "multi-label": LabelsView,
    "number": NumbersView,
    "mask": MasksView,
}
"""The view of each kind."""
