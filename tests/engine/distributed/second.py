"""The second process of runs that two carry out together: a server, so that its imports are paid for once.

For each line of JSON on its standard input it takes part in a run, and says how that ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch

from workbench.core.control import Control
from workbench.core.events import Event, RunEnded, RunFailed
from workbench.core.place import Place
from workbench.core.project import Project
from workbench.core.specs import TrainSpec
from workbench.engine.training.job import train
from workbench.engine.training.passes import Passes


class Second:
    """The server, as tests use it."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.distributed.second"],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._runs = 0

    def beside(
        self,
        wanted: Project,
        folder: Path,
        run: str,
        *,
        resume: bool = False,
        watch: Callable[[Event, Control], None] | None = None,
        short_at: int = -1,
        cancel_at: int = -1,
    ) -> list[Event]:
        """What a run of two processes says, this one leading; `watch` may give it commands.

        Args:
            short_at: the step in which the other process runs out of memory.
            cancel_at: the step in which it is told to cancel.
        """
        self._runs += 1
        meet = (folder / f"meet-{self._runs}").as_uri()
        run_dir = folder / "runs" / run
        run_dir.mkdir(parents=True, exist_ok=True)
        told = {"folder": str(folder), "meet": meet, "leader": os.getpid(), "short": short_at, "cancel": cancel_at}
        assert self._server.stdin is not None and self._server.stdout is not None
        print(json.dumps({**told, "project": wanted.model_dump_json()}), file=self._server.stdin, flush=True)
        place = Place(0, 2, 0, 2, meet, (self._server.pid,))
        spec = TrainSpec(
            project=wanted, project_dir=folder, run_dir=run_dir, run=run, resume=resume, place=place
        )
        control, events = Control(), []
        for event in train(spec, control):
            events.append(event)
            if watch is not None:
                watch(event, control)
        said = json.loads(self._server.stdout.readline())
        assert not any(isinstance(event, RunFailed) for event in events), events[-2]
        assert not said["failed"], said
        return events

    def close(self) -> None:
        """End the server."""
        self._server.communicate(timeout=30)


def serve() -> None:
    """Take part in one run after another."""
    torch.set_num_threads(1)
    for line in sys.stdin:
        told = json.loads(line)
        folder = Path(told["folder"])
        place = Place(1, 2, 1, 2, told["meet"], (told["leader"],))
        spec = TrainSpec(
            project=Project.model_validate_json(told["project"]),
            project_dir=folder,
            run_dir=folder / "runs" / "run",
            run="run",
            place=place,
        )
        control = Control()
        with _disturbed(told, control):
            events = list(train(spec, control))
        failed = [f"{event.error}\n{event.traceback}" for event in events if isinstance(event, RunFailed)]
        status = [event.status for event in events if isinstance(event, RunEnded)]
        print(json.dumps({"failed": failed, "status": status}), flush=True)


@contextmanager
def _disturbed(told: dict[str, Any], control: Control) -> Any:
    """Let something happen to this process alone in the forward pass of a step, once."""
    forward = Passes._forward
    left = {"short": told["short"], "cancel": told["cancel"]}

    def disturbed(self: Passes, work: Any, rows: Any, tasks: Any) -> Any:
        if work.step == left["short"]:
            left["short"] = -1
            raise torch.OutOfMemoryError("none is left")
        if work.step == left["cancel"]:
            control.cancel()
        return forward(self, work, rows, tasks)

    Passes._forward = disturbed  # type: ignore[method-assign]
    try:
        yield
    finally:
        Passes._forward = forward  # type: ignore[method-assign]


if __name__ == "__main__":
    serve()
