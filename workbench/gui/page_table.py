"""The pages in the order of the work, each built when it is first shown: plots alone take 0.4 s to import."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from workbench.gui.workspace import Workspace

NAMES = ("data", "model", "train", "results", "try", "tools")


class Page(Protocol):
    """What the window asks of a page, beside being a widget."""

    title: str
    icon_name: str
    page_requested: SignalInstance

    def shown(self) -> None:
        """The page comes to the front."""

    def drop_paths(self, paths: list[Path]) -> bool:
        """Take dropped paths; whether the page has a use for them."""


def _data(workspace: Workspace) -> QWidget:
    from workbench.gui.pages.data.page import DataPage

    return DataPage(workspace)


def _model(workspace: Workspace) -> QWidget:
    from workbench.gui.pages.model.page import ModelPage

    return ModelPage(workspace)


def _train(workspace: Workspace) -> QWidget:
    from workbench.gui.pages.train.page import TrainPage

    return TrainPage(workspace)


def _results(workspace: Workspace) -> QWidget:
    from workbench.gui.pages.results.page import ResultsPage

    return ResultsPage(workspace)


def _try(workspace: Workspace) -> QWidget:
    from workbench.gui.pages.try_out.page import TryPage

    return TryPage(workspace)


def _tools(workspace: Workspace) -> QWidget:
    from workbench.gui.pages.tools.page import ToolsPage

    return ToolsPage(workspace)


BUILDERS: dict[str, Callable[[Workspace], QWidget]] = {
    "data": _data,
    "model": _model,
    "train": _train,
    "results": _results,
    "try": _try,
    "tools": _tools,
}
