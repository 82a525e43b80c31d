"""One step ahead: what a step for one task of a run does to the losses of the others, asked for with one button."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.numbers import count
from workbench.gui.pages.loading import Loader
from workbench.gui.pages.question import Question
from workbench.gui.pages.working import Working
from workbench.gui.widgets.affinity_map import AffinityMap
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.widgets.label import Label
from workbench.gui.widgets.notice_bar import NoticeBar
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
    try:
        document = json.loads((run_dir / "results" / "affinity.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ValueError(_UNREADABLE.format(error)) from error
    return parse_affinity(document)


def _square(rows: Any, size: int) -> _Square:
    found = [[None if value is None else float(value) for value in row] for row in rows]
    if len(found) != size or any(len(row) != size for row in found):
        raise ValueError(f"{size} tasks need a square matrix")
    return found


class AheadCard(Card):
    """Shows what was measured of a run, and measures it when the button is pressed."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_title(self.tr("One step ahead"))
        self.set_caption(
            self.tr(
                "How much one step of the shared weights for the task on the left lowers the loss of the task above, "
                "in per cent; each step is just long enough to lower its own task's loss by about one per cent. It "
                "does not promise that tasks do well when trained together."
            )
        )
        self._workspace = workspace
        self._run = ""
        self._folder: Path | None = None
        self._question = Question(workspace, self, parse_affinity)
        self._stored = Loader(self)
        self.ask = Button(self.tr("Look one step ahead"), "play", clicked=self._on_ask, parent=self)
        self.ask.setAccessibleName(self.ask.text())
        self.ask.setToolTip(self.tr("Tries steps on pictures of the training part and takes them back"))
        self.problem = NoticeBar("bad", "", closable=True, parent=self)
        self.working = Working(self.tr("How much of the look ahead is done"), self.tr("Cancel the look ahead"), self)
        self.map = AffinityMap(self)
        self.told = Label("", wrap=True)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.basis = Label("", "caption", "secondary", wrap=True)
        for widget in (self.problem, self.working, self.map, self.told, self.basis):
            self.add(widget)
            widget.hide()
        self.add_action(self.ask)
        self._connect()

    def show_run(self, run: str, folder: Path, tasks: int) -> None:
        """Show what is stored of a run; one of a single task has nothing to be asked for."""
        self.setVisible(tasks > 1)
        if folder != self._folder:
            self.leave()
        elif self._question.open:
            return
        self._run, self._folder = run, folder
        self._stored.load(read_affinity, folder)

    @Slot()
    def leave(self) -> None:
        """Forget the run: another one is chosen, or another project."""
        self._question.give_up()
        self._stored.drop()
        self._folder = None
        self.problem.hide()
        self._show(None)

    @Slot()
    def _on_ask(self) -> None:
        if self._workspace.folder is None or self._folder is None:
            return
        self._stored.drop()
        self.problem.hide()
        self._show_working(True)
        self._question.ask(["affinity", str(self._workspace.folder), "--run", self._run])

    @Slot()
    def _on_cancel(self) -> None:
        self._question.give_up()

    @Slot(str)
    def _on_failed(self, problem: str) -> None:
        self.problem.set_notice("bad", problem)
        self.problem.show()

    @Slot()
    def _on_ended(self) -> None:
        self._show_working(False)

    @Slot(object)
    @Slot(object)
    def _show(self, found: Affinity | None) -> None:
        for widget in (self.map, self.told, self.basis):
            widget.setVisible(found is not None)
        if found is None:
            return
        self.map.set_affinity(found.tasks, found.matrix, found.errors)
        words = self.tr("The mean over {0} batches. An effect below twice its standard error counts as none.")
        one = self.tr("From a single batch, so that there is no telling an effect from chance.")
        self.basis.setText(words.format(count(found.batches)) if found.batches > 1 else one)

    def _show_working(self, under_way: bool) -> None:
        """Swap the button for the progress or back; the keys stay with the one that is in sight."""
        if under_way:
            self.working.begin()
            self.working.show()
            if self.ask.hasFocus():
                self.working.cancel.setFocus()
            self.ask.setEnabled(False)
        else:
            self.ask.setEnabled(True)
            if self.working.cancel.hasFocus():
                self.ask.setFocus()
            self.working.hide()

    def _connect(self) -> None:
        self.map.told.connect(self.told.setText)
        self.working.cancel.clicked.connect(self._on_cancel)
        self._question.progressed.connect(self.working.advance)
        self._question.answered.connect(self._show)
        self._question.failed.connect(self._on_failed)
        self._question.ended.connect(self._on_ended)
        self._stored.loaded.connect(self._show)
        self._stored.failed.connect(self._on_failed)
        self._workspace.opened.connect(self.leave)
