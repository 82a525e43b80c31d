import os
import signal

import psutil
import pytest

from workbench.gui.event_pump import EventPump
from workbench.gui.run_thread import RunThread
from workbench.project.engine_process import EngineProcess


@pytest.fixture
def heard(qtbot):
    pump = EventPump()
    events = []
    pump.drained.connect(events.extend)
    pump.start()
    yield pump, events
    pump.stop()


def run(process, argv, pump, qtbot):
    thread = RunThread(process, argv, pump)
    with qtbot.waitSignal(thread.finished, timeout=20000):
        thread.start()
    pump.drain()
    return thread


def test_the_last_event_is_the_end_and_no_process_is_left(heard, qtbot, picture_project):
    pump, events = heard
    process = EngineProcess(once=True)
    run(process, ["check", str(picture_project)], pump, qtbot)
    assert [event.event for event in events[-2:]] == ["result", "run_ended"]
    assert not psutil.pid_exists(process.pid)


def test_a_killed_child_is_said_to_be_killed(heard, qtbot, picture_project):
    pump, events = heard
    process = EngineProcess(once=True)
    os.kill(process.pid, signal.SIGKILL)
    run(process, ["check", str(picture_project)], pump, qtbot)
    failed, ended = events
    assert "signal 9" in failed.error and "resume" in failed.advice.lower()
    assert ended.status == "interrupted"
    assert not psutil.pid_exists(process.pid)


@pytest.mark.parametrize("command", ["cancel", "stop"])
def test_a_run_that_is_ended_while_its_child_imports_ends_at_once_and_has_not_begun(
    heard, qtbot, picture_project, monkeypatch, command
):
    monkeypatch.setattr(EngineProcess, "_say_the_unsaid", lambda self: None)  # it is not heard to listen
    pump, events = heard
    process = EngineProcess(preload=True, once=True)
    thread = RunThread(process, ["train", str(picture_project)], pump)
    with qtbot.waitSignal(thread.finished, timeout=5000):
        thread.start()
        thread.command(command)
    pump.drain()
    (ended,) = events
    assert (ended.event, ended.status) == ("run_ended", "interrupted")
    assert not (picture_project / "runs").exists()
    assert not psutil.pid_exists(process.pid)
