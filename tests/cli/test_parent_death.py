"""When the window is killed, its training child saves and ends; when the child is killed, the run can be resumed."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from workbench.project.runs import read_run

WINDOW = """
import sys
from workbench.project.engine_process import EngineProcess
child = EngineProcess(preload=True, once=True)
child.ask(["train", sys.argv[1]])
print(child.pid, flush=True)
for event in child.events():
    print(event.event, flush=True)
"""


@pytest.fixture
def window(endless_project):
    """A process that stands for the window, and the child in which it trains, past its first epoch."""
    process = subprocess.Popen([sys.executable, "-c", WINDOW, str(endless_project)], stdout=subprocess.PIPE, text=True)
    child = int(process.stdout.readline())
    epochs = 0
    while epochs < 2:  # the first epoch's checkpoint is on disk once the second has ended
        epochs += process.stdout.readline().strip() == "epoch"
    yield process, child
    process.kill()
    process.communicate()


def seconds_until_gone(pid, at_most):
    begin = time.monotonic()
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() - begin < at_most, "the child is still there"
        time.sleep(0.02)
    return time.monotonic() - begin


def last_line(project_dir):
    return json.loads((project_dir / "runs/001-full/events.jsonl").read_text().splitlines()[-1])


def test_the_child_of_a_killed_window_saves_and_ends(window, endless_project):
    process, child = window
    process.kill()
    seconds_until_gone(child, at_most=10)
    assert (last_line(endless_project)["event"], last_line(endless_project)["status"]) == ("run_ended", "interrupted")
    assert (endless_project / "runs/001-full/checkpoints/last/manifest.json").exists()


def test_a_killed_child_leaves_an_interrupted_run(window, endless_project):
    _, child = window
    os.kill(child, signal.SIGKILL)
    seconds_until_gone(child, at_most=5)
    assert read_run(endless_project, "001-full").status == "interrupted"
    kept = endless_project / "runs/001-full/checkpoints"
    assert any((kept / name / "manifest.json").exists() for name in ("last", "previous"))
