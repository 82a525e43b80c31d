"""Workbench as the terminal runs it: `new`, then `train`, without the score of points on the way back.

Augmentation, checkpoints, validation, results: all else is in the time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.work import Clock, Work
from workbench import cli
from workbench.core.events import Epoch, Event
from workbench.engine import jobs

jobs.preload()


def run(work: Work, clock: Clock) -> None:
    """Make a project and train it."""
    project = str(Path(work.scratch, "project"))
    settings = {
        "epochs": work.epochs,
        "batch_size": work.batch,
        "image_size": work.size,
        "patience": 0,
        "interpolate": "off",
    }
    new = ["new", project, "--task", f"class={work.pictures}", "--backbone", "resnet18", "--weights", "none"]
    new += ["--preset", "probe" if work.mode == "head" else "full"]
    for name, value in settings.items():
        new += ["--set", f"recipe.{name}={value}"]
    _watch(clock)
    with open(os.devnull, "w", encoding="utf-8") as nothing, redirect_stdout(nothing), redirect_stderr(nothing):
        for line in (new, ["train", project]):
            code = cli.main(line)
            if code:
                raise RuntimeError(f"workbench {line[0]} ended with {code}")


def _watch(clock: Clock) -> None:
    """Mark each epoch's event as it passes by."""
    run_job = jobs.run_job

    def watched(*arguments: Any) -> Iterator[Event]:
        for event in run_job(*arguments):
            if isinstance(event, Epoch):
                clock.epoch_done()
            yield event

    jobs.run_job = watched
