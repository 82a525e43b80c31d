"""The folder `verdicts/`: making one, finding the latest that did not finish, and listing them."""

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

VERDICT_FILE, PLAN_FILE, DONE_FILE = "verdict.json", "plan.json", "done.json"


@dataclass(frozen=True)
class VerdictInfo:
    """A verdict on disk.

    Attributes:
        plan: recipe, data_hash, tasks, seeds, started; empty where it ended before it was set up.
        document: what `verdict --json` printed; None where it did not finish.
        done: how many of its runs have finished.
    """

    number: int
    folder: Path
    plan: dict[str, Any]
    document: dict[str, Any] | None
    done: int = 0

    @property
    def name(self) -> str:
        return verdict_name(self.number)

    @property
    def total(self) -> int:
        """How many runs it has."""
        return len(self.plan.get("seeds", [])) * (1 + len(self.plan.get("tasks", [])))


def verdict_name(number: int) -> str:
    """What a verdict is called in events and in the lock."""
    return f"Verdict {number:03d}"


def verdicts_dir(project_dir: Path) -> Path:
    """Where a project's verdicts are."""
    return project_dir / "verdicts"


def list_verdicts(project_dir: Path) -> list[VerdictInfo]:
    """All verdicts, oldest first."""
    folder = verdicts_dir(project_dir)
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.is_dir() and re.fullmatch(r"\d{3,}", path.name)]
    return [_read(path) for path in sorted(found, key=lambda path: int(path.name))]


def new_verdict(project_dir: Path) -> VerdictInfo:
    """The next verdict; nothing is written."""
    number = max((info.number for info in list_verdicts(project_dir)), default=0) + 1
    return VerdictInfo(number, verdicts_dir(project_dir) / f"{number:03d}", {}, None)


def unfinished_verdict(project_dir: Path, recipe: str = "") -> VerdictInfo | None:
    """The latest verdict, where it did not finish; with `recipe` only where it is of that recipe."""
    infos = list_verdicts(project_dir)
    if not infos or infos[-1].document is not None:
        return None
    return infos[-1] if not recipe or infos[-1].plan.get("recipe") == recipe else None


@contextmanager
def verdict_lock(project_dir: Path, info: VerdictInfo) -> Iterator[None]:
    """Hold the project's lock for a verdict, whose folder is made; a refused request leaves nothing behind.

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
    """Remove a verdict of which no run has finished, and the folder of verdicts where it was the only one."""
    if not any(folder.glob(f"*/{DONE_FILE}")):
        shutil.rmtree(folder, ignore_errors=True)
        if not any(folder.parent.iterdir()):
            folder.parent.rmdir()


def _read(folder: Path) -> VerdictInfo:
    done = sum(1 for _ in folder.glob(f"*/{DONE_FILE}"))
    return VerdictInfo(
        int(folder.name), folder, _json(folder / PLAN_FILE) or {}, _json(folder / VERDICT_FILE), done
    )


def _json(path: Path) -> dict[str, Any] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None
