"""How far a run is and how long it will take, from its history; numbers and words without widgets."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.gui.numbers import count, duration
from workbench.project.history import RunHistory


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrainPace", text)


@dataclass(frozen=True)
class Fact:
    """A number with its name, as the header shows it; `help` is its tooltip."""

    value: str
    name: str
    help: str = ""


def epochs_done(history: RunHistory) -> float | None:
    """Epochs done, counted through the run, with the share of the present one; None before the first phase."""
    if not history.phases:
        return None
    phase, before = history.phases[-1], history.phase_steps[-1]
    return phase.first_epoch - 1 + (history.step - before) / max(1, phase.steps_per_epoch)


def headline(history: RunHistory, state: str) -> str:
    """What the run is doing: Reading pictures 120 of 240, or Phase “heads” · epoch 4 of 16."""
    if state == "stopping":
        return _tr("Ending, saving what there is")
    if history.trial is not None:
        trial = history.trial
        return _tr("Run {0} of {1}: {2}").format(trial.number, trial.total, trial.what)
    waiting = history.waiting
    if waiting is not None:
        return progress_words(waiting.what, waiting.done, waiting.total)
    if not history.phases:
        return _tr("Starting")
    done, total = epochs_done(history) or 0.0, history.started.epochs if history.started else 0
    epoch = _tr("epoch {0} of {1}").format(min(int(done) + 1, max(total, 1)), total)
    words = [_tr("Paused")] if state == "paused" else [_tr("Every task is paused")] if history.all_paused else []
    words += [phase_words(history.phases[-1].name), epoch]
    return " · ".join(words)


def progress_words(what: str, done: int, total: int) -> str:
    """Reading pictures 120 of 240."""
    begun = what[:1].upper() + what[1:]
    return _tr("{0} {1} of {2}").format(begun, count(done), count(total)) if total else begun


def phase_words(name: str) -> str:
    """A phase's name as a title."""
    return name[:1].upper() + name[1:]


def epochs_since_best(history: RunHistory) -> int | None:
    """How many epochs have ended since the best one; None without a validation score, and where it chooses nothing."""
    if history.best is None or not history.epochs or history.epochs[-1].score is None or history.keeps_last:
        return None
    return history.epochs[-1].epoch - history.best.epoch


def pictures_per_s(history: RunHistory, live: bool) -> float | None:
    """How fast a run trains now, or how fast its last epoch went."""
    if live:
        return history.images_per_s
    return history.epochs[-1].images_per_s if history.epochs else None


def facts(history: RunHistory, elapsed_s: float, remaining_s: float | None) -> list[Fact]:
    """The numbers of the header."""
    pace = pictures_per_s(history, live=history.ended is None)
    rate = count(round(pace)) if pace else "–"
    left = duration(remaining_s) if remaining_s is not None else "–"
    since = epochs_since_best(history)
    waited = _tr("Epochs since the best validation score; a phase ends early when its patience is used up")
    return [
        Fact(rate, _tr("pictures/s")),
        Fact(duration(elapsed_s), _tr("elapsed")),
        Fact(left, _tr("left"), _tr("Estimated from the epochs so far; shorter where a phase ends early")),
        Fact("–" if since is None else str(since), _tr("since best"), waited),
    ]
