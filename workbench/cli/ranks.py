"""The processes that train a run together: those that the first one starts itself, and what each of them does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from workbench.cli.engine import run_job
from workbench.cli.jobs import DONE, FAILED, INTERRUPTED
from workbench.core.control import Control
from workbench.core.errors import RequestError, RunError
from workbench.core.events import Event, RunEnded, RunFailed
from workbench.core.place import Place
from workbench.core.specs import TrainSpec
from workbench.project.cards import Cards
from workbench.project.runs import runs_dir
from workbench.project.store import ProjectFile

GRACE_S = 5.0
"""How long a process that has been started may take to end by itself once the run is over."""


@contextmanager
def first_of(count: int, project_dir: Path, run_dir: Path) -> Iterator[Place | None]:
    """The place of this process among `count`, the others started and ended with it; None where it is the only one.

    Raises:
        RequestError: this machine has not so many devices.
    """
    if count == 1:
        yield None
        return
    _check(count)
    meet = run_dir / f".meet.{os.getpid()}"
    meet.unlink(missing_ok=True)
    children = [_started(number, count, project_dir, meet) for number in range(1, count)]
    grace_s = 0.0
    try:
        yield Place(0, count, 0, count, meet.absolute().as_uri(), tuple(child.pid for child in children))
        grace_s = GRACE_S
    finally:
        for child in children:
            _end(child, grace_s)
        meet.unlink(missing_ok=True)


def _check(count: int) -> None:
    """Refuse what no machine like this has, before anything is started; the engine looks more closely."""
    with Cards() as cards:
        there, cores = len(cards), psutil.cpu_count() or 1
    if count > max(there, cores):
        raise RequestError(
            f"{count} devices were asked for, but this machine has {there} graphics cards and {cores} processor cores.",
            "Set recipe.devices, or --devices, to what there is.",
        )


def follow(project_dir: Path, place: Place, control: Control) -> Iterator[Event]:
    """Take part in a run as a process that does not lead: of its events, only how it ended."""
    file = ProjectFile.read(project_dir)
    unnamed = runs_dir(file.folder) / "run"  # the process that leads knows its name
    spec = TrainSpec(project=file.project, project_dir=file.folder, run_dir=unnamed, run=unnamed.name, place=place)
    for event in run_job("train", spec, control):
        if isinstance(event, RunFailed | RunEnded):
            yield event


def followed(project_dir: Path, place: Place, control: Control) -> int:
    """`follow` as a process of its own; its exit code. What went wrong is told by the process that leads."""
    try:
        events = list(follow(project_dir, place, control))
    except (RequestError, RunError):
        return FAILED
    for event in events:
        if isinstance(event, RunFailed) and event.traceback:
            print(event.traceback, file=sys.stderr)
    last = events[-1]
    assert isinstance(last, RunEnded)
    return {"failed": FAILED, "interrupted": INTERRUPTED}.get(last.status, DONE)


def _started(number: int, count: int, project_dir: Path, meet: Path) -> subprocess.Popen[bytes]:
    place = ["--number", str(number), "--of", str(count), "--meet", str(meet), "--parent", str(os.getpid())]
    return subprocess.Popen(
        [sys.executable, "-m", "workbench.cli", "rank", str(project_dir), *place],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _end(child: subprocess.Popen[bytes], grace_s: float) -> None:
    try:
        child.wait(grace_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
