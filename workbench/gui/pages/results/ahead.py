"""One step ahead: what a step for one task of a run does to the losses of the others, asked for with one button."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.results.asked_card import AskedCard, read_kept
from workbench.gui.widgets.affinity_map import AffinityMap
from workbench.gui.widgets.label import Label
from workbench.gui.workspace import Workspace

_UNREADABLE = "The look ahead of this run cannot be read, look again: {0}."
_Square = list[list[float | None]]


@dataclass(frozen=True)
class Affinity:
    """What `affinity` says.

    Attributes:
        matrix: (T, T) from row to column, shares of a loss; None where no batch had labels of both.
        errors: (T, T) standard errors; None where there is none.
    """

    tasks: list[str]
    batches: int
    matrix: _Square
    errors: _Square


def parse_affinity(document: Mapping[str, Any]) -> Affinity:
    """Read a document.

    Raises:
        ValueError: it is not what `affinity` prints.
    """
    try:
        tasks = [str(task) for task in document["tasks"]]
        matrix, errors = (_square(document[name], len(tasks)) for name in ("matrix", "standard_error"))
        return Affinity(tasks, int(document["batches"]), matrix, errors)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(_UNREADABLE.format(repr(error))) from error


def read_affinity(run_dir: Path) -> Affinity | None:
    """What was measured of a run before; None where nothing was.

    Raises:
        ValueError: the file is not what `affinity` writes.
        OSError: the file cannot be read.
    """
    return read_kept(run_dir / "results" / "affinity.json", parse_affinity, _UNREADABLE)


def _square(rows: Any, size: int) -> _Square:
    found = [[None if value is None else float(value) for value in row] for row in rows]
    if len(found) != size or any(len(row) != size for row in found):
        raise ValueError(f"{size} tasks need a square matrix")
    return found


class AheadCard(AskedCard[Affinity]):
    """Shows what was measured of a run, and measures it when the button is pressed."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(
            workspace,
            "affinity",
            ask=self.tr("Look one step ahead"),
            working=self.tr("How much of the look ahead is done"),
            cancel=self.tr("Cancel the look ahead"),
            parse=parse_affinity,
            read=read_affinity,
            parent=parent,
        )
        self.set_title(self.tr("One step ahead"))
        self.set_caption(
            self.tr(
                "How much one step of the shared weights for the task on the left lowers the loss of the task above, "
                "in per cent; each step is just long enough to lower its own task's loss by about one per cent. It "
                "does not promise that tasks do well when trained together."
            )
        )
        self.ask.setToolTip(self.tr("Tries steps on pictures of the training part and takes them back"))
        self.map = AffinityMap(self)
        self.told = Label("", wrap=True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.basis = Label("", "caption", "secondary", wrap=True)
        for widget in (self.map, self.told, self.basis):
            self.add(widget)
            widget.hide()
        self.map.told.connect(self.told.setText)

    def show_tasks(self, run: str, folder: Path, tasks: int) -> None:
        """Show what is stored of a run; one of a single task has nothing to be asked for."""
        self.setVisible(tasks > 1)
        self.show_run(run, folder)

    def show_found(self, found: Affinity | None) -> None:
        for widget in (self.map, self.told, self.basis):
            widget.setVisible(found is not None)
        if found is None:
            return
        self.map.set_affinity(found.tasks, found.matrix, found.errors)
        words = self.tr("The mean over {0} batches. An effect below twice its standard error counts as none.")
        one = self.tr("From a single batch, so that there is no telling an effect from chance.")
        self.basis.setText(words.format(count(found.batches)) if found.batches > 1 else one)
