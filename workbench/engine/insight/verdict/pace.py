"""How far a verdict is: the share of its work that is done, and the time that is left."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from workbench.core.events import Epoch, Event, PhaseStarted, RunStarted, Step, Trial
from workbench.engine.insight.verdict.trials import Done, TrialRun

Like = tuple[tuple[str, ...], str, float]
"""What `TrialRun.like` gives."""
_INTERVAL_S = 0.1


class Pace:
    """Follows the runs.

    Args:
        runs: all of them in their order.
        pictures: training pictures of each, by what the run is like; a run's work is reckoned by them.
        work: what each takes beside the others, in any unit, where pictures alone do not say so.
    """

    def __init__(
        self, runs: Sequence[TrialRun], pictures: Mapping[Like, int], work: Mapping[Like, float] | None = None
    ) -> None:
        self._runs = list(runs)
        self._pictures = pictures
        self._works = pictures if work is None else work
        self._seconds: dict[Like, float] = {}
        self._begin = time.monotonic()
        self._told_s = 0.0
        self._place = 0
        self._share = 0.0
        self._run_elapsed_s = 0.0
        self._run_left_s: float | None = None
        self._epochs = self._steps_per_epoch = 1
        self._last_step = 0

    @property
    def elapsed_s(self) -> float:
        """Seconds since the job began to train."""
        return time.monotonic() - self._begin

    def pictures(self, run: TrialRun) -> int:
        """The training pictures of a run."""
        return self._pictures[run.like]

    def begin(self, place: int) -> Trial:
        """The run at a place starts."""
        self._place, self._share, self._run_left_s, self._last_step = place, 0.0, None, 0
        self._run_elapsed_s = 0.0
        return self._event()

    def end(self, place: int, done: Done) -> None:
        """The run at a place has finished, now or before this job began."""
        self._seconds[self._runs[place].like] = done.elapsed_s

    def take(self, event: Event) -> Trial | None:
        """Take in what the run says; how far the verdict is, where it is time to say so."""
        match event:
            case RunStarted():
                self._epochs = max(1, event.epochs)
            case PhaseStarted():
                self._steps_per_epoch = max(1, event.steps_per_epoch)
                self._share = (event.first_epoch - 1) / self._epochs
            case Step():
                within = (event.last - self._last_step) / self._steps_per_epoch
                self._share = (event.epoch - 1 + min(1.0, within)) / self._epochs
            case Epoch():
                self._last_step = event.step
                self._share = event.epoch / self._epochs
                self._run_elapsed_s, self._run_left_s = event.elapsed_s, event.remaining_s
        now = time.monotonic()
        if now - self._told_s < _INTERVAL_S:
            return None
        self._told_s = now
        return self._event()

    def _event(self) -> Trial:
        run = self._runs[self._place]
        return Trial(
            what=run.title,
            tasks=list(run.tasks),
            seed=run.seed,
            number=self._place + 1,
            total=len(self._runs),
            share=self._done(),
            elapsed_s=self.elapsed_s,
            remaining_s=self._left(),
        )

    def _work(self, run: TrialRun) -> float:
        return max(1.0, self._works[run.like])

    def _done(self) -> float:
        before = sum(self._work(run) for run in self._runs[: self._place])
        now = min(1.0, self._share) * self._work(self._runs[self._place])
        return (before + now) / sum(map(self._work, self._runs))

    def _left(self) -> float | None:
        """Seconds to the end: runs like one that is done take as long, others as long for their work as those done."""
        run = self._runs[self._place]
        seconds = dict(self._seconds)
        if self._run_left_s is not None:
            seconds.setdefault(run.like, self._run_elapsed_s + self._run_left_s)
        if not seconds:
            return None
        rate = sum(seconds.values()) / sum(max(1.0, self._works[like]) for like in seconds)

        def length(other: TrialRun) -> float:
            return seconds.get(other.like, rate * self._work(other))

        own = self._run_left_s if self._run_left_s is not None else length(run) * (1 - self._share)
        return own + sum(length(other) for other in self._runs[self._place + 1 :])
