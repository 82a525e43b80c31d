"""How far a run is, for one line that is in sight on every page."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from workbench.project.history import RunHistory
from workbench.project.runs import run_number


@dataclass(frozen=True)
class RunProgress:
    """The line and the share, in [0, 1], of the run that is done; None while that is not known."""

    text: str
    share: float | None


def progress_of(history: RunHistory, run: str, state: str, job: str = "train") -> RunProgress:
    """How far the running job is; `job` is what the workspace calls it."""
    if history.trial is not None:
        return RunProgress(_trial_words(history, run, state), history.trial.share)
    number = run_number(run)
    waiting = {"verdict": _tr("Verdict"), "transfer": _tr("Transfer report")}.get(job, _tr("New run"))
    name = _tr("Run {0:03d}").format(number) if number else waiting
    parts = [name]
    share: float | None = None
    if state == "starting" or not history.phases:
        parts.append(_waiting(history))
        share = _share_waiting(history)
    else:
        epoch, total, share = _place(history)
        parts.append(_tr("epoch {0}/{1}").format(epoch, total))
        if state == "running" and history.epochs and not history.all_paused:
            parts.append(time_left(history.epochs[-1].remaining_s))
    if state == "running" and history.all_paused:
        parts.append(_tr("every task is paused"))
    if state == "paused":
        parts.append(_tr("paused"))
    if state == "stopping":
        parts.append(_tr("ending"))
    return RunProgress(" · ".join(part for part in parts if part), share)


def _trial_words(history: RunHistory, run: str, state: str) -> str:
    assert history.trial is not None
    trial = history.trial
    parts = [run, _tr("run {0}/{1}").format(trial.number, trial.total)]
    if state == "running" and trial.remaining_s is not None:
        parts.append(time_left(trial.remaining_s))
    parts += {"paused": [_tr("paused")], "stopping": [_tr("ending")]}.get(state, [])
    return " · ".join(part for part in parts if part)


def time_left(seconds: float) -> str:
    """A remaining time in words: 40 s left, 2 min left, 1 h 20 min left."""
    if seconds < 60:
        return _tr("{0} s left").format(max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _tr("{0} min left").format(minutes)
    return _tr("{0} h {1} min left").format(minutes // 60, minutes % 60)


def _place(history: RunHistory) -> tuple[int, int, float]:
    """The present epoch, counted from 1, of how many, and the share of the run that is done."""
    phase = history.phases[-1]
    per_epoch = max(1, phase.steps_per_epoch)
    done = max(0, history.step - history.phase_steps[-1])
    within = min(done / per_epoch, float(phase.epochs))
    epoch = phase.first_epoch + min(int(within), max(0, phase.epochs - 1))
    planned = history.started.epochs if history.started else 0
    total = max(planned, phase.first_epoch + phase.epochs - 1)
    return epoch, total, min(1.0, (phase.first_epoch - 1 + within) / max(1, total))


def _waiting(history: RunHistory) -> str:
    waiting = history.waiting
    return waiting.what if waiting and waiting.what else _tr("starting")


def _share_waiting(history: RunHistory) -> float | None:
    waiting = history.waiting
    return waiting.done / waiting.total if waiting and waiting.total else None


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunProgress", text)
