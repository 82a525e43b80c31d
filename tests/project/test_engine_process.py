"""The child: questions, commands, death of either side. It answers `check`, which needs no tensor library."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from workbench.project.engine_process import EngineProcess

PARENT = """
import sys
from workbench.project.engine_process import EngineProcess
child = EngineProcess()
print(child.pid, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def engine():
    process = EngineProcess()
    yield process
    process.end()


def gone(pid, within_s):
    deadline = time.monotonic() + within_s
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_questions_are_answered_one_after_another(engine, picture_project):
    for _ in range(2):
        engine.ask(["check", str(picture_project)])
        events = list(engine.events())
        assert [event.event for event in events[-2:]] == ["result", "run_ended"]
        assert events[-2].document["tasks"]["colour"]["count"] == 12


def test_a_wrong_request_is_an_answer_too(engine, tmp_path):
    engine.ask(["check", str(tmp_path / "nothing")])
    failed, ended = list(engine.events())
    assert "holds no project" in failed.error and ended.status == "failed"
    engine.ask(["nonsense"])
    assert [event.event for event in engine.events()] == ["run_failed", "run_ended"]
    assert engine.alive


def test_a_cancelled_question_ends_at_once(engine, picture_project):
    engine.ask(["check", str(picture_project)])
    engine.command("cancel")
    assert list(engine.events())[-1].event == "run_ended"


def test_a_killed_child_says_how_it_ended(engine, picture_project):
    os.kill(engine.pid, signal.SIGKILL)
    engine.ask(["check", str(picture_project)])
    assert list(engine.events()) == []
    assert "signal 9" in engine.exit_reason()


def test_what_a_child_was_asked_is_withdrawn_until_it_is_heard_to_listen(engine, picture_project):
    engine.ask(["check", str(picture_project)])
    assert not engine.listening and engine.withdraw() and engine.withdrawn
    assert gone(engine.pid, 5)
    engine.ask(["check", str(picture_project)])
    assert list(engine.events()) == []


def test_a_child_that_listens_is_asked_and_told_in_order_and_not_withdrawn(engine, picture_project):
    engine.ask(["check", str(picture_project)])
    events = engine.events()
    next(events)
    assert engine.listening and not engine.withdraw() and engine.alive
    assert list(events)[-1].event == "run_ended"


def test_once_means_once(picture_project):
    process = EngineProcess(once=True)
    process.ask(["check", str(picture_project)])
    list(process.events())
    assert gone(process.pid, 10)
    process.end()


def test_the_child_ends_soon_after_its_parent():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.kill()
    parent.communicate()
    assert gone(child, 4)
