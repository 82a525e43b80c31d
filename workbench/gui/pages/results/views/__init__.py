"""What the Results page shows of one task, one file for each kind of task; each is loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from PySide6.QtWidgets import QWidget

from workbench.gui.pages.results.picture_filters import PictureFilters
from workbench.gui.pages.results.views.base import KindView
from workbench.gui.widgets.thumbnails import ThumbnailLoader

VIEWS: dict[str, tuple[str, str]] = {
    "single-label": ("classes", "ClassView"),
    "multi-label": ("labels", "LabelsView"),
    "number": ("number", "NumberView"),
    "mask": ("mask", "MaskView"),
}
"""The module and the class that show each kind of task."""


def make_view(kind: str, loader: ThumbnailLoader, filters: PictureFilters, parent: QWidget) -> KindView:
    """The view of a kind of task."""
    module, name = VIEWS[kind]
    view: Callable[[ThumbnailLoader, PictureFilters, QWidget], KindView]
    view = getattr(import_module(f"{__name__}.{module}"), name)
    return view(loader, filters, parent)
