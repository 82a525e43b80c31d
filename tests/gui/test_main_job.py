"""Folders and a table dropped on the window, trained there and in a terminal: the same run, bit for bit."""

import csv

import numpy as np
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
