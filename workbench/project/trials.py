"""Folders of jobs of many runs, such as `verdicts/`: making one, finding an unfinished one, listing."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.core.errors import RequestError
from workbench.project.lock import LOCK_FILE, run_lock
from workbench.project.runs import runs_dir

PLAN_FILE, DONE_FILE = "plan.json", "done.json"


@dataclass(frozen=True)
class TrialsKind:
    """What such jobs are called.

    Attributes:
        folder: of a project, where they are kept.
        title: of one, before its number.
        file: that holds the document of one that has finished.
    """

    folder: str
    title: str
    file: str


VERDICTS = TrialsKind("verdicts", "Verdict", "verdict.json")
TRANSFERS = TrialsKind("transfers", "Transfer report", "transfer.json")


@dataclass(frozen=True)
class TrialsInfo:
    """One on disk.

    Attributes:
        plan: recipe, data_hash, tasks, seeds, started and perhaps more; empty where it ended before it was set up.
        document: what `--json` printed; None where it did not finish.
        done: how many of its runs have finished.
    """

    kind: TrialsKind
    number: int
    folder: Path
    plan: dict[str, Any]
    document: dict[str, Any] | None
    done: int = 0

    @property
    def name(self) -> str:
        """What it is called in events and in the lock."""
        return f"{self.kind.title} {self.number:03d}"

    @property
    def total(self) -> int:
        """How many runs it has."""
        seeds, tasks = len(self.plan.get("seeds", [])), len(self.plan.get("tasks", []))
        return int(self.plan.get("runs", seeds * (1 + tasks)))


def list_trials(kind: TrialsKind, project_dir: Path) -> list[TrialsInfo]:
    """All of a kind, oldest first."""
    folder = project_dir / kind.folder
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.is_dir() and re.fullmatch(r"\d{3,}", path.name)]
    return [_read(kind, path) for path in sorted(found, key=lambda path: int(path.name))]


def new_trials(kind: TrialsKind, project_dir: Path) -> TrialsInfo:
    """The next; nothing is written."""
    number = max((info.number for info in list_trials(kind, project_dir)), default=0) + 1
    return TrialsInfo(kind, number, project_dir / kind.folder / f"{number:03d}", {}, None)


def unfinished_trials(kind: TrialsKind, project_dir: Path, recipe: str = "") -> TrialsInfo | None:
    """The latest, where it did not finish; with `recipe` only where it is of that recipe."""
    infos = list_trials(kind, project_dir)
    if not infos or infos[-1].document is not None:
        return None
    return infos[-1] if not recipe or infos[-1].plan.get("recipe") == recipe else None


@contextmanager
def trials_lock(project_dir: Path, info: TrialsInfo) -> Iterator[None]:
    """Hold the project's lock for one, whose folder is made; a refused request leaves nothing behind.

    Raises:
        RequestError: another process trains this project, or its folder cannot be written.
    """
    runs = runs_dir(project_dir)
    first_run = not runs.exists()
    try:
        with run_lock(runs, info.name):
            try:
                info.folder.mkdir(parents=True, exist_ok=True)
                yield
            except RequestError:
                _remove_empty(info.folder)
                raise
            if not (info.folder / PLAN_FILE).exists():  # it was ended before it was set up
                _remove_empty(info.folder)
    except RequestError:
        if first_run and runs.is_dir() and [path.name for path in runs.iterdir()] == [LOCK_FILE]:
            shutil.rmtree(runs)
        raise


def _remove_empty(folder: Path) -> None:
    """Remove one of which no run has finished, and the folder of its kind where it was the only one."""
    if not any(folder.glob(f"*/{DONE_FILE}")):
        shutil.rmtree(folder, ignore_errors=True)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()


def _read(kind: TrialsKind, folder: Path) -> TrialsInfo:
    done = sum(1 for _ in folder.glob(f"*/{DONE_FILE}"))
    plan, document = _json(folder / PLAN_FILE) or {}, _json(folder / kind.file)
    return TrialsInfo(kind, int(folder.name), folder, plan, document, done)


def _json(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
