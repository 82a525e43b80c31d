"""A transfer report from the window with a real engine child: it holds the lock, is in sight, and is stopped."""

from __future__ import annotations

import pytest

from tests.engine.training.runs import project, two_tasks
from workbench.core.project import Project
from workbench.gui.pages.tools.page import ToolsPage
from workbench.gui.workspace import Workspace
from workbench.project.lock import running
from workbench.project.runs import runs_dir
from workbench.project.store import ProjectFile


@pytest.fixture
def workspace(qapp):
    made = Workspace()
    yield made
    made.close()


def test_a_report_is_started_watched_and_stopped(workspace, qtbot, tmp_path):
    backbone = {"name": "mobilenet_v3_small", "weights": "starter"}
    recipe = {"preset": "balanced", "head_epochs": 1, "epochs": 3}
    asked = project(two_tasks(tmp_path, each=6)[:1], backbone, **recipe)
    asked = Project.model_validate({**asked.written(), "split": {"validation": 0.4}})
    folder = ProjectFile.create(tmp_path / "project", asked).folder
    page = ToolsPage(workspace)
    qtbot.addWidget(page)
    holders = set()
    workspace.run_advanced.connect(lambda _: holders.add(running(runs_dir(folder))))
    assert workspace.open(folder)
    qtbot.waitUntil(lambda: workspace.checking is None, timeout=30_000)
    page.show()
    page.show_tool("transfer_report")
    panel = page.panel("transfer_report")
    panel.setup.pictures.setCurrentIndex(2)
    panel.setup.start.click()
    assert workspace.run_state == "starting" and workspace.job == "transfer"
    assert panel.progress.isVisible() and not panel.setup.isVisible()

    qtbot.waitUntil(lambda: workspace.history.trial is not None, timeout=60_000)
    panel.progress.stop.click()
    qtbot.waitUntil(lambda: workspace.run_state == "idle", timeout=30_000)
    qtbot.waitUntil(panel.setup.isVisible)
    assert "Transfer report 001" in holders and not panel.problem.isVisible()
    assert not panel.finished and not workspace.runs()
