"""The open project's queue in the window: shown as it stands on disk, changed there, and worked through."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from workbench.core.errors import RequestError
from workbench.project.lock import running
from workbench.project.queue import (
    QUEUE_FILE,
    Queue,
    Waiting,
    add_run,
    move_run,
    open_queue,
    pause_queue,
    put_run,
    read_queue,
    remove_run,
)
from workbench.project.repeats import add_folds, add_seeds, project_of
from workbench.project.runs import runs_dir

if TYPE_CHECKING:
    from workbench.gui.workspace import Workspace

POLL_MS = 1000


class QueueRunner(QObject):
    """Begins the next run when nothing trains, from the user's first run or "Start" on, until none waits.

    A project that is opened begins nothing: what waits there waits until the user wants it.

    Signals:
        changed(): `queue`, `going` or `elsewhere` have changed.
        removed(object, int): the user took this run (Waiting) out of this place; it can be put back.

    Attributes:
        queue: what waits.
        elsewhere: the run of this project that another program trains; empty where none does.
    """

    changed = Signal()
    removed = Signal(object, int)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._working = False
        self._tried = ""
        self._cancelled = False
        self._stamp: tuple[int, int] | None = None
        self.queue = Queue()
        self.elsewhere = ""
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self.look)
        workspace.opened.connect(self._on_opened)
        workspace.run_state_changed.connect(self._on_state)

    @property
    def going(self) -> bool:
        """Whether the next run begins as soon as nothing trains."""
        return self._working and not self.queue.paused

    @property
    def follows(self) -> bool:
        """Whether a run begins when that which trains has ended."""
        return self.going and self.queue.next is not None

    def add(self) -> bool:
        """Let a run of the project as it stands wait behind the others; whether it could be."""
        project = self._workspace.project
        return project is not None and self._do(lambda folder: add_run(folder, project))

    def repeat(self, run: str, what: str, count: int) -> bool:
        """Let `count` runs like one wait, with other "seeds" or in "folds", and begin; whether they could be."""
        add = {"seeds": add_seeds, "folds": add_folds}[what]
        if not self._do(lambda folder: add(folder, project_of(folder, run), count)):
            return False
        self.start()
        return True

    def move(self, run_id: str, place: int) -> None:
        """Let a run wait at another place, counted from 1."""
        self._do(lambda folder: move_run(folder, run_id, place))

    def remove(self, run_id: str) -> None:
        """Take a run out."""
        place = self.queue.place(run_id)
        run = self.queue.runs[place - 1] if place else None
        if run is not None and self._do(lambda folder: remove_run(folder, run_id)):
            self.removed.emit(run, place)

    def put_back(self, run: Waiting, place: int) -> None:
        """Let a run wait again that was taken out."""
        self._do(lambda folder: put_run(folder, run, place))

    def start(self) -> None:
        """Work through the queue, and try again what could not begin."""
        self._working, self._tried = True, ""
        self._do(open_queue)

    def pause(self) -> None:
        """Begin no further run; one that trains goes on."""
        self._do(pause_queue)

    def hold(self) -> None:
        """Begin no further run in this window until the user wants it."""
        self._working = False
        self.changed.emit()

    def close(self) -> None:
        """Look no more; for closing the window."""
        self._timer.stop()
        self._working = False

    @Slot()
    def look(self) -> None:
        """See what stands on disk, and begin the next run where it is time."""
        folder = self._workspace.folder
        if folder is None:
            return
        before = self.queue, self.elsewhere, self._working
        self._read(folder)
        idle = self._workspace.run_state == "idle"
        self.elsewhere = (running(runs_dir(folder)) or "") if idle else ""
        if self.elsewhere:
            self._tried = ""
        elif idle:
            self._begin_next()
        if self.elsewhere != before[1]:
            self._workspace.runs_changed.emit()
        if (self.queue, self.elsewhere, self._working) != before:
            self.changed.emit()

    def _begin_next(self) -> None:
        run = self.queue.next
        if not self.going:
            return
        if run is None:
            self._working = False
        elif run.id == self._tried:  # the engine ended before it took it: once more would be no better
            self._working = False
            if not self._cancelled:
                self._workspace.failed.emit(
                    self.tr("{0} could not be begun, so the queue rests.").format(run.name),
                    self.tr("Start the queue to try it again."),
                )
        else:
            self._tried = run.id
            self._workspace.train_queued(run.id)

    def _read(self, folder: Path) -> None:
        stamp = _stamp(folder / QUEUE_FILE)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.queue = read_queue(folder)
        except RequestError as error:
            self.queue = Queue()
            self._workspace.failed.emit(error.text, error.fix)

    def _do(self, change: Callable[[Path], object]) -> bool:
        """Carry a change out on disk and show what stands there then; whether it could be made."""
        folder = self._workspace.folder
        if folder is None:
            return False
        try:
            change(folder)
        except RequestError as error:
            self._workspace.failed.emit(error.text, error.fix)
            return False
        self.look()
        return True

    @Slot()
    def _on_opened(self) -> None:
        self._working, self._tried, self._stamp = False, "", None
        self.queue, self.elsewhere = Queue(), ""
        if self._workspace.folder is not None:
            self._timer.start()
            self.look()
        self.changed.emit()

    @Slot()
    def _on_state(self) -> None:
        if self._workspace.run_state == "starting":
            self._working, self._cancelled = True, False
        if self._workspace.run_state == "stopping":
            self._cancelled = True
        if self._workspace.run_state == "idle" and self._timer.isActive():
            QTimer.singleShot(0, self.look)  # once the end of the run has been told to everybody
        self.changed.emit()


def _stamp(path: Path) -> tuple[int, int]:
    """What is another whenever the file is: it is replaced as a whole."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_ino, found.st_mtime_ns
