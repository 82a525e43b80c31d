"""The runs that wait: one file in the project's folder, replaced as a whole, so it survives whatever ends a program.

A run waits until its own folder has been made: whoever trains takes it out of the file then. Killed in between, a run
stands in both, so none is ever lost.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from workbench.core.errors import RequestError, unwritable
from workbench.core.files import write_atomically
from workbench.core.parsing import validate_project
from workbench.core.project import Project
from workbench.project.lock import brief_lock
from workbench.project.runs import RunInfo, new_run_name, runs_dir
from workbench.project.store import portable, trainable_or_refuse

QUEUE_FILE, QUEUE_LOCK = "queue.json", ".queue.lock"


class Waiting(BaseModel):
    """A run that waits.

    Attributes:
        id: tells it from all others of the queue, wherever it is moved.
        name: what it will be called, behind the number that it is given when it begins.
        added: when (UTC, ISO 8601).
        settings: the project as it stood then, as `project.toml` would hold it.
        problem: why it could not begin when its turn came; empty while nothing is known against it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    added: str
    settings: dict[str, Any]
    problem: str = ""

    def project(self) -> Project:
        """What it trains.

        Raises:
            RequestError: its settings are not allowed, such as those of another version of the program.
        """
        return validate_project(self.settings, f"The queue's {self.name}")


class Queue(BaseModel):
    """What waits, the next first.

    Attributes:
        paused: no further run is begun; one that trains goes on.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    paused: bool = False
    runs: tuple[Waiting, ...] = ()

    @property
    def next(self) -> Waiting | None:
        """The first against which nothing is known."""
        return next((run for run in self.runs if not run.problem), None)

    def find(self, wanted: str) -> Waiting:
        """A run by its place (counted from 1), its id, or its name where only one is called so.

        Raises:
            RequestError: none or several are meant.
        """
        if wanted.isdigit() and 1 <= int(wanted) <= len(self.runs):
            return self.runs[int(wanted) - 1]
        found = [run for run in self.runs if wanted in (run.id, run.name)]
        if len(found) == 1:
            return found[0]
        if found:
            raise RequestError(f"{len(found)} runs in the queue are called {wanted}.", "Give the place of one instead.")
        listed = ", ".join(f"{place} {run.name}" for place, run in enumerate(self.runs, 1))
        raise RequestError(
            f"No run {wanted} waits in the queue.", f"Waiting: {listed}." if listed else "The queue is empty."
        )

    def place(self, run_id: str) -> int:
        """The place of a run, counted from 1; 0 where it waits no more."""
        return next((place for place, run in enumerate(self.runs, 1) if run.id == run_id), 0)

    def without(self, run_id: str) -> Queue:
        """The queue without that run."""
        return self._with(run for run in self.runs if run.id != run_id)

    def inserted(self, run: Waiting, place: int) -> Queue:
        """The queue with that run at a place, counted from 1; behind the last where there are fewer."""
        others = [other for other in self.runs if other.id != run.id]
        at = max(0, place - 1)
        return self._with([*others[:at], run, *others[at:]])

    def _with(self, runs: Any) -> Queue:
        return self.model_copy(update={"runs": tuple(runs)})


def read_queue(project_dir: Path) -> Queue:
    """The project's queue as it stands.

    Raises:
        RequestError: its file cannot be read.
    """
    path = project_dir / QUEUE_FILE
    try:
        return Queue.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Queue()
    except (OSError, ValidationError) as error:
        raise RequestError(f"{path} cannot be read as a queue.", "Mend it, or move it away to begin anew.") from error


def add_run(project_dir: Path, project: Project, name: str = "") -> Waiting:
    """Let a run of the project, as it is given, wait behind the others.

    Raises:
        RequestError: no run could begin with it, or the folder cannot be written; nothing was written.
    """
    (run,) = add_runs(project_dir, [(project, name)])
    return run


def add_runs(project_dir: Path, wanted: Sequence[tuple[Project, str]]) -> list[Waiting]:
    """Let runs of projects wait behind the others, each with its name ("": its preset); all of them or none.

    Raises:
        RequestError: as `add_run`.
    """
    runs = []
    for project, name in wanted:
        trainable_or_refuse(project)
        name = name or project.recipe.preset
        new_run_name(project_dir, name)  # refuses one that no folder can have
        settings = portable(project, project_dir).written()
        added = datetime.now(UTC).isoformat(timespec="seconds")
        runs.append(Waiting(id=uuid.uuid4().hex[:8], name=name, added=added, settings=settings))
    _change(project_dir, lambda queue: queue.model_copy(update={"runs": (*queue.runs, *runs)}))
    return runs


def put_run(project_dir: Path, run: Waiting, place: int) -> Queue:
    """Let a run that was taken out wait again, at a place counted from 1."""
    return _change(project_dir, lambda queue: queue.inserted(run, place))


def move_run(project_dir: Path, run_id: str, place: int) -> Queue:
    """Let a run wait at another place, counted from 1; one that waits no more stays away."""

    def moved(queue: Queue) -> Queue:
        at = queue.place(run_id)
        return queue.inserted(queue.runs[at - 1], place) if at else queue

    return _change(project_dir, moved)


def remove_run(project_dir: Path, run_id: str) -> Queue:
    """Take a run out."""
    return _change(project_dir, lambda queue: queue.without(run_id))


def pause_queue(project_dir: Path) -> Queue:
    """Begin no further run."""
    return _change(project_dir, lambda queue: queue.model_copy(update={"paused": True}))


def open_queue(project_dir: Path) -> Queue:
    """Let runs begin again, those too that could not before."""

    def opened(queue: Queue) -> Queue:
        runs = tuple(run.model_copy(update={"problem": ""}) for run in queue.runs)
        return queue.model_copy(update={"paused": False, "runs": runs})

    return _change(project_dir, opened)


def queued_runs(project_dir: Path) -> list[RunInfo]:
    """What waits as rows of the list of runs: they have no number, and no folder of their own yet."""
    folder = runs_dir(project_dir)
    queue = read_queue(project_dir)
    return [RunInfo(run.name, folder, "queued", "", 0.0, run.settings, {}) for run in queue.runs]


def _change(project_dir: Path, change: Callable[[Queue], Queue]) -> Queue:
    """Read, change and replace the file while nobody else does."""
    with brief_lock(project_dir / QUEUE_LOCK):
        before = read_queue(project_dir)
        after = change(before)
        if after != before:
            try:
                write_atomically(project_dir / QUEUE_FILE, after.model_dump_json(indent=1))
            except OSError as error:
                raise unwritable(project_dir, error) from error
        return after
