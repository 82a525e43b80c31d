"""Progress bars and sentences in a terminal, drawn from the same events as the window's curves."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO

from workbench.cli.load_words import LoadWords
from workbench.cli.score_words import first_score, told_apart
from workbench.core.events import (
    Epoch,
    Event,
    Notice,
    PhaseStarted,
    Progress,
    RunEnded,
    RunPaused,
    RunResumed,
    RunStarted,
    Step,
    TaskPaused,
    Trial,
)
from workbench.core.step_times import added, shares, waits_much
from workbench.core.text import count, duration, several

_REDRAW_S = 0.1
_SHORTEST, _LONGEST = 10, 40  # characters of a bar
_PARTS = {"data": "waiting for data", "forward": "forward", "backward": "backward", "rest": "the rest"}
_WAITS = " The device often waited for pictures: a smaller picture size or a faster disk would let it wait less."


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
        self._seconds: list[dict[str, float]] = []
        self._load: LoadWords | None = None

    def show(self, event: Event) -> None:
        """Show one event."""
        match event:
            case Progress():
                self._bar(event.what, event.done, event.total, _pace(event))
            case Notice():
                self._say(f"{'Note' if event.level == 'info' else 'Caution'}: {event.text}")
            case RunStarted():
                self._epochs, self._seconds = event.epochs, []
                self._say(_started(event))
            case RunResumed():
                self._say(f"Going on at epoch {event.epoch}.")
            case PhaseStarted():
                self._phase, self._first_step = event, -1
                epochs, trained = several(event.epochs, "epoch"), count(event.trainable_parameters)
                self._say(f"Phase {event.name}: {epochs}, {trained} parameters train.")
            case RunPaused():
                freed = ", and the memory is free until it goes on" if event.released else ""
                self._say(f"The run is paused{freed}." if event.paused else "The run goes on.")
            case TaskPaused():
                self._say(f"{event.task} is {'paused' if event.paused else 'trained again'}.")
            case Step():
                self._show_step(event)
            case Trial():
                self._show_trial(event)
            case Epoch():
                self._seconds += [event.seconds] if event.seconds else []
                self._say(_epoch(event, self._epochs))
            case RunEnded():
                self._say_times()
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
        pace = _pictures(event.images_per_s)
        self._bar(f"epoch {event.epoch}", event.last - self._first_step, total, pace, self._load_words)

    def _load_words(self) -> str:
        self._load = self._load or LoadWords()
        return str(self._load)

    def _say_times(self) -> None:
        """Where the time of the run's steps went."""
        seconds = added(self._seconds)
        found = shares(seconds)
        if found is None:
            return
        parts = ", ".join(f"{_PARTS[part]} {100 * share:.0f} %" for part, share in found.items())
        self._say(f"Where the time of the steps went: {parts}.{_WAITS if waits_much(seconds) else ''}")
        self._seconds = []

    def _show_trial(self, event: Trial) -> None:
        if event.number != self._trial:
            self._trial = event.number
            self._say(f"Run {event.number} of {event.total}: {event.what}.")
        left = "" if event.remaining_s is None else f"{duration(event.remaining_s)} left"
        self._bar(event.what, round(100 * event.share), 100, left)

    def _bar(self, what: str, done: int, total: int, tail: str, more: Callable[[], str] = str) -> None:
        """Draw the bar, with what `more` says behind it where there is room."""
        now = time.monotonic()
        if not self._draws or (now - self._drawn_at < _REDRAW_S and done < total):
            return
        self._drawn_at = now
        columns = shutil.get_terminal_size().columns - len(what) - 24
        whole = ", ".join(filter(None, (tail, more())))
        tail = whole if columns - len(whole) >= _SHORTEST else tail
        room = max(_SHORTEST, min(_LONGEST, columns - len(tail)))
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
    if not event.epochs:  # made of other runs
        return f"Scoring {tasks} on {event.backbone}, on {event.device} in {event.precision}."
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
    pace = _pictures(event.images_per_s) if event.images_per_s else ""
    left = f"{duration(event.remaining_s)} left" if event.remaining_s > 1 else ""
    begin = f"{'*' if event.best else ' '} epoch {event.epoch}/{total}"
    return "  ".join(filter(None, (begin, " | ".join(parts), pace, left)))


def _pictures(rate: float) -> str:
    return f"{rate:,.0f} pictures/s"
