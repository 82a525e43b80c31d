"""Every moment of a step belongs to one part, and to no more than one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.engine.training.runs import carry_out, project, two_tasks
from tests.engine.training.test_step_log import Clock as Ticks
from tests.engine.training.test_trainer import batch, trainer
from workbench.core.control import Control
from workbench.core.events import Epoch, Step
from workbench.core.step_times import PARTS
from workbench.engine import device as devices
from workbench.engine.training import keeper
from workbench.engine.training.checkpoints import Checkpoints
from workbench.engine.training.meter import Meter
from workbench.engine.training.step_log import StepLog


class Clock:
    """Goes on by a second whenever it is read, and by hand."""

    def __init__(self, tick: float = 0.0) -> None:
        self.at, self.tick = 0.0, tick

    def now(self) -> float:
        self.at += self.tick
        return self.at

    def seconds(self, first: float, last: float) -> float:
        return last - first


def test_each_part_gets_its_own_time() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.start()
    pictures = iter(["a", "b"])

    def gathered():
        for each in pictures:
            clock.at += 1.0
            yield each
        clock.at += 0.25

    for _ in meter.waiting(gathered()):
        with meter.during("forward"):
            clock.at += 10.0
        clock.at += 100.0
        with meter.during("backward"):
            clock.at += 1000.0
        with meter.during("pause"):
            clock.at += 1e6
            with meter.during("forward"):
                clock.at += 0.5
    assert meter.take() == {"data": 2.25, "forward": 21.0, "backward": 2000.0, "rest": 200.0}
    clock.at += 3.0
    assert meter.take() == {"data": 0.0, "forward": 0.0, "backward": 0.0, "rest": 3.0}


def test_an_error_ends_its_part() -> None:
    clock = Clock()
    meter = Meter(clock)
    meter.start()
    with pytest.raises(ValueError, match="no memory"), meter.during("forward"):
        clock.at += 1.0
        raise ValueError("no memory")
    clock.at += 2.0
    assert meter.take() == {"data": 0.0, "forward": 1.0, "backward": 0.0, "rest": 2.0}


def test_nothing_is_measured_before_the_start_or_without_a_clock() -> None:
    clock = Clock(1.0)
    meter = Meter(clock)
    with meter.during("forward"):
        assert meter.take() is None
    assert clock.at == 0.0
    idle = Meter()
    idle.start()
    assert list(idle.waiting(iter([1, 2]))) == [1, 2] and idle.take() is None


@pytest.mark.parametrize("size", [3, 100])
def test_the_parts_of_a_step_add_up_to_its_time(size: int) -> None:
    made, inputs = trainer(size)
    clock = Clock(1.0)
    made.meter._clock = clock
    made.meter.start()
    began = clock.at
    assert made.step(batch(inputs), 1, Control()) is not None
    seconds = made.meter.take()
    assert seconds is not None and sum(seconds.values()) == clock.at - began
    passes = len(inputs.sizes)
    assert seconds["forward"] == seconds["backward"] == passes and seconds["data"] == 0


def test_a_log_tells_each_line_its_own_time_and_an_epoch_all_of_it() -> None:
    clock, ticks = Clock(), Ticks()
    meter = Meter(clock)
    log = StepLog(["a"], "heads", 1, ticks, meter)
    meter.start()
    lines = []
    for step in (1, 2):
        with meter.during("forward"):
            clock.at += step
            ticks.now += step
        log.add(step, torch.tensor([1.0]), [4], {"a": 1.0}, {}, 6)
        lines += log.flush()
    assert [line.seconds["forward"] for line in lines if line.seconds] == [1.0, 2.0]
    assert log.seconds == {"data": 0.0, "forward": 3.0, "backward": 0.0, "rest": 0.0}
    assert log.images_per_s == 12 / 3


def test_a_run_says_where_its_time_went(tmp_path: Path) -> None:
    events = carry_out(project(two_tasks(tmp_path, 4), preset="probe", epochs=2), tmp_path)
    steps = [event for event in events if isinstance(event, Step)]
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert all(step.seconds is not None and tuple(step.seconds) == PARTS for step in steps)
    for epoch in epochs:
        of_it = [step.seconds for step in steps if step.epoch == epoch.epoch]
        assert epoch.seconds is not None and epoch.images_per_s is not None
        for part, value in epoch.seconds.items():
            assert value == pytest.approx(sum(seconds[part] for seconds in of_it if seconds))
        assert epoch.seconds["forward"] > 0 and epoch.seconds["backward"] > 0
        assert 0 < sum(epoch.seconds.values()) < epoch.elapsed_s


def test_checkpoints_within_an_epoch_and_pauses_are_no_time_of_steps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, written = Clock(1e-6), []
    save = Checkpoints.save

    def slowly(self: Checkpoints, *arguments: Any, **keywords: Any) -> Path:
        clock.at += 1000.0
        written.append(arguments[0])
        return save(self, *arguments, **keywords)

    monkeypatch.setattr(devices, "clock", lambda device: clock)
    monkeypatch.setattr(Checkpoints, "save", slowly)
    monkeypatch.setattr(keeper, "INTERVAL_S", 0.0)
    monkeypatch.setattr(keeper, "_SHARE", 1e9)
    wanted = project(two_tasks(tmp_path, 4), preset="probe", epochs=1, save_every_s=1e-6, batch_size=4)
    events = carry_out(wanted, tmp_path)
    assert written.count("last") > 2
    seconds = [event.seconds for event in events if isinstance(event, Step)]
    assert seconds and all(each is not None and sum(each.values()) < 1.0 for each in seconds)


def test_only_devices_that_can_be_timed_without_waiting_have_a_clock() -> None:
    clock = devices.clock(torch.device("cpu"))
    assert clock is not None
    first = clock.now()
    assert clock.seconds(first, clock.now()) >= 0
    assert devices.clock(torch.device("mps")) is None


def test_a_card_is_timed_in_its_own_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    class Event:
        def __init__(self, enable_timing: bool) -> None:
            assert enable_timing

        def record(self, stream: str) -> None:
            said.append(f"recorded on {stream}")

        def synchronize(self) -> None:
            said.append("waited")

        def elapsed_time(self, last: Event) -> float:
            said.append("read")
            return 1500.0

    monkeypatch.setattr(torch.cuda, "Event", Event)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device: f"the stream of {device}")
    clock = devices.clock(torch.device("cuda:1"))
    assert clock is not None
    first, last = clock.now(), clock.now()
    assert said == ["recorded on the stream of cuda:1"] * 2
    assert clock.seconds(first, last) == 1.5 and said[2:] == ["waited", "read"]
