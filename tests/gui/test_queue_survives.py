"""The queue survives `kill -9` of the window: what ran can be resumed by one click, what waits waits on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.project.lock import running
from workbench.project.queue import add_run, read_queue
from workbench.project.store import ProjectFile

ROOT = Path(__file__).parents[2]

WINDOW = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from workbench.core.events import RunResumed
from workbench.gui.main_window import MainWindow
from workbench.gui.preferences import Preferences
from workbench.gui.session import application
from workbench.gui.workspace import Workspace

app, folder = application(), Path(sys.argv[1])
workspace = Workspace()
window = MainWindow(workspace, Preferences(folder / "settings.ini"))
window.show()
window.projects.open(folder)
window.pages.show_page("train")
page = window.pages.page("train")
resumed = []
workspace.run_advanced.connect(lambda events: resumed.extend(e for e in events if isinstance(e, RunResumed)))

def until(reached):
    loop, timer = QEventLoop(), QTimer(interval=20)
    timer.timeout.connect(lambda: loop.quit() if reached() else None)
    timer.start()
    loop.exec()

def say(**facts):
    print(json.dumps(facts), flush=True)

def waiting():
    shown = page.columns.queue.list
    return [shown.item(row).text() for row in range(shown.count())]
"""

WORK = """
workspace.queue.start()
until(lambda: len(workspace.history.epochs) >= 2 and len(waiting()) == 2)
say(run=workspace.run_name, waiting=waiting())
until(lambda: False)
"""

AFTERWARDS = """
bar = page.outcome.bar
until(lambda: bar.isVisible() and not workspace.queue.elsewhere)
resume = next(button for button in bar._buttons if button.text() == "Resume")
say(told=bar.text(), waiting=waiting(), state=workspace.run_state, going=workspace.queue.going)
resume.click()
until(lambda: resumed and workspace.run_state == "running")
say(run=workspace.run_name, waiting=waiting(), going=workspace.queue.going)
window.close_without_asking()
"""


@pytest.fixture
def open_window(tmp_path):
    """Open a window that does what it is told, and answers in lines."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    windows = []

    def open_window(folder, act):
        command = [sys.executable, "-c", WINDOW + act, str(folder)]
        windows.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment))
        return windows[-1]

    yield open_window
    for window in windows:
        window.kill()
        window.communicate()


def answer(window):
    line = window.stdout.readline()
    assert line, "the window has ended"
    return json.loads(line)


@pytest.mark.timeout(300)  # two windows and three engines begin in it
def test_what_ran_is_resumed_by_one_click_and_the_rest_waits(open_window, endless_project):
    project = ProjectFile.read(endless_project).project
    for name in ("first", "second", "third"):
        add_run(endless_project, project, name)
    window = open_window(endless_project, WORK)
    assert answer(window) == {"run": "001-first", "waiting": ["1  second", "2  third"]}
    window.kill()
    window.wait()

    window = open_window(endless_project, AFTERWARDS)
    found = answer(window)
    assert "nterrupted" in found["told"]
    assert (found["waiting"], found["state"], found["going"]) == (["1  second", "2  third"], "idle", False)
    assert answer(window) == {"run": "001-first", "waiting": ["1  second", "2  third"], "going": True}
    assert window.wait(60) == 0
    assert [run.name for run in read_queue(endless_project).runs] == ["second", "third"]
    assert running(endless_project / "runs") is None
