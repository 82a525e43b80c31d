"""Tasks that are paused while the others train."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torchvision.models import mobilenet_v3_small

from tests.engine.training.runs import carry_out, ended, losses, project, two_tasks, weights
from workbench.core.control import Control
from workbench.core.events import Event, Notice, Progress, RunPaused, RunResumed, Step, TaskPaused
from workbench.core.project import Project
from workbench.engine.training import step_log
from workbench.engine.training.inputs import PixelInputs


@pytest.fixture(autouse=True)
def each_step_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step_log, "INTERVAL_S", 0.0)


@pytest.fixture
def wanted(tmp_path: Path) -> Project:
    """Three steps an epoch: three on features, then three on pixels."""
    return project(two_tasks(tmp_path), {"freeze": 3}, head_epochs=1, epochs=2, patience=0, balancing="pcgrad")


def at(commands: dict[int, Callable[[Control], None]]) -> Callable[[Event, Control], None]:
    """Give commands after these steps."""

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last in commands:
            commands[event.last](control)

    return watch


def shown(events: list[Event], what: str, task: str) -> list[float | None]:
    return [value for event in events if isinstance(event, Step) for value in getattr(event, what)[task]]


@pytest.mark.parametrize("balancing", ["equal", "famo", "pcgrad"])
def test_a_paused_task_shows_its_loss_and_nothing_learns_from_it(tmp_path: Path, balancing: str) -> None:
    wanted = project(
        two_tasks(tmp_path), {"freeze": 3}, head_epochs=0, preset="full", epochs=2, patience=0, balancing=balancing
    )
    watch = at({2: lambda control: control.pause_task("pattern")})
    events = carry_out(wanted, tmp_path, watch=watch)
    assert ended(events).status == "finished"
    changes = [event for event in events if isinstance(event, TaskPaused)]
    assert [(event.task, event.paused, event.step) for event in changes] == [("pattern", True, 2)]
    assert all(value is not None for value in shown(events, "losses", "pattern"))
    assert [value is None for value in shown(events, "weights", "pattern")] == [False, False, True, True, True, True]
    assert None not in shown(events, "weights", "colour")


def test_the_head_of_a_paused_task_does_not_move(tmp_path: Path) -> None:
    wanted = project(two_tasks(tmp_path), {"freeze": 3}, preset="full", epochs=2, patience=0, weight_decay=0.5)
    whole = carry_out(wanted, tmp_path, "short", watch=at({2: lambda control: control.cancel()}))
    assert ended(whole).status == "interrupted"

    def paused(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == 2:
            control.pause_task("pattern")

    carry_out(wanted, tmp_path, "paused", watch=paused)
    before, after = weights(tmp_path, "last", "short"), weights(tmp_path, "last", "paused")
    own = [name for name in before if "task pattern" in name]
    others = [name for name in before if ("task colour" in name and "bias" in name) or "layer4.1.conv2" in name]
    assert own and others
    assert all(torch.equal(before[name], after[name]) for name in own)
    assert not any(torch.equal(before[name], after[name]) for name in others)


def test_a_task_trains_again_and_a_name_of_none_is_told(tmp_path: Path, wanted: Project) -> None:
    def both(control: Control) -> None:
        control.pause_task("colour")
        control.pause_task("colours")

    events = carry_out(wanted, tmp_path, watch=at({1: both, 4: lambda control: control.resume_task("colour")}))
    changes = [(event.task, event.paused, event.step) for event in events if isinstance(event, TaskPaused)]
    assert changes == [("colour", True, 1), ("colour", False, 4)]
    notices = [event.text for event in events if isinstance(event, Notice) and "cannot be paused" in event.text]
    assert notices == ["There is no task colours in this run, so it cannot be paused."]


def test_a_pause_outlives_a_resumption_bit_for_bit(tmp_path: Path, wanted: Project) -> None:
    pause = {2: lambda control: control.pause_task("pattern")}
    whole = carry_out(wanted, tmp_path, "whole", watch=at(pause))
    broken = carry_out(wanted, tmp_path, "broken", watch=at({**pause, 5: lambda control: control.cancel()}))
    rest = carry_out(wanted, tmp_path, "broken", resume=True)
    place = next(index for index, event in enumerate(rest) if isinstance(event, RunResumed))
    again = rest[place + 1]
    assert isinstance(again, TaskPaused) and (again.task, again.paused, again.step) == ("pattern", True, 2)
    assert {**losses(broken), **losses(rest)} == losses(whole)
    one, other = weights(tmp_path, "last", "whole"), weights(tmp_path, "last", "broken")
    assert all(torch.equal(other[name], value) for name, value in one.items())


def test_a_run_whose_tasks_are_all_paused_rests(tmp_path: Path, wanted: Project) -> None:
    timers: list[threading.Timer] = []
    said: list[Event] = []

    def watch(event: Event, control: Control) -> None:
        said.append(event)
        if isinstance(event, Step) and event.last == 2:
            control.pause_task("colour")
            control.pause_task("pattern")
        if isinstance(event, TaskPaused) and event.task == "pattern" and event.paused:
            assert not [each for each in said if isinstance(each, Step) and each.last > 2]
            timers.append(threading.Timer(0.3, control.resume_task, ["pattern"]))
            timers[0].start()

    events = carry_out(wanted, tmp_path, watch=watch)
    changes = [(event.task, event.paused, event.step) for event in events if isinstance(event, TaskPaused)]
    assert changes == [("colour", True, 2), ("pattern", True, 2), ("pattern", False, 2)]
    assert ended(events).status == "finished" and timers


def test_a_stop_ends_the_rest_of_a_run_whose_tasks_are_all_paused(tmp_path: Path, wanted: Project) -> None:
    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.last == 2:
            control.pause_task("colour")
            control.pause_task("pattern")
        if isinstance(event, TaskPaused) and event.task == "pattern":
            threading.Timer(0.1, control.stop).start()

    assert ended(carry_out(wanted, tmp_path, watch=watch)).status == "stopped"


@pytest.mark.parametrize("sampling", ["equal", "temperature"])
def test_drawing_from_unequal_tasks_can_be_resumed_bit_for_bit(tmp_path: Path, sampling: str) -> None:
    wanted = project(two_tasks(tmp_path), {"freeze": 3}, head_epochs=1, epochs=2, patience=0, sampling=sampling)
    whole = carry_out(wanted, tmp_path, "whole")
    broken = carry_out(wanted, tmp_path, "broken", watch=at({5: lambda control: control.cancel()}))
    rest = carry_out(wanted, tmp_path, "broken", resume=True)
    assert {**losses(broken), **losses(rest)} == losses(whole) and ended(rest).status == "finished"
    one, other = weights(tmp_path, "last", "whole"), weights(tmp_path, "last", "broken")
    assert all(torch.equal(other[name], value) for name, value in one.items())


@pytest.mark.parametrize(
    ("what", "head_epochs"),
    [("computing features", 1), ("keeping", 1), ("scoring the way back at 25%", 0), ("scoring the test part", 1)],
)
def test_a_pause_between_steps_is_said_and_no_time_that_the_run_has_worked(
    tmp_path: Path, what: str, head_epochs: int
) -> None:
    torch.manual_seed(0)
    torch.save(mobilenet_v3_small().state_dict(), tmp_path / "weights.pt")
    backbone = {"freeze": 4, "weights": f"file:{tmp_path / 'weights.pt'}"}
    wanted = project(two_tasks(tmp_path), backbone, head_epochs=head_epochs, epochs=2, cached_views=1)
    wanted = wanted.model_copy(update={"split": wanted.split.model_copy(update={"test": 0.2})})
    slept = threading.Event()

    def watch(event: Event, control: Control) -> None:
        if isinstance(event, Progress) and event.what.startswith(what) and event.done and not slept.is_set():
            slept.set()
            control.pause()
            control.pause_task("pattern")
            threading.Timer(1.0, control.resume_task, ["pattern"]).start()
            threading.Timer(1.5, control.resume).start()

    begin = time.perf_counter()
    events = carry_out(wanted, tmp_path, watch=watch)
    taken_s = time.perf_counter() - begin
    assert [event.paused for event in events if isinstance(event, RunPaused)] == [True, False]
    assert ended(events).status == "finished" and ended(events).elapsed_s < taken_s - 1.4


def test_a_pause_in_a_validation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = PixelInputs.answers

    def told(self: PixelInputs, x: torch.Tensor) -> dict[str, torch.Tensor]:
        controls[0].pause()
        threading.Timer(0.3, controls[0].resume).start()
        monkeypatch.setattr(PixelInputs, "answers", original)
        return original(self, x)

    controls: list[Control] = []

    def watch(event: Event, control: Control) -> None:
        if not controls:
            controls.append(control)
            monkeypatch.setattr(PixelInputs, "answers", told)

    events = carry_out(project(two_tasks(tmp_path), preset="full", epochs=1), tmp_path, watch=watch)
    paused = [event for event in events if isinstance(event, RunPaused)]
    assert [(event.paused, event.step) for event in paused] == [(True, 3), (False, 3)]
    kinds = [event.event for event in events]
    assert kinds.index("run_paused") < kinds.index("epoch")
