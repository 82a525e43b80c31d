"""Three columns of a real table and a real folder, trained together from the window and from a terminal."""

import pytest

from tests.qt_libraries import ADVICE, MISSING_LIBRARY

if MISSING_LIBRARY:
    pytest.skip(ADVICE, allow_module_level=True)

from tests.gui.frame import drop
from tests.gui.main_job import drop_table, losses, press_train, real_window, train_in_terminal
from tests.real.places import DATA, WEIGHTS, needs_pictures, needs_weights

pytestmark = [needs_pictures, needs_weights, pytest.mark.timeout(400)]
window = pytest.fixture(real_window)


def test_four_tasks_train_together_and_alike(qtbot, window, tmp_path):
    workspace = window.workspace
    assert workspace.create(tmp_path / "project")
    drop_table(qtbot, window, DATA / "fashion" / "labels.csv", ["gender", "masterCategory", "season"])
    drop(window, DATA / "trash")
    assert [task.name for task in workspace.project.tasks] == ["gender", "masterCategory", "season", "trash"]
    assert workspace.project.tasks[0].image == "images/{id}.jpg"
    workspace.set_values("backbone", name="mobilenet_v2", weights=f"file:{WEIGHTS}", freeze=4)
    workspace.set_values("recipe", image_size=32, precision="fp32", epochs=1, head_epochs=3)
    run = press_train(qtbot, window, timeout_ms=300000)
    here = losses(workspace.folder / "runs" / run)
    assert here == losses(train_in_terminal(workspace.folder, "typed", timeout_s=300))
    assert set(here) == {"gender", "masterCategory", "season", "trash"}
    assert workspace.report["tasks"]["season"]["count"] < workspace.report["tasks"]["gender"]["count"]
