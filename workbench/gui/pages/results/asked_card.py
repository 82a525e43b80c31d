"""A card with one question about a run, put to the engine with a button, whose answer is kept with the run."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from workbench.gui.pages.asking import Asking
from workbench.gui.pages.loading import Loader
from workbench.gui.widgets.button import Button
from workbench.gui.widgets.card import Card
from workbench.gui.workspace import Workspace

Found = TypeVar("Found")


class AskedCard(Card, Generic[Found]):
    """Shows what was answered of a run, and asks when the button is pressed.

    Args:
        command: the engine's, which takes the project and --run.
        ask: what the button says; working: what its progress is of; cancel: what the button that gives up says, both
            to screen readers.
        parse: makes what is shown of a document; ValueError: it is none.
        read: what is kept in a run's folder; None for nothing.
    """

    def __init__(
        self,
        workspace: Workspace,
        command: str,
        *,
        ask: str,
        working: str,
        cancel: str,
        parse: Callable[[Any], Found],
        read: Callable[[Path], Found | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._command = command
        self._read = read
        self._run = ""
        self._folder: Path | None = None
        self._asking = Asking(workspace, self, bar=working, cancel=cancel, parse=parse)
        self._stored = Loader(self)
        self.ask = Button(ask, "play", clicked=self._on_ask, parent=self)
        self.ask.setAccessibleName(ask)
        self.problem, self.working = self._asking.problem, self._asking.working
        for widget in (self.problem, self.working):
            self.add(widget)
            widget.hide()
        self.add_action(self.ask)
        self._asking.answered.connect(self._on_found)
        self._asking.changed.connect(self._on_changed)
        self._stored.loaded.connect(self._on_found)
        self._stored.failed.connect(self._asking.show_problem)
        workspace.opened.connect(self.leave)

    def show_found(self, found: Found | None) -> None:
        """Show an answer, or that there is none."""
        raise NotImplementedError

    def words(self) -> Sequence[str]:
        """What the command line holds beside the project and the run."""
        return ()

    def show_run(self, run: str, folder: Path) -> None:
        """Show what is kept of a run."""
        if folder != self._folder:
            self.leave()
        elif self._asking.open:
            return
        self._run, self._folder = run, folder
        self._stored.load(self._read, folder)

    @Slot()
    def leave(self) -> None:
        """Forget the run: another one is chosen, or another project."""
        self._asking.give_up()
        self._stored.drop()
        self._folder = None
        self.problem.hide()
        self.show_found(None)

    @Slot()
    def _on_ask(self) -> None:
        if self._workspace.folder is None or self._folder is None:
            return
        self._stored.drop()
        self._asking.ask([self._command, str(self._workspace.folder), "--run", self._run, *self.words()])

    @Slot()
    def _on_changed(self) -> None:
        self._asking.swap(self.ask)

    @Slot(object)
    def _on_found(self, found: Found | None) -> None:
        self.show_found(found)


def read_kept(path: Path, parse: Callable[[Any], Found], unreadable: str) -> Found | None:
    """What a file of a run holds; None where there is none.

    Args:
        unreadable: a sentence with a place for what is wrong.

    Raises:
        ValueError: it is not what is expected.
        OSError: it cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ValueError(unreadable.format(error)) from error
    return parse(document)
