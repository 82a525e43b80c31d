"""The main job in the window: the same run as in a terminal, bit for bit; and every way in which a run can end."""

import csv
import os
import signal

import numpy as np
import psutil
import pytest
from PIL import Image

from tests.gui.frame import drop
from tests.gui.main_job import drop_table, losses, press_train, real_window, train_in_terminal
from workbench.project.runs import read_results

COLOURS = {"red": (200, 40, 40), "green": (40, 200, 40), "blue": (40, 40, 200)}


def draw(path, colour, seed):
    noise = np.random.default_rng(seed).integers(0, 50, (36, 40, 3), dtype=np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(noise + np.array(colour, dtype=np.uint8)).save(path)


@pytest.fixture
def sources(tmp_path):
    """A folder of three classes, and a table of two columns on other pictures, some cells empty."""
    for label, colour in COLOURS.items():
        for number in range(8):
            draw(tmp_path / "colours" / label / f"{number}.png", colour, number)
    rows = []
    for number in range(24):
        name = list(COLOURS)[number % 3]
        draw(tmp_path / "more" / "images" / f"{number}.jpg", COLOURS[name], 100 + number)
        rows.append({"id": number, "hue": name, "warm": "" if number % 4 == 0 else str(name == "red")})
    with open(tmp_path / "more" / "labels.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, ["id", "hue", "warm"])
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path / "colours", tmp_path / "more" / "labels.csv"


window = pytest.fixture(real_window)


def test_the_window_and_the_terminal_train_the_same_run(qtbot, window, sources, tmp_path):
    folder, table = sources
    workspace = window.workspace
    assert workspace.create(tmp_path / "project")
    drop(window, folder)
    drop_table(qtbot, window, table, ["hue", "warm"])
    assert [task.name for task in workspace.project.tasks] == ["colours", "hue", "warm"]
    workspace.set_values("backbone", name="squeezenet1_0", weights="none", freeze=0)
    workspace.set_values("recipe", image_size=32, precision="fp32", epochs=2, head_epochs=2)
    run = press_train(qtbot, window, timeout_ms=90000)
    run_dir = workspace.folder / "runs" / run
    here, there = losses(run_dir), losses(train_in_terminal(workspace.folder, "typed", timeout_s=90))
    assert here == there
    assert set(here) == {"colours", "hue", "warm"} and len(here["colours"]) > 4
    np.testing.assert_array_equal(workspace.history.train_loss["hue"].y, np.array(here["hue"], dtype=float))
    assert read_results(run_dir)["tasks"]["warm"]["count"] < read_results(run_dir)["tasks"]["hue"]["count"]


@pytest.fixture
def training(qtbot, window, sources, tmp_path):
    """The window in the middle of a run that goes on until somebody ends it; the process that trains."""
    workspace = window.workspace
    workspace.create(tmp_path / "project")
    drop(window, sources[0])
    workspace.set_values("backbone", name="squeezenet1_0", weights="none")
    workspace.set_values("recipe", preset="full", image_size=32, precision="fp32", epochs=10000, patience=0)
    qtbot.waitUntil(lambda: workspace.checking is None, timeout=30000)
    assert workspace.train()
    qtbot.waitUntil(lambda: len(workspace.history.epochs) >= 2, timeout=60000)
    return psutil.Process(workspace._run._process.pid)


def wait_for_the_end(qtbot, window, child, status):
    workspace = window.workspace
    qtbot.waitUntil(lambda: workspace.run_state == "idle", timeout=15000)
    assert workspace.history.ended.status == status
    assert not child.is_running()


def test_a_stopped_run_leaves_a_model_that_evaluates(qtbot, window, training):
    workspace = window.workspace
    workspace.stop()
    wait_for_the_end(qtbot, window, training, "stopped")
    reply = workspace.model_answers.ask(["evaluate", str(workspace.folder)])
    with qtbot.waitSignal(reply.answered, timeout=60000) as caught:
        pass
    assert caught.args[0]["run"] == workspace.run_name


def test_a_cancelled_run_leaves_no_process_and_can_go_on(qtbot, window, training):
    workspace = window.workspace
    workspace.cancel()
    wait_for_the_end(qtbot, window, training, "interrupted")
    steps = workspace.history.step
    assert workspace.resume(workspace.run_name)
    qtbot.waitUntil(lambda: workspace.history.step > steps, timeout=60000)
    assert list(workspace.history.train_loss["colours"].x) == list(range(1, workspace.history.step + 1))


def test_a_run_whose_process_is_killed_is_said_to_have_died(qtbot, window, training):
    os.kill(training.pid, signal.SIGKILL)
    wait_for_the_end(qtbot, window, training, "interrupted")
    assert "signal 9" in window.workspace.history.failure.error


@pytest.fixture
def others():
    """Processes that the tests before have left to this one, such as Python's own tracker of shared memory."""
    return psutil.Process().children(recursive=True)


def test_closing_the_window_leaves_no_process(others, window, training):
    window.close_without_asking()
    assert [each for each in psutil.Process().children(recursive=True) if each not in others] == []
    assert not training.is_running()
