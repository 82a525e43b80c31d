"""Settings that are changed while a run trains: heard between steps and in pauses, kept, and carried out where the next
epoch begins.

What a phase looks like is a function of its plan and of how many of the changes are in force, so that a run that is
resumed or repeated carries out the same ones at the same epochs.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from workbench.core.changes import CHANGES_FILE, Change, check_change, value_of, with_change
from workbench.core.control import Control
from workbench.core.errors import RequestError
from workbench.core.events import Changed, Event, Notice
from workbench.core.files import write_atomically
from workbench.core.resolved import Resolved
from workbench.engine.training.experiment import Experiment
from workbench.engine.training.phases import Phase, with_rate
from workbench.engine.training.state import State

_NEEDS: dict[str, tuple[Callable[[Phase], bool], str]] = {
    "recipe.augment": (lambda phase: not phase.on_features, "trains on pictures"),
    "backbone.freeze": (lambda phase: phase.trains_stages, "trains stages"),
}
"""What a phase must be like for a setting to mean something in it, and that in words."""


def in_force(work: Experiment, phase: Phase, count: int) -> tuple[Phase, Resolved]:
    """A phase of the plan, and what the run resolved to, under the first `count` of its changes.

    A learning rate holds in phases of the kind in which it was told: of heads, or of stages.
    """
    resolved = work.resolved
    for change in work.changes[:count]:
        resolved = resolved.model_copy(update={"project": with_change(resolved.project, change.set)})
        for key, value in change.set.items():
            if key == "recipe.learning_rate" and _phase_of(work, change).trains_stages == phase.trains_stages:
                phase = with_rate(work.resolved, phase, value)
            elif key == "recipe.augment" and not phase.on_features:
                phase = replace(phase, augment=value)
            elif key == "backbone.freeze" and phase.trains_stages:
                phase = replace(phase, freeze=value)
    return phase, resolved


def hear_changes(work: Experiment, phase: Phase, state: State, epoch: int, control: Control) -> Iterator[Event]:
    """Record what was told since this was last asked, for an epoch that has not begun; it outlives the process.

    Yields:
        A Notice where something cannot be changed, or not yet.
    """
    if not work.team.leads:
        return
    while work.told:
        yield work.told.pop(0)
    for wanted in control.take_changes():
        place = state.changes + sum(change.epoch <= epoch for change in work.changes[state.changes :])
        _, resolved = in_force(work, phase, place)
        settings = yield from _fitting(work, state, resolved, wanted)
        if settings:
            work.changes.insert(place, Change(epoch=epoch, set=settings))
            write_changes(work.run_dir, work.changes)


def keep_told(work: Experiment, phase: Phase, state: State, epoch: int, control: Control) -> None:
    """From now on let what is told in a pause be recorded at once, for an epoch that has not begun.

    What there is to say of it is said when the run goes on.
    """

    def keep() -> None:
        work.told += list(hear_changes(work, phase, state, epoch, control))

    control.keep_changes = keep


def due_changes(work: Experiment, phase: Phase, state: State, control: Control) -> Generator[Event, None, list[Change]]:
    """What changes at the epoch that begins; says each with the old values."""
    number = phase.first_epoch + state.epoch
    yield from hear_changes(work, phase, state, number, control)
    work.changes = work.team.share(lambda: work.changes)
    due = [change for change in work.changes[state.changes :] if change.epoch <= number]
    for place, change in enumerate(due, start=state.changes):
        _, resolved = in_force(work, phase, place)
        before_after = {key: (value_of(resolved.project, key), value) for key, value in change.set.items()}
        yield Changed(settings=before_after, epoch=number, step=state.step)
    return due


def write_changes(run_dir: Path, changes: Iterable[Change]) -> None:
    """Keep what was changed, so that the run can be resumed and repeated."""
    entries = [change.model_dump() for change in changes]
    write_atomically(run_dir / CHANGES_FILE, tomli_w.dumps({"changes": entries}))


def _fitting(
    work: Experiment, state: State, resolved: Resolved, wanted: dict[str, Any]
) -> Generator[Event, None, dict[str, Any]]:
    """The settings of a wish that differ from those in force and mean something in this run."""
    try:
        check_change(resolved.project, wanted)
    except RequestError as error:
        yield Notice(level="warning", text=f"Nothing is changed: {error.text} {error.fix}")
        return {}
    settings = {key: value for key, value in wanted.items() if value != value_of(resolved.project, key)}
    for key in list(settings):
        fits, words = _NEEDS.get(key, (lambda phase: True, ""))
        phase, *later = work.phases[state.phase :]
        if not fits(phase) and not any(fits(each) for each in later):
            yield Notice(level="warning", text=f"{key} is not changed: no phase of this run that is left {words}.")
            del settings[key]
        elif not fits(phase):
            yield Notice(level="info", text=f"{key} holds from the next phase that {words}.")
    return settings


def _phase_of(work: Experiment, change: Change) -> Phase:
    """The phase at whose epoch something was changed."""
    begun = [phase for phase in work.phases if phase.first_epoch <= change.epoch and phase.epochs]
    return begun[-1] if begun else work.phases[0]
