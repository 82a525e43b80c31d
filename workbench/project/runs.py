"""The folder `runs/`: making a run's folder, finding one by name, number or `latest`, and listing them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.core.errors import RequestError, RunError
from workbench.core.events import RunEnded
from workbench.core.resolved import load_resolved
from workbench.project.lock import running
from workbench.project.recorder import EVENTS_FILE, last_epoch, last_event, read_events

Status = Literal["finished", "stopped", "failed", "interrupted", "running", "queued"]
RESUMABLE: tuple[Status, ...] = ("interrupted", "failed")


@dataclass(frozen=True)
class RunInfo:
    """A row of the list of runs.

    Attributes:
        metrics: those of its results, per task.
        touched: when it last said something, in seconds since 1970; 0 where it has said nothing.
        data_key: equal for runs that learned from the same data; see `Resolved`.
        derived: what made it of other runs, such as blend; empty for a run that was trained.
        origins: the runs that it was made of.
        corrections: digest of the decided labels of its tasks when it began; None where it did not write it down.
    """

    run: str
    folder: Path
    status: Status
    started: str
    elapsed_s: float
    settings: dict[str, Any]
    metrics: dict[str, dict[str, float | None]]
    touched: float = 0.0
    data_key: str = ""
    derived: str = ""
    origins: tuple[str, ...] = ()
    corrections: str | None = None

    @property
    def lost(self) -> tuple[str, ...]:
        """The runs that it was made of and that are not there any more."""
        return tuple(name for name in self.origins if not (self.folder.parent / name).is_dir())

    @property
    def number(self) -> int:
        return run_number(self.run)

    def to_document(self) -> dict[str, Any]:
        """The row as `runs --json` prints it, with the pace of the run's last epoch and where its time went."""
        epoch = last_epoch(self.folder)
        return {
            "run": self.run,
            "status": self.status,
            "started": self.started,
            "elapsed_s": self.elapsed_s,
            "settings": self.settings,
            "metrics": self.metrics,
            "images_per_s": epoch.images_per_s if epoch else None,
            "seconds": epoch.seconds if epoch else None,
        }


def runs_dir(project_dir: Path) -> Path:
    """Where a project's runs are."""
    return project_dir / "runs"


def run_number(name: str) -> int:
    """The number that a run's name begins with; 0 where it has none."""
    match = re.match(r"\d+", name)
    return int(match[0]) if match else 0


def run_names(project_dir: Path) -> list[str]:
    """The names of all runs, oldest first."""
    folder = runs_dir(project_dir)
    if not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if path.is_dir() and re.match(r"\d{3,}-", path.name)]
    return sorted(names, key=lambda name: (run_number(name), name))


def new_run_name(project_dir: Path, name: str) -> str:
    """The next number and `name` made fit for a folder, such as `004-balanced`."""
    fit = re.sub(r"[^\w\- ]+", "-", name).strip(" -")[:60]
    if not fit:
        raise RequestError(f"{name!r} cannot be a run's name.", "Use letters, digits, spaces, - and _.")
    number = max((run_number(other) for other in run_names(project_dir)), default=0) + 1
    return f"{number:03d}-{fit}"


def find_run(project_dir: Path, wanted: str = "latest") -> RunInfo:
    """A run by the name of its folder, by its number, or the latest that finished or was stopped.

    Raises:
        RequestError: there is no such run.
    """
    names = run_names(project_dir)
    if wanted == "latest":
        for name in reversed(names):
            info = read_run(project_dir, name)
            if info.status in ("finished", "stopped"):
                return info
        raise RequestError("No run of this project has finished yet.", "Train first.")
    for name in names:
        if wanted == name or (wanted.isdigit() and int(wanted) == run_number(name)):
            return read_run(project_dir, name)
    known = ", ".join(names[-8:]) or "none yet"
    raise RequestError(f"There is no run {wanted}.", f"The runs are: {known}.")


def list_runs(project_dir: Path) -> list[RunInfo]:
    """All runs, oldest first."""
    return [read_run(project_dir, name) for name in run_names(project_dir)]


def interrupted_run(project_dir: Path) -> str | None:
    """The name of the run that was worked on last, which need not be the newest, where it was interrupted."""
    folder = runs_dir(project_dir)
    name = max(run_names(project_dir), key=lambda name: (_touched(folder / name), run_number(name)), default=None)
    return name if name is not None and read_run(project_dir, name).status == "interrupted" else None


def read_run(project_dir: Path, name: str) -> RunInfo:
    """What is known of one run."""
    folder = runs_dir(project_dir) / name
    status, elapsed_s = _status(project_dir, folder)
    try:
        resolved = load_resolved(folder)
        settings, started, data_key = resolved.project.written(), resolved.started, resolved.data_key
        made, corrections = resolved.derived, resolved.corrections
    except RunError:
        settings, started, data_key, made, corrections = {}, _first_time(folder), "", None, None
    touched = _touched(folder)
    derived, origins = (made.method, tuple(made.origins)) if made is not None else ("", ())
    facts = (settings, _metrics(folder), touched, data_key, derived, origins, corrections)
    return RunInfo(name, folder, status, started, elapsed_s, *facts)


def read_results(run_dir: Path, part: str = "") -> dict[str, Any] | None:
    """The stored evaluation of a run (as `evaluate --json` prints it), of one part or of that which chose the best."""
    path = run_dir / "results" / (f"metrics-{part}.json" if part else "metrics.json")
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document


def _status(project_dir: Path, folder: Path) -> tuple[Status, float]:
    event = last_event(folder)
    if isinstance(event, RunEnded):
        return event.status, event.elapsed_s
    elapsed_s = max((getattr(e, "elapsed_s", 0.0) for e in read_events(folder)), default=0.0)
    return ("running" if running(runs_dir(project_dir)) == folder.name else "interrupted"), elapsed_s


def _touched(folder: Path) -> float:
    path = folder / EVENTS_FILE
    return path.stat().st_mtime if path.exists() else 0.0


def _first_time(folder: Path) -> str:
    return next((event.time for event in read_events(folder)), "")


def _metrics(folder: Path) -> dict[str, dict[str, float | None]]:
    """{task: metrics}; from the summary, as the whole document of 100,000 pictures takes a quarter of a second."""
    try:
        summary = json.loads((folder / "results" / "summary.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        summary = None
    if isinstance(summary, dict):
        return summary
    results = read_results(folder)
    tasks = results.get("tasks", {}) if results else {}
    return {name: task.get("metrics", {}) for name, task in tasks.items()}
