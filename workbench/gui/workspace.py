"""The window's one state: the open project, what is known of its data, and the running job.

Pages show what it says and ask it to act; it knows no page. Everything that takes long happens in engine children.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject, Signal, Slot

from workbench.core.changes import with_change
from workbench.core.errors import RequestError, WorkbenchError
from workbench.core.events import Event, Progress, RunEnded, RunPaused, RunResumed, RunStarted, TaskPaused, Trial
from workbench.core.kinds import worked_out
from workbench.core.project import Project
from workbench.core.resolved import load_resolved
from workbench.gui.answers import Answers
from workbench.gui.event_pump import EventPump
from workbench.gui.open_project import OpenProject
from workbench.gui.queue_runner import QueueRunner
from workbench.gui.run_thread import RunThread
from workbench.project.engine_process import EngineProcess
from workbench.project.history import RunHistory
from workbench.project.runs import RunInfo, list_runs, runs_dir
from workbench.project.store import ProjectFile, trainable_or_refuse

RunState = Literal["idle", "starting", "running", "paused", "stopping"]
JobName = Literal["train", "verdict", "transfer"]
_JOBS: dict[str, JobName] = {"verdict": "verdict", "transfer": "transfer"}
"""Commands that train many runs which are not the project's own; every other is one run."""


