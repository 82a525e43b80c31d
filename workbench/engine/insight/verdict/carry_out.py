"""Runs of a job that makes several, one after another: those that are done already are not done again."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence

from workbench.core.control import Control, Interruptible
from workbench.core.events import Epoch, Event, RunEnded, RunFailed, stamped
from workbench.core.specs import TrainSpec
from workbench.engine.insight.verdict.pace import Pace
from workbench.engine.insight.verdict.trials import Done, TrialRun, TrialsFolder
from workbench.engine.training.job import train

SpecOf = Callable[[TrialRun], TrainSpec]


def carry_out(
    folder: TrialsFolder, runs: Sequence[TrialRun], spec_of: SpecOf, pace: Pace, control: Control
) -> Generator[Event, None, str]:
    """Do the runs that are not done; "finished", "interrupted" or "failed".

    Yields:
        What the runs say, under the names of their folders, and how far all is (Trial).
    """
    for place, run in enumerate(runs):
        done = folder.done(run)
        if done is None:
            yield pace.begin(place)
            status = yield from _one(folder, run, spec_of(run), pace, control)
            if status != "finished":
                return status
            done = folder.done(run)
        if done is not None:
            pace.end(place, done)
    return "finished"


def _one(
    folder: TrialsFolder, run: TrialRun, spec: TrainSpec, pace: Pace, control: Control
) -> Generator[Event, None, str]:
    folder.run_dir(run).mkdir(exist_ok=True)
    epochs, failure, ended = 0, None, None
    for event in train(spec, Interruptible(control)):
        if isinstance(event, RunEnded):
            ended = event
        elif isinstance(event, Epoch):
            epochs = event.epoch
            folder.note_epoch(run, event)
        elif isinstance(event, RunFailed):
            failure = event
        yield stamped(event, run.name)
        told = pace.take(event)
        if told is not None:
            yield told
    if failure is not None:
        said = f"The run {run.title} failed: {failure.error}"
        yield failure.model_copy(update={"error": said, "run": "", "time": ""})
    if ended is None or ended.status != "finished":
        return "interrupted" if ended is None else ended.status
    folder.finish(run, Done(ended.elapsed_s, epochs, pace.pictures(run)))
    return "finished"
