"""Progress bars and sentences in a terminal, drawn from the same events as the window's curves."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

from workbench.cli.score_words import first_score, told_apart
from workbench.core.events import (
    Epoch,
    Event,
    Notice,
    PhaseStarted,
    Progress,
    RunEnded,
    RunResumed,
    RunStarted,
    Step,
    TaskPaused,
    Trial,
)
from workbench.core.text import count, duration

_REDRAW_S = 0.1


class Terminal:
    """Draws one bar on `bars` (only where it is a terminal) and writes sentences to `lines`."""

    def __init__(self, bars: TextIO, lines: TextIO) -> None:
        self._bars = bars
        self._lines = lines
        self._draws = bars.isatty()
        self._drawn_at = 0.0
        self._phase: PhaseStarted | None = None
        self._first_step = 0
        self._epochs = 0
        self._trial = 0

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case Progress():
                self._bar(event.what, event.done, event.total, _pace(event))
            case Notice():
                self._say(f"{'Note' if event.level == 'info' else 'Caution'}: {event.text}")
            case RunStarted():
                self._epochs = event.epochs
                self._say(_started(event))
            case RunResumed():
                self._say(f"Going on at epoch {event.epoch}.")
            case PhaseStarted():
                self._phase, self._first_step = event, -1
                self._say(
                    f"Phase {event.name}: {event.epochs} epochs, {count(event.trainable_parameters)} parameters train."
                )
            case TaskPaused():
                self._say(f"{event.task} is {'paused' if event.paused else 'trained again'}.")
            case Step():
                self._show_step(event)
            case Trial():
                self._show_trial(event)
            case Epoch():
                self._say(_epoch(event, self._epochs))
            case RunEnded():
                if event.status in ("stopped", "interrupted"):
                    self._say(f"The run was {event.status} after {duration(event.elapsed_s)}.")
            case _:
                pass

    def clear(self) -> None:
        """Remove the bar."""
        if self._draws:
            self._bars.write("\r\x1b[K")
            self._bars.flush()

    def _show_step(self, event: Step) -> None:
        if self._phase is None:
            return
        if self._first_step < 0:
            self._first_step = event.first - 1 - (event.epoch - self._phase.first_epoch) * self._phase.steps_per_epoch
        total = self._phase.epochs * self._phase.steps_per_epoch
        tail = f"{event.images_per_s:,.0f} pictures/s"
        self._bar(f"epoch {event.epoch}", event.last - self._first_step, total, tail)

    def _show_trial(self, event: Trial) -> None:
        if event.number != self._trial:
            self._trial = event.number
            self._say(f"Run {event.number} of {event.total}: {event.what}.")
        left = "" if event.remaining_s is None else f"{duration(event.remaining_s)} left"
        self._bar(event.what, round(100 * event.share), 100, left)

    def _bar(self, what: str, done: int, total: int, tail: str) -> None:
        now = time.monotonic()
        if not self._draws or (now - self._drawn_at < _REDRAW_S and done < total):
            return
        self._drawn_at = now
        room = max(10, min(40, shutil.get_terminal_size().columns - len(what) - len(tail) - 24))
        filled = round(room * min(1.0, done / total)) if total else 0
        self._bars.write(f"\r\x1b[K{what}  {'█' * filled}{'·' * (room - filled)}  {done:,} of {total:,}  {tail}")
        self._bars.flush()

    def _say(self, text: str) -> None:
        self.clear()
        print(text, file=self._lines, flush=True)


def _pace(event: Progress) -> str:
    rate = "" if event.bytes_per_s is None else f"{event.bytes_per_s / 1e6:.1f} MB/s"
    left = "" if event.remaining_s is None else f"{duration(event.remaining_s)} left"
    return ", ".join(filter(None, (rate, left)))


def _started(event: RunStarted) -> str:
    tasks = ", ".join(f"{name} ({told_apart(task.kind, len(task.classes))})" for name, task in event.tasks.items())
    frozen = sum(stage.frozen for stage in event.stages)
    return (
        f"Training {tasks} on {event.backbone}: {frozen} of {len(event.stages)} stages frozen, "
        f"{count(event.trainable_parameters)} of {count(event.total_parameters)} parameters train, "
        f"on {event.device} in {event.precision}, {event.batch_size} pictures a step."
    )


def _epoch(event: Epoch, total: int) -> str:
    parts = []
    for task, train in event.train.items():
        values = [] if train.get("loss") is None else [f"loss {train['loss']:.3f}"]
        validation = event.validation.get(task, {})
        if validation.get("loss") is not None:
            values.append(f"validation {validation['loss']:.3f}")
        values += first_score(validation)
        parts.append(f"{task}: " + ", ".join(values))
    left = f"  {duration(event.remaining_s)} left" if event.remaining_s > 1 else ""
    return f"{'*' if event.best else ' '} epoch {event.epoch}/{total}  " + " | ".join(parts) + left
