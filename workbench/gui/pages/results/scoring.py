"""Scoring a run on a part or on other pictures, and calibrating it: what is asked, and what is shown of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.specs import PARTS
from workbench.gui.pages.question import Question
from workbench.gui.pages.results.document import stored_parts
from workbench.gui.workspace import Workspace
from workbench.project.runs import runs_dir

OTHERS = "data"
"""The part that other pictures are."""


class Scoring(QObject):
    """Asks the engine about one run at a time.

    Attributes:
        part: what is being scored, else what was scored last; `OTHERS` for other pictures.
        others: the other pictures that were scored last, as `evaluate` takes them.

    Signals:
        begun(str): a part is being scored.
        progressed(Progress): how far it is.
        warned(str): what should be known of the answer.
        answered(object): the document of `evaluate`.
        rescored(): the run is calibrated, and the stored results of the part are as that makes them.
        failed(str): what is wrong and how to mend it.
    """

    begun = Signal(str)
    progressed = Signal(object)
    warned = Signal(str)
    answered = Signal(object)
    rescored = Signal()
    failed = Signal(str)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._run = ""
        self._words: list[str] = []
        self.part = ""
        self.others: list[str] = []
        self._question = Question(workspace, self)
        self._calibration = Question(workspace, self)
        for question in (self._question, self._calibration):
            question.progressed.connect(self.progressed)
            question.warned.connect(self.warned)
            question.failed.connect(self.failed)
        self._question.answered.connect(self._on_answered)
        self._calibration.answered.connect(self._on_calibrated)

    @property
    def open(self) -> bool:
        """Whether scores are still to come."""
        return self._question.open or self._calibration.open

    @property
    def kept(self) -> bool:
        """Whether scores are to come that are kept with the run: they are worth waiting for out of sight."""
        return self.open and self.part != OTHERS and bool(self._stored())

    def score(self, run: str, part: str) -> None:
        """Score a part of a run."""
        self._ask(run, ["--part", part], part)

    def score_others(self, run: str, words: Sequence[str]) -> None:
        """Score a run on other pictures, as `evaluate` takes them: --data NAME=SOURCE."""
        self._ask(run, words, OTHERS)

    def calibrate(self, run: str, part: str, words: Sequence[str]) -> None:
        """Calibrate a run; that part of it is scored anew with it, or after it where it was not stored."""
        if self._workspace.folder is None:
            return
        self._run, self.part = run, part if part in PARTS else "validation"
        self.begun.emit(self.part)
        self._calibration.ask(["calibrate", str(self._workspace.folder), "--run", run, *words])

    def give_up(self) -> None:
        """Hear nothing more of what was asked."""
        self._question.give_up()
        self._calibration.give_up()

    def _ask(self, run: str, words: Sequence[str], part: str, *, begun: bool = False) -> None:
        """Score a run; `begun` where what was asked has begun already, with the calibration before."""
        if self._workspace.folder is None or not run:
            return
        self._run, self._words, self.part = run, [*words], part
        if not begun:
            self.begun.emit(part)
        self._question.ask(["evaluate", str(self._workspace.folder), "--run", run, *words])

    @Slot(object)
    def _on_answered(self, document: object) -> None:
        self.others = self._words if self.part == OTHERS else []
        self.answered.emit(document)

    @Slot(object)
    def _on_calibrated(self, _document: object) -> None:
        if self.part in self._stored():
            self.rescored.emit()
        else:
            self._ask(self._run, ["--part", self.part], self.part, begun=True)

    def _stored(self) -> list[str]:
        """The parts of the run whose results are stored: where there are any, those that are still to come will be."""
        folder = self._workspace.folder
        return [] if folder is None else stored_parts(runs_dir(folder) / self._run)