class Workspace(OpenProject):
    """The open project, of which `OpenProject` tells, and its jobs.

    Signals:
        runs_changed(): the runs on disk have changed.
        run_state_changed(): `run_state` has changed.
        paused_tasks_changed(): `paused_tasks` has changed.
        run_advanced(list[Event]): what the running job has said since the last time; `history` already holds it.

    Attributes:
        job: what runs, or ran last.
        history: of the running job, or of the last one of this session.
        paused_tasks: the tasks that the running job has been told not to train.
        queue: the runs that wait, and what begins the next.
    """

    runs_changed = Signal()
    run_state_changed = Signal()
    paused_tasks_changed = Signal()
    run_advanced = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = RunHistory()
        self.run_state: RunState = "idle"
        self.run_name = ""
        self.paused_tasks: frozenset[str] = frozenset()
        self.job: JobName = "train"
        self._run: RunThread | None = None
        self._spare: EngineProcess | None = None
        self._closed = False
        self.model_answers = Answers(preload=True, parent=self)
        self.download_answers = Answers(preload=False, parent=self)
        self._pump = EventPump(self)
        self._pump.drained.connect(self._on_drained)
        self.queue = QueueRunner(self)

    @property
    def engine_pid(self) -> int | None:
        """The number of the process that the running job is in; None where nothing runs."""
        return self._run.pid if self._run is not None else None

    def open(self, folder: Path) -> bool:
        return self._may_leave() and super().open(folder)

    def create(self, folder: Path, name: str = "") -> bool:
        return self._may_leave() and super().create(folder, name)

    def _may_leave(self) -> bool:
        """Whether another project can be opened; else it is said why not."""
        if self.run_state != "idle":
            self.failed.emit(self.tr("A run is training."), self.tr("Stop it before opening another project."))
        return self.run_state == "idle"

    def _set_file(self, file: ProjectFile) -> None:
        self.history, self.run_name = RunHistory(), ""
        self.model_answers.release()
        super()._set_file(file)

    def runs(self) -> list[RunInfo]:
        """All runs of the project, oldest first."""
        return list_runs(self.folder) if self.folder else []

    def prepare(self) -> None:
        """Start the child that the next run will use, so that pressing Train need not wait for its imports."""
        if not self._closed and (self._spare is None or not self._spare.alive):
            self._spare = EngineProcess(preload=True, once=True)

    def train(self) -> bool:
        """Start a run of the project as it stands; whether it could be asked for."""
        return self._start("train")

    def train_with(self, *assignments: str) -> bool:
        """Start a run of the project with settings such as `recipe.preset=probe`, for that run alone."""
        return self._start("train", *(word for each in assignments for word in ("--set", each)))

    def resume(self, run: str) -> bool:
        """Go on with a run that did not finish."""
        history = RunHistory.read(runs_dir(self.folder) / run) if self.folder else None
        return self._start("train", "--resume", run, history=history, run=run)

    def train_longer(self, run: str, epochs: int) -> bool:
        """Train a run that has ended for more epochs."""
        history = RunHistory.read(runs_dir(self.folder) / run) if self.folder else None
        return self._start("train", "--resume", run, "--more", str(epochs), history=history, checked=False)

    def trains(self, run: str) -> bool:
        """Whether anything in a run could be trained longer; also where that cannot be told."""
        if self.folder is None or not run:
            return True
        try:
            return not worked_out(task.head for task in load_resolved(runs_dir(self.folder) / run).tasks)
        except WorkbenchError:
            return True

    def train_from(self, run: str) -> bool:
        """Start a run of the project as it stands, with the weights of another."""
        return self._start("train", "--from", run)

    def train_by(self, command: str, *words: str) -> bool:
        """Start a command that trains one run by settings of its own, such as `extend`; the project's file stays.

        Args:
            words: what the command line holds behind the project.
        """
        return self._start(command, *words, checked=False)

    def trained_project(self) -> Project | None:
        """What the running job trains with, after all that was changed in it; None where that cannot be told."""
        if self.folder is None or not self.run_name:
            return None
        try:
            project = load_resolved(runs_dir(self.folder) / self.run_name).project
            for event in self.history.changes:
                project = with_change(project, {key: new for key, (_, new) in event.settings.items()})
        except WorkbenchError as error:
            self.said.emit(str(error))
            return None
        return project

    def train_queued(self, run: str) -> bool:
        """Start a run that waits in the queue, by its id."""
        return self._start("train", "--queued", run, checked=False)

    def adapt(self, words: Sequence[str]) -> bool:
        """Start a run that adapts another one by training; `words` are what `adapt` takes beside the project."""
        return self._start("adapt", *words, checked=False)

    def verdict(self, tasks: Sequence[str], seeds: int) -> bool:
        """Train those tasks together and each alone, and judge; goes on where a verdict of this recipe was stopped."""
        words = [word for task in tasks for word in ("--tasks", task)]
        return self._start("verdict", *words, "--seeds", str(seeds))

    def transfer(self, seeds: int, fractions: str = "") -> bool:
        """Train with and without pretraining, and judge; goes on where a report of this recipe was stopped.

        Args:
            fractions: of the training pictures that every way is tried on as well, as the command takes them; empty:
                where that is cheap.
        """
        return self._start("transfer", "--seeds", str(seeds), *(["--fractions", fractions] if fractions else []))

    def pause(self, *, release: bool = False) -> None:
        """Let the run rest at its next step; with `release` it lies on disk meanwhile and holds no memory."""
        self._command("pause", "paused", **({"memory": "release"} if release else {}))

    def go_on(self) -> None:
        """End the pause."""
        self._command("resume", "running")

    def change(self, settings: dict[str, Any]) -> None:
        """Let the running job go on with other settings from its next epoch on."""
        if self._run is not None and self.run_state in ("running", "paused"):
            self._run.command("change", set=settings)

    def pause_task(self, task: str) -> None:
        """Let the running job train the other tasks alone, from its next step on."""
        self._tell_task("pause", task, self.paused_tasks | {task})

    def resume_task(self, task: str) -> None:
        """Let the running job train a paused task again."""
        self._tell_task("resume", task, self.paused_tasks - {task})

    def stop(self) -> None:
        """End the run within seconds and keep its best model."""
        self._command("stop", "stopping")

    def cancel(self) -> None:
        """End the run within seconds, keeping no more than its last checkpoint."""
        self._command("cancel", "stopping")

    def close(self) -> None:
        """End every child; for closing the window. Blocks until they are gone."""
        self._closed = True  # a run that ends now must not make a child for the next one
        self.queue.close()
        if self._run is not None:
            self._run.end()
        if self._spare is not None:
            self._spare.end()
            self._spare = None
        self.model_answers.close()
        self.download_answers.close()
        super().close()
        self._pump.stop()

    def _start(
        self, command: str, *options: str, history: RunHistory | None = None, run: str = "", checked: bool = True
    ) -> bool:
        """Start a job.

        Args:
            run: what goes on, which its first event need not say: where it is refused, it can be resumed still.
            checked: refuse it here where the project as it stands could not be trained.
        """
        if self.run_state != "idle" or self.project is None or self.folder is None:
            return False
        try:
            if checked:
                trainable_or_refuse(self.project)
        except RequestError as error:
            self.failed.emit(error.text, error.fix)
            return False
        self.model_answers.release()
        self.prepare()
        process, self._spare = self._spare, None
        assert process is not None
        self.history, self.run_name = history or RunHistory(), run
        self.job = _JOBS.get(command, "train")
        self._run = RunThread(process, [command, str(self.folder), *options], self._pump, self)
        self._run.finished.connect(self._on_run_finished)
        self._set_state("starting")
        self._pump.start()
        self._run.start()
        return True

    def _command(self, command: Literal["pause", "resume", "stop", "cancel"], state: RunState, **facts: Any) -> None:
        if self._run is not None and self.run_state != "idle":
            self._run.command(command, **facts)
            self._set_state(state)

    def _tell_task(self, command: Literal["pause", "resume"], task: str, paused: frozenset[str]) -> None:
        if self._run is not None and self.run_state in ("running", "paused"):
            self._run.command(command, task)
            self._set_paused_tasks(paused)

    def _set_paused_tasks(self, paused: frozenset[str]) -> None:
        if paused != self.paused_tasks:
            self.paused_tasks = paused
            self.paused_tasks_changed.emit()

    @Slot(list)
    def _on_drained(self, events: list[Event]) -> None:
        for event in events:
            if self.job == "train" or isinstance(event, Progress | Trial):
                self.history.add(event)
            if isinstance(event, RunPaused) and self.run_state in ("running", "paused"):
                self._set_state("paused" if event.paused else "running")  # told from a terminal, too
            if isinstance(event, TaskPaused):
                kept = self.paused_tasks - {event.task}
                self._set_paused_tasks(kept | {event.task} if event.paused else kept)
        self.run_name = next((event.run for event in reversed(events) if event.run), self.run_name)
        if self.run_state == "starting" and any(isinstance(event, RunStarted | RunResumed | Trial) for event in events):
            self._set_state("running")
        self.run_advanced.emit(events)
        if any(isinstance(event, RunEnded) for event in events):
            self.runs_changed.emit()

    @Slot()
    def _on_run_finished(self) -> None:
        self._pump.stop()
        if self._run is not None:
            self._run.deleteLater()
            self._run = None
        self._set_paused_tasks(frozenset())
        if self.job != "train":
            self.history, self.run_name = RunHistory(), ""
        self._set_state("idle")
        self.runs_changed.emit()
        self.prepare()

    def _set_state(self, state: RunState) -> None:
        if state != self.run_state:
            self.run_state = state
            self.run_state_changed.emit()
