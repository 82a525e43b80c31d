from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace
from typing import Any, NamedTuple

import psutil
import pytest

from tests.project.nvml import Driver, with_driver
from workbench.project import load
from workbench.project.load import MachineLoad


class Times(NamedTuple):
    user: float
    system: float
    idle: float
    iowait: float
    guest: float


class Processes:
    """Processes that have worked for some seconds; `ended` ones are gone."""

    def __init__(self, seconds: dict[int, float]) -> None:
        self.seconds = seconds
        self.ended: set[int] = set()

    def process(self, pid: int) -> Any:
        if pid not in self.seconds or pid in self.ended:
            raise psutil.NoSuchProcess(pid)
        return _Process(self, pid)


class _Process:
    def __init__(self, all_of_them: Processes, pid: int) -> None:
        self.all, self.pid = all_of_them, pid

    def children(self, recursive: bool) -> list[_Process]:
        return [_Process(self.all, pid) for pid in self.all.seconds if pid != self.pid] if recursive else []

    def create_time(self) -> float:
        return 1.0

    def cpu_times(self) -> SimpleNamespace:
        if self.pid in self.all.ended:
            raise psutil.NoSuchProcess(self.pid)
        return SimpleNamespace(user=self.all.seconds[self.pid], system=0.0)

    def memory_info(self) -> SimpleNamespace:
        return SimpleNamespace(rss=100 * self.pid, shared=10 * self.pid)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Four cores, whose times and whose clock are set by hand; no card."""
    now = SimpleNamespace(at=0.0, times=Times(0, 0, 0, 0, 0))
    monkeypatch.setattr(load.time, "monotonic", lambda: now.at)
    monkeypatch.setattr(psutil, "cpu_times", lambda: now.times)
    monkeypatch.setattr(psutil, "cpu_count", lambda: 4)
    with_driver(monkeypatch, Driver(there=False))
    return now


def test_shares_are_of_the_time_since_the_last_sample(clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Processes({5: 100.0, 6: 20.0})
    monkeypatch.setattr(psutil, "Process", run.process)
    machine = MachineLoad()
    first = machine.sample(5)
    assert first.cpu is None and first.own_cpu is None and first.own_bytes == 11 * 90
    clock.at, clock.times = 2.0, Times(5.0, 1.0, 1.5, 0.5, 3.0)
    run.seconds = {5: 103.0, 6: 21.0, 7: 50.0}
    second = machine.sample(5)
    assert second.cpu == 6 / 8 and second.own_cpu == 4 / 2 / 4
    assert second.cards == () and 0 < second.free_bytes <= second.total_bytes


def test_processes_that_end_are_left_out(clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Processes({5: 100.0, 6: 20.0})
    monkeypatch.setattr(psutil, "Process", run.process)
    machine = MachineLoad()
    machine.sample(5)
    clock.at, run.ended = 1.0, {6}
    assert machine.sample(5).own_cpu == 0.0
    run.ended = {5, 6}
    gone = machine.sample(5)
    assert gone.own_cpu is None and gone.own_bytes is None
    assert machine.sample().own_bytes is None


def test_the_hottest_part_of_the_processor_counts_and_no_sensor_is_no_error(
    clock: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = SimpleNamespace
    sensors = {"nvme": [core(current=90.0)], "k10temp": [core(current=48.0), core(current=52.5), core(current=None)]}
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: sensors, raising=False)
    assert MachineLoad().sample().celsius == 52.5
    monkeypatch.setattr(psutil, "sensors_temperatures", dict)
    assert MachineLoad().sample().celsius is None
    monkeypatch.delattr(psutil, "sensors_temperatures")
    assert MachineLoad().sample().celsius is None


def test_a_child_of_the_run_counts_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"name": "One", "held": {}}
    driver = with_driver(monkeypatch, Driver(held))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        held["held"] = {child.pid: 1000, 1: 5000}
        machine = MachineLoad()
        load_now = machine.sample(os.getpid())
        assert load_now.cards[0].own_bytes == 1000 and load_now.own_bytes and load_now.own_bytes > 1_000_000
        child.communicate(b"\n")
    machine.close()
    assert driver.opened == 0


def test_this_very_computer_is_told_without_torch_or_qt() -> None:
    found = subprocess.run(
        [sys.executable, "-c", "import sys, workbench.project.load as l; m = l.MachineLoad(); m.sample(); m.close();"
         " print('torch' in sys.modules, 'PySide6' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.split() == ["False", "False"]
