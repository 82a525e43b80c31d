"""Jobs of many runs: their own events, while those of the runs go to the runs' folders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from workbench.cli.common import AWAKE
from workbench.cli.engine import run_job
from workbench.cli.jobs import failure
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Event, Notice, RunEnded, stamped
from workbench.core.specs import Spec
from workbench.project.awake import kept_awake
from workbench.project.recorder import Recorder


def recorded(job: str, spec: Spec, name: str, folder: Path, control: Control) -> Iterator[Event]:
    """What a job says under its own name; what its runs say is recorded in their folders.

    Args:
        job: of `engine.jobs`.
        name: what its own events bear as their run.
        folder: that holds the folders of its runs.
    """
    with ExitStack() as stack:
        if stack.enter_context(kept_awake()):
            yield stamped(Notice(level="info", text=AWAKE), name)
        recorders: dict[str, Recorder] = {}
        try:
            for event in run_job(job, spec, control):
                if event.run == name:
                    yield event
                    continue
                if event.run not in recorders:
                    recorders[event.run] = stack.enter_context(Recorder(folder / event.run))
                recorders[event.run].write(event)
        except RequestError:
            raise
        except Exception as error:  # noqa: BLE001 - the boundary: every error leaves as one event with its traceback
            yield stamped(failure(error), name)
            yield stamped(RunEnded(status="failed", best=None, elapsed_s=0.0), name)
