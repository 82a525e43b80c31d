"""The one way from commands to jobs of the engine."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.core.control import Control
from workbench.core.events import Event, stamped
from workbench.core.specs import Spec


def run_job(name: str, spec: Spec, control: Control, run: str = "") -> Iterator[Event]:
    """What a job of `engine.jobs` says. The engine is imported only now, so that what is refused before never waits.

    Args:
        run: what its events bear as their run, where they bear none of their own.
    """
    from workbench.engine import jobs

    for event in jobs.run_job(name, spec, control):
        yield stamped(event, run) if run else event
